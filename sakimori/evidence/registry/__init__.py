"""Windows registry hives: keys, values, and what they tell."""

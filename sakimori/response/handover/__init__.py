"""Who opened a case, what it was when it was signed, and what changed since."""

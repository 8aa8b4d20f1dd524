"""Rules and indicators as one signed, dated file that is imported without a network; data, never code."""

"""Synthetic evidence of a firm that does not exist: `write_scenario` in `generate`."""

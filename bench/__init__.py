"""Measurements of a whole hunt against a baseline, in one run; figures stand in RESULTS.md with commands."""

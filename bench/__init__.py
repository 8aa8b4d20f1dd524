"""Measurements of a whole hunt against a baseline, in one run; figures go to RESULTS.md by hand, with their command."""

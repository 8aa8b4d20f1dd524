"""Audits of what a house says of itself against what its logs show."""

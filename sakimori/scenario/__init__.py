"""Synthetic evidence of a crypto exchange that does not exist, in the formats real evidence has."""

from sakimori.scenario.generate import write_scenario
from sakimori.scenario.summary import Summary, described

__all__ = ["Summary", "described", "write_scenario"]

"""Techniques near an intruder's goal, and how much each adds to a rank."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from sakimori.knowledge.stages import attack


@dataclass(frozen=True, slots=True)
class Goal:
    """How dear it is, and the techniques (with their sub-techniques) or tactics that speak of it."""

    points: float
    techniques: tuple[str, ...] = ()
    tactics: tuple[str, ...] = ()


# What cannot be undone weighs most: money and data that left, systems destroyed, then keys, then traces.
GOALS = {
    "theft_or_forgery": Goal(8.0, ("T1657", "T1565")),
    "destruction": Goal(7.0, ("T1485", "T1486", "T1490", "T1495", "T1529", "T1531", "T1561")),
    "exfiltration": Goal(6.0, tactics=("exfiltration",)),
    "credentials": Goal(
        4.0, ("T1003", "T1528", "T1539", "T1552", "T1555", "T1558", "T1056", "T1649", "T1606")
    ),
    "traces_removed": Goal(4.0, ("T1070.001", "T1070.002", "T1685.005", "T1685.006")),
    "collection": Goal(2.0, ("T1560", "T1074", "T1005", "T1039", "T1114", "T1115", "T1213")),
}


def goals_of(techniques: Iterable[str]) -> tuple[str, ...]:
    """The goals that techniques speak of, the dearest first."""
    return tuple(goal for goal in GOALS if any(_speaks(technique.upper(), goal) for technique in techniques))


@cache
def _speaks(technique: str, goal: str) -> bool:
    named = GOALS[goal]
    return (
        technique in named.techniques
        or technique.partition(".")[0] in named.techniques
        or any(tactic in named.tactics for tactic in attack().aims(technique))
    )

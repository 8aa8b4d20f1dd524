"""Which comparisons held together on how many records: what a segment keeps so that silence can be explained.

The kernel collapses records to sets of true atoms anyway; counting them costs nothing to speak of, and the
evidence need not be read again to say what kept a rule silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

Key = tuple[str, tuple[tuple[str, str], ...]]
"""A stream: its log's name, and the columns that hold one value in all its records."""
Tallies = Mapping[Key, Mapping[frozenset[int], int]]
"""Of each stream, the sets of atoms that held (by their numbers in its plan), and on how many records."""


def to_json(tallies: Tallies) -> list[dict[str, Any]]:
    """The tallies as JSON-able values, sorted; `merged` gives them back."""
    return [
        {
            "log": log,
            "constants": [list(pair) for pair in constants],
            "sets": sorted([rows, sorted(atoms)] for atoms, rows in sets.items()),
        }
        for (log, constants), sets in sorted(tallies.items())
    ]


def merged(segments: Iterable[Iterable[Mapping[str, Any]]]) -> Tallies:
    """The tallies of many segments as one."""
    found: dict[Key, Counter[frozenset[int]]] = {}
    for segment in segments:
        for stream in segment:
            key = (stream["log"], tuple((name, value) for name, value in stream["constants"]))
            sets = found.setdefault(key, Counter())
            for rows, atoms in stream["sets"]:
                sets[frozenset(atoms)] += rows
    return found

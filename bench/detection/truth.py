"""What really happened in a scenario, by place, whatever part of its evidence is left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Where = tuple[str, int]
"""A record: file inside the evidence, number from 1."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The attack's records with the step each belongs to, and how much ordinary life there was beside it."""

    steps: Mapping[Where, int]
    host_days: int
    variant: str

    def moved(self, places: Mapping[Where, Where]) -> Truth:
        """The same truth of evidence in which only these records are left, at new places."""
        left = {places[at]: step for at, step in self.steps.items() if at in places}
        return Truth(left, self.host_days, self.variant)

    def without(self, folders: frozenset[str]) -> Truth:
        """The same truth of evidence from which these folders are gone."""
        left = {at: step for at, step in self.steps.items() if at[0].split("/")[0] not in folders}
        return Truth(left, self.host_days, self.variant)


def read_truth(file: Path) -> Truth:
    """The truth of a scenario, from its truth.json."""
    told = json.loads(file.read_text(encoding="utf-8"))
    asked = told["parameters"]
    seats = asked["hosts"] + (asked.get("people", 0) if asked["kind"] == "cloud" else 0)
    return Truth(
        {(row["file"], row["record"]): row["step"] for row in told["attack"]},
        seats * asked["days"],
        (told.get("incident") or {}).get("variant", ""),
    )

"""What really happened: which records are the intrusion, which are look-alikes, and the published basis."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TWIN_PLACES = 20


@dataclass(slots=True)
class Step:
    """One step of the intrusion."""

    number: int
    stage: str
    techniques: tuple[str, ...]
    host: str
    description: str


@dataclass(slots=True)
class Truth:
    """Collects places as they are written. Tags 1 and up are steps, below 0 benign twins."""

    parameters: dict[str, Any]
    incident: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    twins: list[str] = field(default_factory=list)
    _records: list[dict[str, Any]] = field(default_factory=list)
    _twin_places: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _twin_counts: dict[str, int] = field(default_factory=dict)

    def twin(self, name: str) -> int:
        """The tag of a benign twin."""
        if name not in self.twins:
            self.twins.append(name)
        return -1 - self.twins.index(name)

    def step(self, stage: str, techniques: tuple[str, ...], host: str, description: str) -> int:
        """The tag of a new step of the intrusion."""
        self.steps.append(Step(len(self.steps) + 1, stage, techniques, host, description))
        return len(self.steps)

    @property
    def attack_records(self) -> int:
        """How many records are the intrusion."""
        return len(self._records)

    def witness(self, tag: int, file: str, record: int, offset: int) -> None:
        """A tagged record stands in that file, at that line, from that byte on."""
        place: dict[str, Any] = {"file": file, "record": record, "offset": offset}
        if tag < 0:
            name = self.twins[-1 - tag]
            self._twin_counts[name] = self._twin_counts.get(name, 0) + 1
            places = self._twin_places.setdefault(name, [])
            if len(places) < TWIN_PLACES:
                places.append(place)
            return
        step = self.steps[tag - 1]
        self._records.append({**place, "step": step.number})

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        steps = {step.number: step for step in self.steps}
        events = [
            {
                **record,
                "stage": steps[record["step"]].stage,
                "technique": list(steps[record["step"]].techniques),
                "host": steps[record["step"]].host,
                "description": steps[record["step"]].description,
            }
            for record in self._records
        ]
        twins = [
            {
                "name": name,
                "records": self._twin_counts.get(name, 0),
                "first_places": self._twin_places.get(name, []),
            }
            for name in sorted(self.twins)
        ]
        document = {
            "parameters": self.parameters,
            "incident": self.incident,
            "attack": events,
            "benign_twins": twins,
        }
        path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

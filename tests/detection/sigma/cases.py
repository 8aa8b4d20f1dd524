"""The conformance cases as objects; `cases/README.md` says how they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Case:
    """One rule, and either what it says to each of some events or why nobody may run it."""

    file: str
    name: str
    points: tuple[int, ...]
    rule: Mapping[str, Any]
    events: tuple[Mapping[str, object], ...]
    expect: tuple[bool, ...]
    refused: str | None
    placeholders: Mapping[str, tuple[str, ...]]

    @property
    def id(self) -> str:
        """The rule's id."""
        return str(self.rule["id"])


def load() -> list[Case]:
    """All cases, file by file."""
    return [case for file in sorted(FOLDER.glob("*.yml")) for case in _of_file(file)]


def _of_file(file: Path) -> Iterator[Case]:
    for entry in yaml.safe_load(file.read_text(encoding="utf-8")):
        yield Case(
            file=file.stem,
            name=entry["name"],
            points=tuple(entry["points"]),
            rule=_rule(entry),
            events=tuple(_event(event) for event in entry.get("events", ())),
            expect=tuple(entry.get("expect", ())),
            refused=entry.get("refused"),
            placeholders={name: _texts(values) for name, values in entry.get("placeholders", {}).items()},
        )


def _texts(values: object) -> tuple[str, ...]:
    return tuple(map(str, values if isinstance(values, list) else [values]))


def _rule(entry: Mapping[str, Any]) -> dict[str, Any]:
    detection = entry.get("detection") or {"selection": entry.get("selection"), "condition": "selection"}
    return {
        "title": entry["name"],
        "id": str(uuid5(NAMESPACE_URL, entry["name"])),
        "logsource": {"category": "test", "product": "test"},
        **entry.get("rule", {"detection": detection}),
    }


def _event(written: object) -> dict[str, object]:
    event = written if isinstance(written, dict) else {"f": written}
    return {field: _long(value) for field, value in event.items()}


def _long(value: object) -> object:
    if isinstance(value, dict) and value.keys() == {"repeat", "times", "then"}:
        return value["repeat"] * value["times"] + value["then"]
    return value

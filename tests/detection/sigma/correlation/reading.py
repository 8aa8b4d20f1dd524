"""Cases of `cases/*.yml` as correlations, events and matches; `README.md` explains their language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sakimori.detection.sigma.correlation import Correlation, Event, Match
from sakimori.detection.sigma.correlation.parse import parse_correlation

MINUTE = 60_000_000
CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True, slots=True)
class Told:
    """One match in comparable form: minutes, and the group in small letters."""

    correlation: str
    group: tuple[tuple[str, str], ...]
    count: int
    first: int
    last: int


def cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of every case."""
    for file in sorted(CASES.glob("*.yml")):
        for case in yaml.safe_load(file.read_text("utf-8")):
            yield f"{file.stem}: {case['name']}", case


def correlations(case: Mapping[str, Any]) -> list[Correlation]:
    """The correlations of a case; their ids are their names. Raises RuleError where one is refused."""
    sections = case.get("correlations") or [{"name": "c", "whole": case["correlation"]}]
    return [_correlation(section, case) for section in sections]


def _correlation(section: Mapping[str, Any], case: Mapping[str, Any]) -> Correlation:
    plain = section.get("whole", {key: value for key, value in section.items() if key != "name"})
    return parse_correlation(
        {"id": section["name"], "title": "t", "correlation": plain}, absence=bool(case.get("absence"))
    )


def events(text: str) -> list[Event]:
    """The events, in order of time."""
    found = [_event(line) for line in text.split(";")]
    return sorted(found, key=lambda event: event.clock)


def _event(line: str) -> Event:
    minute, rules, *fields = line.split()
    values = dict(field.split("=", 1) for field in fields)
    return Event(round(float(minute) * MINUTE), dict.fromkeys(rules.split(","), values))


def expected(lines: Iterable[str]) -> list[Told]:
    """The matches a case says."""
    return [_told(line) for line in lines]


def _told(line: str) -> Told:
    name, group, count, span = line.split()
    fields = () if group == "-" else tuple(tuple(one.lower().split("=", 1)) for one in group.split(","))
    first, _, last = span.partition("-")
    return Told(name, fields, int(count), _clock(first), _clock(last))  # type: ignore[arg-type]


def _clock(minute: str) -> int:
    return round(float(minute.rstrip("+")) * MINUTE) + minute.endswith("+")


def told(matches: Iterable[Match]) -> list[Told]:
    """The engine's matches in comparable form."""
    return [
        Told(m.correlation, tuple((n, v.lower()) for n, v in m.group.items()), m.count, m.first, m.last)
        for m in matches
    ]


def end_of(case: Mapping[str, Any]) -> int | None:
    """How far the evidence of a case reaches."""
    return None if "end" not in case else round(float(case["end"]) * MINUTE)

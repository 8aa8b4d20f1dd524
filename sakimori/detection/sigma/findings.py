"""Hits become findings: one rule, one primary subject, one UTC day; each event counts once."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from sakimori.detection.sigma.kernel.tree import KEYWORD, positive_atoms
from sakimori.detection.sigma.rule import Rule
from sakimori.detection.subjects import primary, subjects
from sakimori.findings import Finding, Place, Severity, Subject, day_of
from sakimori.records.catalogue import Catalogue, Log

PLACES = 100
ORIGINALS = 5
SUBJECTS = 64
_CONFIDENCE = {"stable": "high", "test": "medium", "experimental": "medium"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One event on which rules fired. `file` is its path inside the evidence."""

    file: str
    site: str
    record: int
    offset: int
    clock: int | None
    log: str
    identity: str | None
    rules: tuple[str, ...]
    fields: Mapping[str, str]
    original: str


@dataclass(slots=True)
class _Group:
    rule: Rule
    log: Log
    first: Hit
    primary: Subject
    count: int = 0
    first_seen: int | None = None
    last_seen: int | None = None
    subjects: dict[Subject, None] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    originals: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, hit: Hit, found: tuple[Subject, ...]) -> None:
        self.count += 1
        if hit.clock is not None:
            self.first_seen = hit.clock if self.first_seen is None else min(self.first_seen, hit.clock)
            self.last_seen = hit.clock if self.last_seen is None else max(self.last_seen, hit.clock)
        if len(self.subjects) < SUBJECTS:
            self.subjects.update(dict.fromkeys(found))
        place = Place(hit.file, hit.record, hit.offset)
        if len(self.places) < PLACES:
            self.places.append(place)
        if len(self.originals) < ORIGINALS and hit.original:
            self.originals.append((place, hit.original))


@dataclass(frozen=True, slots=True)
class SigmaFindings:
    """Findings sorted by time and id, up to five originals of each, events per rule, events twice met."""

    findings: tuple[Finding, ...]
    originals: Mapping[str, tuple[tuple[Place, str], ...]]
    events: Mapping[str, int]
    duplicates: int


def findings_of(hits: Iterable[Hit], rules: Mapping[str, Rule], catalogue: Catalogue) -> SigmaFindings:
    """Findings from hits in order of their places; an event exported twice counts at its first place."""
    groups: dict[tuple[str, Subject, str], _Group] = {}
    events: dict[str, int] = {}
    seen: set[str] = set()
    duplicates = 0
    for hit in hits:
        if hit.identity is not None:
            if hit.identity in seen:
                duplicates += 1
                continue
            seen.add(hit.identity)
        log = catalogue[hit.log]
        found = subjects(log, hit.fields, hit.site)
        named = primary(found, hit.file)
        for rule in hit.rules:
            events[rule] = events.get(rule, 0) + 1
            key = (rule, named, day_of(hit.clock))
            group = groups.get(key)
            if group is None:
                group = groups[key] = _Group(rules[rule], log, hit, named)
            group.add(hit, found)
    pairs = [(_finding(group), tuple(group.originals)) for group in groups.values()]
    pairs.sort(key=lambda pair: (pair[0].first_seen is None, pair[0].first_seen or 0, pair[0].id))
    return SigmaFindings(
        tuple(finding for finding, _ in pairs),
        {finding.id: originals for finding, originals in pairs},
        events,
        duplicates,
    )


def _finding(group: _Group) -> Finding:
    rule = group.rule
    shown = dict(matched(rule, group.log, group.first.fields))
    others = sorted(subject for subject in group.subjects if subject != group.primary)
    return Finding(
        detector=f"sigma:{rule.id}",
        title=rule.title,
        severity=Severity.from_word(rule.level),
        confidence="low"
        if rule.level in ("low", "informational")
        else _CONFIDENCE.get(rule.status, "medium"),
        techniques=rule.techniques,
        subjects=(group.primary, *others),
        first_seen=group.first_seen,
        last_seen=group.last_seen,
        count=group.count,
        places=tuple(heapq.nsmallest(PLACES, group.places)),
        because=_because(group, shown),
        facts=_facts(group, shown),
        source={"author": rule.author, "license": rule.license, "url": next(iter(rule.references), "")},
    )


def matched(rule: Rule, log: Log, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The fields that the rule asks to hold something, with the values they had, in the rule's order."""
    for name in dict.fromkeys(atom.field for atom in positive_atoms(rule.tree)):
        alias = log.aliases.get(name)
        column = alias.column if alias and alias.column else name
        if name != KEYWORD and column in fields:
            yield column, fields[column]


def _because(group: _Group, shown: Mapping[str, str]) -> str:
    what = "; ".join(f"{name} is {_short(value)}" for name, value in list(shown.items())[:3])
    events = "1 event matches" if group.count == 1 else f"{group.count} events match"
    return f"{events} this rule" + (f": {what}." if what else ".")


def _short(value: str, longest: int = 160) -> str:
    flat = " ".join(value.split())
    return f"“{flat}”" if len(flat) <= longest else f"“{flat[:longest]}…”"


def _facts(group: _Group, shown: Mapping[str, str]) -> dict[str, str]:
    rule = group.rule
    facts = {
        "count": str(group.count),
        "log": group.log.title,
        "tactics": ",".join(rule.tactics),
        "description": rule.description,
        "falsepositives": "; ".join(rule.falsepositives),
        "title_ja": rule.ja.get("title", ""),
        "description_ja": rule.ja.get("description", ""),
    }
    facts.update({f"field.{name}": value for name, value in list(shown.items())[:6]})
    return {name: value for name, value in facts.items() if value}


def hit_of(row: Mapping[str, Any], file: str, site: str) -> Hit:
    """The hit that a row of the store's hits describes."""
    return Hit(
        file, site, row["record"], row["offset"], row["clock"], row["log"], row["identity"],
        tuple(row["rules"]), orjson.loads(row["fields"]), row["original"],
    )  # fmt: skip

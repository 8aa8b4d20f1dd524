"""Hits become findings: one rule, one primary subject, one UTC day; each event counts once."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import orjson

from sakimori.detection.sigma.kernel.tree import KEYWORD, positive_atoms
from sakimori.detection.sigma.rule import Rule
from sakimori.detection.subjects import primary, subjects
from sakimori.findings import Finding, Place, Severity, Subject, by_time, day_of
from sakimori.masking import masked
from sakimori.records.catalogue import Catalogue, Log

PLACES = 100
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


@dataclass(slots=True)
class _Group:
    rule: Rule
    log: str
    shown: Mapping[str, str]  # what the rule asked for, with the values of the first event
    primary: Subject
    count: int = 0
    first_seen: int | None = None
    last_seen: int | None = None
    subjects: dict[Subject, None] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def add(self, hit: Hit, found: tuple[Subject, ...]) -> None:
        self.count += 1
        if hit.clock is not None:
            self.first_seen = hit.clock if self.first_seen is None else min(self.first_seen, hit.clock)
            self.last_seen = hit.clock if self.last_seen is None else max(self.last_seen, hit.clock)
        if len(self.subjects) < SUBJECTS:
            self.subjects.update(dict.fromkeys(found))
        if len(self.places) < PLACES:
            self.places.append(Place(hit.file, hit.record, hit.offset))


@dataclass(frozen=True, slots=True)
class SigmaFindings:
    """Findings sorted by time and id, events per rule, and how many were met twice."""

    findings: tuple[Finding, ...]
    events: Mapping[str, int]
    duplicates: int


def findings_of(
    hits: Iterable[Hit], rules: Mapping[str, Rule], catalogue: Catalogue, quiet: Set[str] = frozenset()
) -> SigmaFindings:
    """Findings from hits in order of their places; an event exported twice counts at its first place.

    `quiet` rules only serve correlations: their events are counted and make no finding.
    """
    groups: dict[tuple[str, Subject, str], _Group] = {}
    events: dict[str, int] = {}
    seen: set[bytes] = set()
    duplicates = 0
    for hit in hits:
        if hit.identity is not None:
            identity = hashlib.blake2b(hit.identity.encode("utf-8", "replace"), digest_size=16).digest()
            if identity in seen:
                duplicates += 1
                continue
            seen.add(identity)
        log = catalogue[hit.log]
        found = subjects(log, hit.fields, hit.site)
        named = primary(found, hit.file)
        for rule in hit.rules:
            events[rule] = events.get(rule, 0) + 1
            if rule in quiet:
                continue
            key = (rule, named, day_of(hit.clock))
            group = groups.get(key)
            if group is None:
                shown = dict(matched(rules[rule], log, hit.fields))
                group = groups[key] = _Group(rules[rule], log.title, shown, named)
            group.add(hit, found)
    made = sorted(map(_finding, groups.values()), key=by_time)
    return SigmaFindings(tuple(made), events, duplicates)


def _finding(group: _Group) -> Finding:
    rule = group.rule
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
        because=_because(group),
        facts=_facts(group),
        source={"author": rule.author, "license": rule.license, "url": next(iter(rule.references), "")},
    )


def matched(rule: Rule, log: Log, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The fields that the rule asks to hold something, with the values they had, in the rule's order."""
    for name in dict.fromkeys(atom.field for atom in positive_atoms(rule.tree)):
        alias = log.aliases.get(name)
        column = alias.column if alias and alias.column else name
        if name != KEYWORD and column in fields:
            yield column, fields[column]


def _because(group: _Group) -> str:
    what = "; ".join(f"{name} is {_short(value)}" for name, value in list(group.shown.items())[:3])
    events = "1 event matches" if group.count == 1 else f"{group.count} events match"
    return f"{events} this rule" + (f": {what}." if what else ".")


def _short(value: str, longest: int = 160) -> str:
    flat = masked(" ".join(value.split()))
    return f"“{flat}”" if len(flat) <= longest else f"“{flat[:longest]}…”"


def _facts(group: _Group) -> dict[str, str]:
    rule = group.rule
    facts = {
        "count": str(group.count),
        "log": group.log,
        "tactics": ",".join(rule.tactics),
        "description": rule.description,
        "falsepositives": "; ".join(rule.falsepositives),
        "title_ja": rule.ja.get("title", ""),
        "description_ja": rule.ja.get("description", ""),
    }
    facts.update({f"field.{name}": value for name, value in list(group.shown.items())[:6]})
    return {name: value for name, value in facts.items() if value}


def hit_of(row: Mapping[str, Any], file: str, site: str) -> Hit:
    """The hit that a row of the store's hits describes."""
    return Hit(
        file, site, row["record"], row["offset"], row["clock"], row["log"], row["identity"],
        tuple(row["rules"]), orjson.loads(row["fields"]),
    )  # fmt: skip

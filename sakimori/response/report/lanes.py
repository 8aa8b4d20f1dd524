"""The lanes of an incident: one per entity, time across, a mark per finding; a template draws them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sakimori.findings import Finding, Subject
from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.incident import Incident
from sakimori.incidents.observation import stages
from sakimori.response.report.anchors import evidence_anchor
from sakimori.response.report.shapes import line_width, outline, radius_of
from sakimori.response.sentences import Term, prose, shown_term
from sakimori.response.times import date_words
from sakimori.response.words import kind_of

WIDTH, MARGIN = 1000.0, 26.0
LANES = 10
_BAND, _LANE, _AXIS = 17.0, 46.0, 40.0
_TICK_ROOM = 92.0
_NAME = 60
_ORDER = ("host", "account", "address", "domain", "file", "process", "service", "task", "registry_key")


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding in its lane."""

    finding: Finding
    name: str
    x: float
    y: float
    path: str
    line: float
    target: str


@dataclass(frozen=True, slots=True)
class Lane:
    """An entity's line."""

    subject: Subject
    name: str
    top: float
    line: float


@dataclass(frozen=True, slots=True)
class Band:
    """A stage, from its first finding to its last."""

    stage: str
    top: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the axis; `new_day` where the day changes."""

    x: float
    clock: int
    new_day: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything to draw, and how many entities and findings stand only in the table."""

    height: float
    axis: float
    bands: tuple[Band, ...]
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    links: tuple[tuple[float, float, float, float], ...]
    ticks: tuple[Tick, ...]
    lanes_left_out: int
    marks_left_out: int


def drawing(incident: Incident, rows: frozenset[str]) -> Drawing | None:
    """The lanes of findings that have a row to lead to; None where none carries a time."""
    timed = [finding for finding in incident.findings if finding.first_seen is not None]
    findings = [finding for finding in timed if finding.id in rows]
    if not findings:
        return None
    entities = _entities(findings)
    across = _positions(sorted({f.first_seen for f in findings if f.first_seen is not None}))
    bands = _bands(incident.stages, findings, across)
    lanes = _lanes(entities[:LANES], top=len(bands) * _BAND + 12)
    axis = (lanes[-1].top if lanes else 0) + _LANE + 6
    marks = _marks(incident, findings, lanes, across)
    return Drawing(
        height=axis + _AXIS,
        axis=axis,
        bands=bands,
        lanes=lanes,
        marks=marks,
        links=_links(marks, lanes),
        ticks=_ticks(across),
        lanes_left_out=max(0, len(entities) - LANES),
        marks_left_out=len(incident.findings) - len(marks),
    )


def _entities(findings: Sequence[Finding]) -> list[Subject]:
    """Primary subjects; then others that meet two findings and are not everybody's, the often met first."""
    met = Counter(subject for finding in findings for subject in finding.subjects if subject.type in _ORDER)
    primary = {finding.subjects[0] for finding in findings}
    first = {subject: n for n, subject in enumerate(dict.fromkeys(s for f in findings for s in f.subjects))}
    lanes = [s for s in first if s in primary or (met[s] > 1 and not everybodys(s))]
    return sorted(lanes, key=lambda s: (s not in primary, -met[s], _rank(s.type), first[s]))


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _positions(times: list[int]) -> dict[int, float]:
    """Clock to x. Pauses are shortened by logarithm: a busy minute beside a still day stays legible."""
    if len(times) == 1:
        return {times[0]: WIDTH / 2}
    steps = [0.25 + math.log1p((b - a) / 60e6) for a, b in pairwise(times)]
    scale = (WIDTH - 2 * MARGIN) / sum(steps)
    found, x = {times[0]: MARGIN}, MARGIN
    for time, step in zip(times[1:], steps, strict=True):
        x += step * scale
        found[time] = x
    return found


def _bands(wanted: Sequence[str], findings: Sequence[Finding], across: dict[int, float]) -> tuple[Band, ...]:
    spans: dict[str, list[float]] = {}
    for finding in findings:
        if finding.first_seen is not None:
            for stage in stages(finding):
                spans.setdefault(stage, []).append(across[finding.first_seen])
    seen = [stage for stage in wanted if stage in spans]
    return tuple(
        Band(stage, 4 + n * _BAND, min(spans[stage]) - 7, max(spans[stage]) + 7)
        for n, stage in enumerate(seen)
    )


def _lanes(entities: Sequence[Subject], top: float) -> tuple[Lane, ...]:
    return tuple(
        Lane(subject, _lane_name(subject), top + n * _LANE, top + n * _LANE + 30)
        for n, subject in enumerate(entities)
    )


def _lane_name(subject: Subject) -> str:
    # Of a path its end tells most; the whole name stands in the table.
    tail = subject.value if len(subject.value) <= _NAME else "…" + subject.value[-_NAME:]
    return shown_term(Term(tail, subject.type), "en")


def _marks(
    incident: Incident, findings: Sequence[Finding], lanes: Sequence[Lane], across: dict[int, float]
) -> tuple[Mark, ...]:
    lines = {lane.subject: lane.line for lane in lanes}
    last: dict[Subject, tuple[float, int]] = {}
    marks: list[Mark] = []
    for finding in findings:
        home = next((subject for subject in finding.subjects if subject in lines), None)
        if home is None or finding.first_seen is None:
            continue
        x, radius = across[finding.first_seen], radius_of(finding.count)
        before, turn = last.get(home, (-99.0, 0))
        turn = turn + 1 if x - before < 2 * radius + 2 else 0
        last[home] = (x, turn)
        y = lines[home] + (0, -7, 7)[turn % 3]
        path = outline(kind_of(finding), radius)
        marks.append(
            Mark(
                finding,
                _name(finding),
                x,
                y,
                path,
                line_width(finding.severity),
                evidence_anchor(incident, finding),
            )
        )
    return tuple(marks)


def _name(finding: Finding) -> str:
    place = shown_term(Term.of(finding.subjects[0]), "en")
    when = date_words(finding.first_seen, "en", seconds=True)
    return f"{when} · {place} · {prose(finding.title, 'en', 160)} · {finding.count:,}"


def _links(marks: Sequence[Mark], lanes: Sequence[Lane]) -> tuple[tuple[float, float, float, float], ...]:
    """Thin lines from a mark to the lanes of the other entities its finding names."""
    lines = {lane.subject: lane.line for lane in lanes}
    return tuple(
        (mark.x, mark.y, mark.x, lines[subject])
        for mark in marks
        for subject in mark.finding.subjects
        if subject in lines and abs(lines[subject] - mark.y) > 10
    )


def _ticks(across: dict[int, float]) -> tuple[Tick, ...]:
    ticks: list[Tick] = []
    day = -1
    for clock, x in across.items():
        if ticks and (x - ticks[-1].x < _TICK_ROOM or x > WIDTH - 40):
            continue
        new_day = clock // 86_400_000_000 != day
        day = clock // 86_400_000_000
        ticks.append(Tick(x, clock, new_day))
    return tuple(ticks)

"""All behaviours over one case: rows become findings, and what went wrong becomes a word about ourselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sakimori.detection.behaviour import REQUIRED, UNCLEAR, Behaviour, behaviours
from sakimori.detection.questions import Questions
from sakimori.detection.subjects import normal
from sakimori.engine.local import PLACES, Local
from sakimori.errors import SakimoriError
from sakimori.findings import Finding, Place, Subject, by_time, day_of, moment
from sakimori.masking import masked
from sakimori.tongue import tongue

SHOWN = 160
_SUBJECTS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a behaviour could not do. `kind` is `no table`, `cannot tell` or `failed`."""

    detector: str
    title: str
    kind: str
    reason: str
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What the behaviours said: findings by time and id; notes by detector."""

    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """One row of a behaviour, with the places that made it."""

    subjects: tuple[Subject, ...]
    row: dict[str, Any]
    places: tuple[Place, ...]


def hear(engine: Local, chosen: Iterable[Behaviour] | None = None, cache: Path | None = None) -> Heard:
    """Asks every behaviour; one that fails says so in a note and stops nobody else.

    `cache` is a folder in which what they ask is kept for the next hunt.
    """
    questions = Questions(cache)
    findings: list[Finding] = []
    notes: list[Note] = []
    asked = tuple(behaviours() if chosen is None else chosen)
    if any("traffic" in one.tables for one in asked):
        engine.settle()
    for one in asked:
        try:
            said, unclear = _ask(engine, one, questions)
        except _FAILURES as error:
            notes.append(_note(one, "failed", " ".join(str(error).split())))
            continue
        findings += _findings(one, said)
        notes += unclear
    questions.keep()
    findings.sort(key=by_time)
    return Heard(tuple(findings), tuple(notes))


# The one place where a detector's own mistakes are caught: a refused query, a missing or ill-typed column.
_FAILURES = (SakimoriError, ArithmeticError, LookupError, TypeError, ValueError, pa.ArrowException)


def _ask(engine: Local, one: Behaviour, questions: Questions) -> tuple[list[_Said], list[Note]]:
    absent = [name for name in one.keyed if name not in engine.fed]
    if len(absent) == len(one.keyed):
        return [], [_note(one, "no table", f"no log in the evidence feeds {', '.join(absent)}")]
    rows = engine.query(questions.sql(one))
    clear, unclear = _parted(rows)
    if not clear.num_rows:
        return [], _unclear(one, unclear)
    asked = clear.select([*one.keys, *REQUIRED[1:]])
    places = engine.places(one.keyed, one.keys, asked)
    said = [
        _Said(_subjects(one, row), row, tuple(found))
        for row, found in zip(clear.to_pylist(), places, strict=True)
    ]
    return [one_said for one_said in said if one_said.subjects], _unclear(one, unclear)


def _parted(rows: pa.Table) -> tuple[pa.Table, pa.Table]:
    if UNCLEAR not in rows.schema.names:
        return rows, rows.slice(0, 0)
    flags = rows.column(UNCLEAR).fill_null(False)
    return rows.filter(pc.invert(flags)), rows.filter(flags)


def _unclear(one: Behaviour, rows: pa.Table) -> list[Note]:
    if not rows.num_rows:
        return []
    found = sorted({s for row in rows.to_pylist() for s in _subjects(one, row)[:1]})
    named = ", ".join(subject.value for subject in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return [
        _note(one, "cannot tell", f"the records cannot tell for {named}{more}: {one.parts['Misses']}", found)
    ]


def _findings(one: Behaviour, said: Iterable[_Said]) -> Iterator[Finding]:
    groups: dict[tuple[Subject, str], list[_Said]] = {}
    for row in sorted(said, key=_order):
        groups.setdefault((row.subjects[0], day_of(row.row["first_seen"])), []).append(row)
    for group in groups.values():
        yield _finding(one, group)


def _order(said: _Said) -> tuple[object, ...]:
    first = said.row["first_seen"]
    return (first is None, first or 0, said.subjects, said.places)


def _finding(one: Behaviour, group: Sequence[_Said]) -> Finding:
    others = sorted({subject for said in group for subject in said.subjects} - {group[0].subjects[0]})
    times = [t for said in group for t in (said.row["first_seen"], said.row["last_seen"]) if t is not None]
    return Finding(
        detector=f"behaviour:{one.name}",
        title=one.title,
        severity=one.severity,
        confidence=one.confidence,
        techniques=one.techniques,
        subjects=(group[0].subjects[0], *others[: _SUBJECTS - 1]),
        first_seen=min(times, default=None),
        last_seen=max(times, default=None),
        count=int(sum(said.row["count"] for said in group)),
        places=tuple(sorted({place for said in group for place in said.places}))[:PLACES],
        because=_because(one, group, "en"),
        facts=_facts(one, group),
        source={"author": "Sakimori", "license": "Apache-2.0", "url": ""},
    )


def _because(one: Behaviour, group: Sequence[_Said], lang: str) -> str:
    say = tongue(lang)
    sentence = say(one.because, **_values(group[0].row))
    if len(group) == 1:
        return sentence
    return say("{first} On the same day there are {n} more of the kind.", first=sentence, n=len(group) - 1)


def _facts(one: Behaviour, group: Sequence[_Said]) -> dict[str, str]:
    say = tongue("ja")
    facts = {
        "count": str(int(sum(said.row["count"] for said in group))),
        "description": f"{one.title}. {one.parts['Sees']}",
        "misses": one.parts["Misses"],
        "next": one.parts["Next"],
        "title_ja": say(one.title),
        "because_ja": _because(one, group, "ja"),
        "description_ja": say(one.parts["Sees"]),
        "misses_ja": say(one.parts["Misses"]),
        "next_ja": say(one.parts["Next"]),
    }
    shown = {name: value for name, value in group[0].row.items() if name not in (*REQUIRED, UNCLEAR)}
    facts.update({f"field.{name}": str(value) for name, value in shown.items() if value is not None})
    return facts


def _values(row: dict[str, Any]) -> dict[str, object]:
    times = {name: moment(row[name]) or "-" for name in ("first_seen", "last_seen")}
    return {name: _short(value) for name, value in {**row, **times}.items()}


def _short(value: object) -> object:
    if value is None:
        return "-"
    if not isinstance(value, str):
        return value
    flat = masked(" ".join(value.split()))
    return flat if len(flat) <= SHOWN else f"{flat[:SHOWN]}…"


def _subjects(one: Behaviour, row: dict[str, Any]) -> tuple[Subject, ...]:
    columns = {one.subject: one.subject, **one.also}
    found = [Subject(kind, normal(kind, row[c])) for c, kind in columns.items() if row.get(c)]
    return tuple(dict.fromkeys(s for s in found if s.value)) if row.get(one.subject) else ()


def _note(one: Behaviour, kind: str, reason: str, found: Sequence[Subject] = ()) -> Note:
    return Note(
        detector=f"behaviour:{one.name}",
        title=one.title,
        kind=kind,
        reason=reason,
        subjects=tuple(found[:PLACES]),
    )

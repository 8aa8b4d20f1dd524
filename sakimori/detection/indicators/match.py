"""Indicators over a case: what is met becomes findings, and what could not be asked is said."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from sakimori.coverage import RuleState
from sakimori.detection.indicators.asking import Asked, places_to_look
from sakimori.detection.indicators.indicator import HACKED, Indicator, merged
from sakimori.detection.indicators.keeping import Bundle, bundle, laid, of_row
from sakimori.detection.indicators.looking import Met, counts, look, relation
from sakimori.detection.indicators.telling import TITLES, Sighting, techniques_of, told
from sakimori.engine.local import PLACES, Local
from sakimori.errors import SakimoriError
from sakimori.findings import Finding, Place, by_time
from sakimori.records.manifest import Refused
from sakimori.tables import TABLES
from sakimori.tables.views import identifier

_DAY = 86_400_000_000
_PARCEL = 5_000
# As in `run_behaviours`: a refused query, or a mistake of ours about one type, stops no other.
_FAILURES = (SakimoriError, ArithmeticError, LookupError, TypeError, ValueError, pa.ArrowException, OSError)
_WHO = ("host", "account", "source_address", "image", "process_guid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What the indicators said: findings by time; the state of each type; and what is told of the files."""

    findings: tuple[Finding, ...] = ()
    states: tuple[RuleState, ...] = ()
    described: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[Refused, ...] = ()
    bundles: tuple[Bundle, ...] = ()


def hear(engine: Local, files: Sequence[Path], temp: Path, today: datetime | None = None) -> Hearing:
    """Ask the tables for every indicator of these files; nothing where there are none.

    `temp` is a folder the engine may read; what is laid there is removed again. Raises UsageError where a
    file cannot be read.
    """
    if not files:
        return Hearing()
    folder = temp / "indicators"
    try:
        ready, bad = laid(files, folder)
        found, states = _all(engine, ready)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    bundles = [bundle(file) for file in files]
    described = _described(bundles, sum(s.events for s in states), bad, today or datetime.now(UTC))
    return Hearing(
        findings=tuple(sorted(found, key=by_time)),
        states=tuple(states),
        described=described,
        bundles=tuple(bundles),
    )


def _all(engine: Local, files: Sequence[Path]) -> tuple[list[Finding], list[RuleState]]:
    findings: list[Finding] = []
    states = []
    for type_, number in counts(engine, files).items():
        fed = sorted({one.table for one in places_to_look(type_)} & engine.fed)
        try:
            beyond: list[str] = []
            made = list(_of_type(engine, files, type_, beyond)) if fed else []
            states.append(_state(type_, number, fed, len(made), len(beyond)))
            findings += made
        except _FAILURES as error:
            reason = " ".join(str(error).split())[:300]
            states.append(replace(_state(type_, number, fed, 0), state="refused", reason=reason))
    return findings, states


def _state(type_: str, number: int, fed: Sequence[str], found: int, beyond: int = 0) -> RuleState:
    state = "spoke" if found else "silent" if fed else "blind"
    where = f"{number - beyond:,} were looked for in {', '.join(fed)}"
    if beyond:
        where += f"; {beyond:,} are patterns beyond what can be looked for"
    return RuleState(
        detector=f"indicator:{type_}", title=TITLES.get(type_, type_), level="", state=state, events=found,
        reason=where if fed else f"no log in the evidence tells of what {number:,} of them name",
        techniques=techniques_of(type_),
    )  # fmt: skip


def _described(bundles: Sequence[Bundle], events: int, bad: int, today: datetime) -> dict[str, str]:
    told_of = {f"indicators {one.path.name}": _age(one, today) for one in bundles}
    return told_of | ({"indicators unread": f"{bad:,} lines held none"} if bad else {})


def _age(one: Bundle, today: datetime) -> str:
    short = one.sha256[:16]
    if one.whole is None:
        return f"undated, no manifest, sha256 {short}"
    state = "as its manifest says" if one.whole else "CHANGED since its manifest was written"
    try:
        made = datetime.fromisoformat(one.dated)
    except ValueError:
        return f"undated, {state}, sha256 {short}"
    days = (today - (made if made.tzinfo else made.replace(tzinfo=UTC))).days
    return f"of {made.date()}, {max(0, days)} days old, {state}, sha256 {short}"


def _of_type(engine: Local, files: Sequence[Path], type_: str, beyond: list[str]) -> Iterator[Finding]:
    met = look(engine, files, type_, beyond)
    known = _known(engine, files, type_, sorted({one.value for one in met}))
    wanted: defaultdict[Asked, list[Met]] = defaultdict(list)
    for one in met:
        if one.value in known:
            wanted[one.asked].append(one)
    sightings: list[Sighting] = []
    for asked, here in wanted.items():
        for start in range(0, len(here), _PARCEL):
            sightings += _sightings(engine, asked, here[start : start + _PARCEL], known)
    yield from told(sightings)


def _known(engine: Local, files: Sequence[Path], type_: str, values: list[str]) -> dict[str, Indicator]:
    """The whole indicators of these values; hacked sites known only by name are left out, warned ones too."""
    rows: list[Indicator] = []
    for start in range(0, len(values), _PARCEL):
        sql = f"SELECT * FROM {relation(files)} WHERE type = ? AND value IN (SELECT unnest(?)) ORDER BY ALL"
        found = engine.query(sql, [type_, values[start : start + _PARCEL]]).to_pylist()
        rows += filter(None, map(of_row, found))
    kept = (one for one in merged(rows) if not (type_ == "domain" and HACKED in one.tags))
    return {one.value: one for one in kept}


def _sightings(
    engine: Local, asked: Asked, here: Sequence[Met], known: Mapping[str, Indicator]
) -> Iterator[Sighting]:
    """The records of what was met, by who and day, with their places."""
    columns = {c.name for c in TABLES[asked.table].columns}
    who = [name for name in _WHO if name in columns and name not in asked.columns]
    rows = engine.query(_grouped(asked, who), _parameters(asked, here))
    keys = [*who, *asked.columns]
    places = engine.places([asked.table], keys, rows.select([*keys, "first_seen", "last_seen"]))
    values: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in here:
        values[one.raw].append(one.value)
    for row, found in zip(rows.to_pylist(), places, strict=True):
        raw = tuple(
            str(row[f"raw{at}"]) if row[f"raw{at}"] is not None else None for at in range(len(asked.columns))
        )
        for value in values.get(raw, ()):  # type: ignore[arg-type]
            yield _sighting(known[value], asked, row, found)


def _grouped(asked: Asked, who: Sequence[str]) -> str:
    own = [f"t.{identifier(name)}" for name in (*who, *asked.columns)]
    texts = [f"CAST(t.{identifier(c)} AS VARCHAR)" for c in asked.columns]
    raws = [f"{text} AS raw{at}" for at, text in enumerate(texts)]
    same = " AND ".join(f"{text} IS NOT DISTINCT FROM w.w{at}" for at, text in enumerate(texts))
    wanted = ", ".join(f"unnest(?) AS w{at}" for at in range(len(texts)))
    return (
        f"SELECT {', '.join([*own, *raws])}, count(*) AS count,"
        " min(clock) AS first_seen, max(clock) AS last_seen"
        f" FROM {identifier(asked.table)} t JOIN (SELECT DISTINCT {wanted}) w ON {same}"
        f" GROUP BY {', '.join(own)}, clock // {_DAY} ORDER BY ALL"
    )


def _parameters(asked: Asked, here: Sequence[Met]) -> list[list[str]]:
    raws = list(dict.fromkeys(one.raw for one in here))
    return [[raw[at] for raw in raws] for at in range(len(asked.columns))]


def _sighting(one: Indicator, asked: Asked, row: Mapping[str, Any], found: Sequence[Place]) -> Sighting:
    return Sighting(
        indicator=one,
        table=asked.table,
        host=row.get("host") or "",
        account=row.get("account") or "",
        address=row.get("source_address") or "",
        image=row.get("image") or "",
        instance=row.get("process_guid") or "",
        field=asked.columns[0],
        seen=" ".join(str(row[c]) for c in asked.columns if row[c] is not None),
        count=row["count"],
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        places=tuple(found[:PLACES]),
    )

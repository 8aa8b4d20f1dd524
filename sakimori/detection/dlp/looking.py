"""A register over a case: distinct texts of mail, web and files are looked at once, and sightings told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from sakimori.coverage import RuleState
from sakimori.detection.dlp.key import read_key
from sakimori.detection.dlp.register import read_register
from sakimori.detection.dlp.sighting import Looking, Sighted
from sakimori.detection.dlp.telling import TITLES, Seen, findings_of
from sakimori.detection.indicators.match import Hearing
from sakimori.detection.subjects import normal
from sakimori.engine.local import Local
from sakimori.errors import SakimoriError
from sakimori.findings import Place, Subject, by_time

_BATCH = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A table and its columns: whose record it is, texts, names of files, hashes. `only` keeps rows out."""

    table: str
    who: Mapping[str, str]
    texts: tuple[str, ...]
    names: tuple[str, ...]
    hashes: tuple[str, ...] = ()
    only: str = "true"

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column once, in order."""
        return tuple(dict.fromkeys((*self.who, *self.texts, *self.names, *self.hashes)))


WHERE = (
    Where(
        table="mail_trace", who={"account": "account", "sender": "account"}, texts=("subject", "url"),
        names=("attachment",), hashes=("hashes",), only="coalesce(lower(direction), '') <> 'inbound'",
    ),
    Where(
        table="http_request", who={"source_address": "address", "account": "account", "url_host": "domain"},
        texts=("url_path",), names=(),
    ),
    Where(
        table="file_event", who={"host": "host", "account": "account"}, texts=(), names=("path",),
        hashes=("hashes",),
    ),
)  # fmt: skip
_FAILURES = (SakimoriError, ArithmeticError, LookupError, TypeError, ValueError, pa.ArrowException, OSError)


def looking(files: tuple[Path, Path] | None) -> Looking | None:
    """A register and its key made ready; None where the hunt was given none.

    Raises UsageError where one cannot be read, or they do not belong together.
    """
    if files is None:
        return None
    key = read_key(files[1])
    return Looking(read_register(files[0], key), key)


def with_dlp(met: Hearing, engine: Local, ready: Looking | None) -> Hearing:
    """What was heard before, and the register's sightings; nothing where there is no register."""
    if ready is None:
        return met
    findings, states = [*met.findings], [*met.states]
    for where in WHERE:
        if where.table not in engine.fed:
            states.append(_state(where, "blind", 0, f"no log in the evidence feeds {where.table}"))
            continue
        try:
            found = list(findings_of(where.table, _seen(engine, where, ready)))
        except _FAILURES as error:
            states.append(_state(where, "refused", 0, " ".join(str(error).split())[:300]))
            continue
        findings += found
        state = "spoke" if found else "silent"
        states.append(_state(where, state, len(found), f"the register was looked for in {where.table}"))
    return replace(met, findings=tuple(sorted(findings, key=by_time)), states=tuple(states))


def _state(where: Where, state: str, found: int, reason: str) -> RuleState:
    return RuleState(
        detector=f"dlp:{where.table}", title=TITLES[where.table], level="", state=state, events=found,
        reason=reason,
    )  # fmt: skip


def _seen(engine: Local, where: Where, ready: Looking) -> Iterator[Seen]:
    """Every sighting with the records it was in; the values are gone here already."""
    batch: list[tuple[dict[str, Any], tuple[Sighted, ...]]] = []
    for row in _rows(engine, where):
        texts, names, hashes = (
            [row[c] for c in some if row[c]] for some in (where.texts, where.names, where.hashes)
        )
        if sighted := ready.of(texts, names, hashes):
            batch.append((row, sighted))
    for at in range(0, len(batch), _BATCH):
        yield from _placed(engine, where, batch[at : at + _BATCH])


def _rows(engine: Local, where: Where) -> Iterator[dict[str, Any]]:
    columns = ", ".join(where.columns)
    sql = (
        f"SELECT {columns}, clock // 86400000000 AS day, count(*) AS n, min(clock) AS first_seen,"
        f" max(clock) AS last_seen FROM {where.table} WHERE {where.only} GROUP BY {columns}, day"
    )
    for part in engine.reader(sql):
        yield from part.to_pylist()


def _placed(
    engine: Local, where: Where, batch: list[tuple[dict[str, Any], tuple[Sighted, ...]]]
) -> Iterator[Seen]:
    asked = (*where.columns, "first_seen", "last_seen")
    kinds = [(name, pa.int64() if name.endswith("_seen") else pa.string()) for name in asked]
    rows = pa.Table.from_pylist([{name: row[name] for name in asked} for row, _ in batch], pa.schema(kinds))
    places = engine.places([where.table], where.columns, rows)
    for (row, sighted), found in zip(batch, places, strict=True):
        for one in sighted:
            yield _told(where, row, one, tuple(found))


def _told(where: Where, row: Mapping[str, Any], one: Sighted, places: tuple[Place, ...]) -> Seen:
    named = (Subject(kind, normal(kind, row[column])) for column, kind in where.who.items() if row[column])
    subjects = tuple(dict.fromkeys(subject for subject in named if subject.value))
    return Seen(one, subjects, row["n"], row["first_seen"], row["last_seen"], places)

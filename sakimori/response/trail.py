"""The records around the incidents' evidence: `trail.csv` in full, and what the report says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sakimori.findings import Subject, moment
from sakimori.incidents.trail import Trail, TrailRow
from sakimori.response.case import Case
from sakimori.response.contract import csv_line
from sakimori.response.folder import write_file

TRAIL = "trail.csv"
COLUMNS = ("incident", "rank", "time", "log", "tie", "entity", "file", "record", "offset")
NAMED = 12


@dataclass(frozen=True, slots=True)
class Thread:
    """One entity of a trail: how many records it brought in, from when to when."""

    subject: Subject
    records: int
    first_seen: int | None
    last_seen: int | None


def write_trail(case: Case, folder: Path) -> Path:
    """Path of `trail.csv`: by rank, then time; a heading alone where no incident has a trail."""
    return write_file(folder, TRAIL, _lines(case))


def _lines(case: Case) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + csv_line(COLUMNS)
    for incident in sorted(case.incidents, key=lambda one: one.rank):
        if trail := case.trails.get(incident.id):
            for row in trail.rows:
                yield csv_line((incident.id, str(incident.rank), *_cells(row)))


def _cells(row: TrailRow) -> tuple[str, ...]:
    time, places = moment(row.clock) or "", (row.file, str(row.record), str(row.offset))
    return (time, row.log, row.tie, row.value, *places)


def threads(trail: Trail) -> tuple[Thread, ...]:
    """The entities that brought in most, at most NAMED of them."""
    rows: dict[Subject, list[TrailRow]] = {}
    for row in trail.rows:
        rows.setdefault(Subject(row.tie, row.value), []).append(row)
    found = [_thread(subject, some) for subject, some in rows.items()]
    return tuple(sorted(found, key=lambda one: (-one.records, one.subject))[:NAMED])


def _thread(subject: Subject, rows: list[TrailRow]) -> Thread:
    clocks = [row.clock for row in rows if row.clock is not None]
    return Thread(subject, len(rows), min(clocks, default=None), max(clocks, default=None))

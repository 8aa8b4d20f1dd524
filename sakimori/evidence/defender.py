"""Microsoft Defender XDR advanced-hunting exports: JSON lines, JSON documents, and the portal's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sakimori.evidence import csv_text, json_records
from sakimori.evidence.defender_rows import (
    OTHER,
    DefenderStreams,
    Finisher,
    column,
    is_row,
    unwrapped,
    wraps_rows,
)
from sakimori.evidence.described import DescribedTable
from sakimori.evidence.json_records import Item
from sakimori.evidence.lines import text_at
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan


class DefenderLines:
    """One row a line: streamed to storage, or exported by a script."""

    name = "defender_lines"
    version = 2
    lines = True

    def claims(self, head: bytes) -> bool:
        """A first line that is a row or holds rows, or that the streaming API wrote."""
        return wraps_rows(json_records.first_line(head))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the lines; a line that is no JSON object becomes Unread."""
        return _objects(json_records.of_lines(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


class DefenderJson:
    """Rows in one document, as the hunting API answers."""

    name = "defender_json"
    version = 2
    lines = False

    def claims(self, head: bytes) -> bool:
        """A document whose first object is a row; not JSON lines."""
        if wraps_rows(json_records.first_line(head)):
            return False
        return wraps_rows(json_records.first_of_document(head))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the objects; a damaged one becomes Unread."""
        return _objects(json_records.of_document(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The object as it stands."""
        return json_records.object_at(source, number)


class DefenderCsv:
    """The portal's CSV: any order and selection of columns."""

    name = "defender_csv"
    version = 1
    lines = False  # a command line in quotes may hold line ends

    def claims(self, head: bytes) -> bool:
        """A header with ActionType, a time and a device."""
        found = csv_text.dialect(head)
        return found is not None and is_row(map(column, found.names))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the rows; a row that does not fit the header becomes Unread."""
        table = _Table(source, plan)
        for found in csv_text.records(source, column):
            if isinstance(found, Unread):
                yield found
            else:
                raw = found.text.encode("utf-8", "replace")
                yield from table.add(found.record, found.offset, found.cells, raw)
        yield from table.rest()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The row as it stands, with the lines it spans."""
        return csv_text.row_at(source, number)


def _objects(items: Iterable[Item], source: Source, plan: Plan) -> Iterator[Batch | Unread]:
    table = _Table(source, plan)
    for item in items:
        if item.value is None:
            yield Unread(item.record, item.offset, item.reason)
        else:
            for row in unwrapped(item.value):
                yield from table.add(item.record, item.offset, row, item.raw)
    yield from table.rest()


class _Table:
    """Rows on their way into the streams of their ActionTypes; rows of other tables that somebody describes
    go to their logs, for an event hub mixes mail and identities with the devices' tables."""

    def __init__(self, source: Source, plan: Plan) -> None:
        self._streams = DefenderStreams(plan)
        self._described = DescribedTable(source, plan, OTHER)
        self._of_devices: dict[tuple[str, ...], bool] = {}
        self._finishers: dict[str, Finisher] = {}
        self._builders = source.builders()

    def add(self, record: int, offset: int, row: Mapping[str, Any], raw: bytes) -> Iterator[Batch]:
        if not self._is_of_device(row) and self._described.knows(row):
            return self._described.add(record, offset, row, raw)
        return self._add(record, offset, row, raw)

    def _is_of_device(self, row: Mapping[str, Any]) -> bool:
        names = tuple(row)
        known = self._of_devices.get(names)
        if known is None:
            known = self._of_devices[names] = is_row(names)
        return known

    def _add(self, record: int, offset: int, row: Mapping[str, Any], raw: bytes) -> Iterator[Batch]:
        stream = self._streams.stream(row.get("ActionType"))
        finisher = self._finishers.get(stream.key)
        if finisher is None:
            finisher = self._finishers[stream.key] = Finisher(stream)
        return self._builders.add(stream, record, offset, finisher.finish(row), len(raw), raw)

    def rest(self) -> Iterator[Batch]:
        yield from self._builders.rest()
        yield from self._described.rest()

"""NDJSON, JSON and CSV of logs we do not know: mapped where a mapping file fits, else counted and shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from sakimori.evidence import csv_text, json_records
from sakimori.evidence.csv_text import Dialect
from sakimori.evidence.described import DescribedTable
from sakimori.evidence.json_records import Item
from sakimori.evidence.lines import text_at
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.catalogue import Catalogue, catalogue
from sakimori.records.family import Family, Recognition
from sakimori.records.mapping import FAMILY, load_mapping
from sakimori.records.plan import Plan

_NAME = re.compile(r"[@#]?[^\W\d][^\n\r{}>=\"]{0,63}")  # MFTECmd has a column `SI<FN`
_WORD = re.compile(r"[\w.@-]+")


def known_logs(mappings: Iterable[Path] = ()) -> Catalogue:
    """The catalogue that ships, with the logs of these mapping files.

    Raises UsageError where a mapping cannot be honoured, CatalogueError where two share a name.
    """
    shipped = catalogue()
    files = sorted(mappings)
    logs = [log for file in files for log in load_mapping(file)]
    if not logs:
        return shipped
    written = b"".join(file.read_bytes() for file in files)
    fingerprint = hashlib.sha256(shipped.fingerprint.encode() + written).hexdigest()[:16]
    own = Family(name=FAMILY, recognise=tuple(Recognition.of(log.match) for log in logs))
    return Catalogue((*shipped.logs.values(), *logs), fingerprint, (*shipped.families.values(), own))


class GenericLines:
    """JSON objects, one a line."""

    name = "ndjson"
    version = 1
    lines = True

    def claims(self, head: bytes) -> bool:
        """A first line that is a JSON object with something in it, but no wrapper of records."""
        first = json_records.first_line(head)
        return bool(first) and not json_records.is_wrapper(first)

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a line that is an object."""
        return _objects(json_records.of_lines(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


class GenericJson:
    """JSON objects in one document."""

    name = "json"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """A document with an object in it; JSON lines only where they wrap records."""
        first = json_records.first_line(head)
        lines = bool(first) and not json_records.is_wrapper(first)
        return not lines and bool(json_records.first_of_document(head))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row an object of the document's list."""
        return _objects(json_records.of_document(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The object as it stands."""
        return json_records.object_at(source, number)


class GenericCsv:
    """Rows under a header."""

    name = "csv"
    version = 1
    lines = False  # a quoted cell may hold line ends

    def claims(self, head: bytes) -> bool:
        """Named columns and rows that agree with them; prose with commas is none."""
        found = csv_text.dialect(head)
        return found is not None and is_table(found)

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a row below the header."""
        table = DescribedTable(source, plan, "generic_csv")
        for found in csv_text.records(source):
            if isinstance(found, Unread):
                yield found
            else:
                raw = found.text.encode("utf-8", "replace")
                yield from table.add(found.record, found.offset, found.cells, raw)
        yield from table.rest()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The row as it stands, with the lines it spans."""
        return csv_text.row_at(source, number)


def is_table(found: Dialect) -> bool:
    """Whether a text with delimiters is a table: sensible names above, and rows as wide as they are.

    Two columns are a table only under plain words, for two commas a line are soon found in prose.
    """
    if len(found.names) == 2:
        return all(map(_WORD.fullmatch, found.names)) and found.agreeing == found.sampled > 1
    named = all(map(_NAME.fullmatch, found.names))
    return named and found.sampled > 0 and found.agreeing >= 0.9 * found.sampled


def _objects(items: Iterable[Item], source: Source, plan: Plan) -> Iterator[Batch | Unread]:
    table = DescribedTable(source, plan, "generic_json")
    for item in items:
        if item.value is None:
            yield Unread(item.record, item.offset, item.reason)
        else:
            yield from table.add(item.record, item.offset, item.value, item.raw)
    yield from table.rest()

"""Zeek logs as tab-separated text with a header that names path, fields and types.

Format: https://docs.zeek.org/en/master/log-formats.html#zeek-tsv-format-logs
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from sakimori.evidence.lines import LONGEST_LINE, numbered, text_at
from sakimori.evidence.reader import Source
from sakimori.evidence.zeek_logs import ZeekLogs
from sakimori.records.batch import BYTES_HELD, ROWS_PER_BATCH, Batch, Unread, assemble
from sakimori.records.clock import Zone
from sakimori.records.encoding import dictionary_of, encode
from sakimori.records.plan import Plan, Stream

# Stratosphere's labelled logs (IoT-23) join tunnel_parents, label and detailed-label with three spaces.
_LABEL_GAP = b"   "
_SEPARATORS = ("\t", ",", ";", "|", " ")
_BOOLEANS = {"T": "true", "F": "false"}
_HASH = ord("#")
_BOM_HASH = b"\xef\xbb\xbf#"
_HEX = re.compile(r"\\x([0-9a-fA-F]{2})")


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the rows. `joined` is how many names the last cell holds."""

    separator: str = "\t"
    unset: str = "-"
    empty: str = "(empty)"
    path: str | None = None
    names: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    joined: int = 1

    def with_line(self, line: str) -> Header:
        """The header after one more of its lines; lines that say nothing of rows leave it as it was."""
        key, _, value = line[1:].partition(" " if line.startswith("#separator ") else self.separator)
        if key == "separator":
            mark = _HEX.sub(lambda found: chr(int(found[1], 16)), value)
            return Header(separator=mark if mark in _SEPARATORS else "\t")
        if key == "fields":
            cells = value.split(self.separator)
            names = (*cells[:-1], *cells[-1].split(_LABEL_GAP.decode()))
            return self._but(names=names, types=(), joined=len(cells[-1].split(_LABEL_GAP.decode())))
        if key == "types":
            cells = value.split(self.separator)
            return self._but(types=(*cells[:-1], *cells[-1].split(_LABEL_GAP.decode())))
        if key in ("path", "unset_field", "empty_field"):
            return self._but(**{key.removesuffix("_field"): value})
        return self

    def _but(self, **changes: object) -> Header:
        kept = {name: getattr(self, name) for name in self.__slots__}
        return Header(**{**kept, **changes})


class Table:
    """Rows under one header, kept as lines until a batch is due: one split over all gives the columns.

    (Splitting row by row and gathering columns from the rows takes twice as long.)
    """

    def __init__(self, header: Header, stream: Stream, zone: Zone) -> None:
        self._header, self._stream, self._zone = header, stream, zone
        self._separator = header.separator.encode()
        self._inner = len(header.names) - 1
        self._records: list[int] = []
        self._offsets: list[int] = []
        self._lines: list[bytes] = []
        self._held = 0

    def add(self, record: int, offset: int, line: bytes) -> str | None:
        """Keeps a line as a row; the reason where it is none."""
        inner = line.count(self._separator) + self._labels(line)
        if inner != self._inner:
            return f"{inner + 1} fields where the header names {self._inner + 1}"
        self._records.append(record)
        self._offsets.append(offset)
        self._lines.append(line)
        self._held += len(line)
        return None

    def _labels(self, line: bytes) -> int:
        return line.rpartition(self._separator)[2].count(_LABEL_GAP) if self._header.joined > 1 else 0

    @property
    def due(self) -> bool:
        """Whether a batch should be taken."""
        return len(self._lines) >= ROWS_PER_BATCH or self._held >= BYTES_HELD

    def take(self) -> Iterator[Batch]:
        """The rows since the last take, if any, as one batch."""
        if self._lines:
            columns = self._columns()
            yield assemble(self._stream, self._zone, columns, self._records, self._offsets, self._lines)
        self._records, self._offsets, self._lines, self._held = [], [], [], 0

    def _cells(self) -> list[str]:
        """The cells of all rows, one after another."""
        plain = [line.rstrip(b"\r\n") for line in self._lines]
        if self._header.joined > 1:
            cut = [line.rpartition(self._separator) for line in plain]
            plain = [front + mark + last.replace(_LABEL_GAP, self._separator) for front, mark, last in cut]
        return self._separator.join(plain).decode("utf-8", "backslashreplace").split(self._header.separator)

    def _columns(self) -> dict[str, pa.DictionaryArray]:
        header, width, rows = self._header, self._inner + 1, len(self._lines)
        cells = self._cells()
        where = {name: index for index, name in enumerate(header.names)}
        found = {
            name: self._meant(cells[where[name] :: width], where[name])
            for name in self._stream.columns
            if name in where
        }
        # A log the catalogue does not know keeps its path as a column.
        found.setdefault("_path", encode([header.path] * rows))
        nothing = encode([None] * rows)
        return {name: found.get(name, nothing) for name in self._stream.columns}

    def _meant(self, cells: list[str], index: int) -> pa.DictionaryArray:
        """Texts with unset as null, empty as empty, and booleans spelled out."""
        header = self._header
        meaning: dict[str, str | None] = {header.unset: None, header.empty: ""}
        if index < len(header.types) and header.types[index] == "bool":
            meaning |= _BOOLEANS
        column = encode(cells)
        texts = column.dictionary.to_pylist()
        if meaning.keys().isdisjoint(texts):
            return column
        return dictionary_of([meaning.get(text, text) for text in texts], column.indices.to_numpy())


class ZeekTsv:
    """Any Zeek log in its own text format; a header may come again in files joined end to end."""

    name = "zeek_tsv"
    version = 1
    lines = True

    def claims(self, head: bytes) -> bool:
        """A first line `#separator` (or `#fields`, where tools cut the top)."""
        head = head.removeprefix(b"\xef\xbb\xbf")
        return head.startswith((b"#separator ", b"#fields\t", b"#path\t", b"#set_separator"))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the lines; a line that does not fit its header becomes Unread."""
        return _tables(source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


def _tables(source: Source, plan: Plan) -> Iterator[Batch | Unread]:
    """Follows each change of the header with a table of its own."""
    logs = ZeekLogs(plan.catalogue)
    header = header_of(source.head) if source.offset else Header()
    table = _table(header, logs, plan, source.zone)
    for number, offset, line in numbered(source):
        if line[0] == _HASH or line.startswith(_BOM_HASH):
            changed = header.with_line(_text(line).lstrip("\ufeff"))
            if changed != header:
                yield from table.take() if table else ()
                header, table = changed, _table(changed, logs, plan, source.zone)
            continue
        if len(line) > LONGEST_LINE:
            reason: str | None = "the line is longer than 32 MB"
        else:
            reason = table.add(number, offset, line) if table else "no #fields line stands above this row"
        if reason and line.strip():
            yield Unread(number, offset, reason if line.endswith(b"\n") else f"line ends early: {reason}")
        elif table and table.due:
            yield from table.take()
    yield from table.take() if table else ()


def _table(header: Header, logs: ZeekLogs, plan: Plan, zone: Zone) -> Table | None:
    if not header.names:
        return None
    return Table(header, logs.stream(plan, header.path, header.names), zone)


def header_of(head: bytes) -> Header:
    """The header at the top of a member."""
    header = Header()
    for line in head.removeprefix(b"\xef\xbb\xbf").splitlines():
        if not line.startswith(b"#"):
            break
        header = header.with_line(_text(line))
    return header


def _text(line: bytes) -> str:
    return line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")

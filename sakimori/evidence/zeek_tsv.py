"""Zeek logs as tab-separated text with a header that names path, fields and types.

Format: https://docs.zeek.org/en/master/log-formats.html#zeek-tsv-format-logs
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sakimori.evidence.lines import LONGEST_LINE, line_at, numbered
from sakimori.evidence.reader import Source
from sakimori.evidence.zeek_logs import OTHER, ZeekLogs
from sakimori.records.batch import Batch, BatchBuilder, Builders, Unread
from sakimori.records.plan import Plan, Stream

# Stratosphere's labelled logs (IoT-23) join tunnel_parents, label and detailed-label with three spaces.
_LABEL_GAP = "   "
_BOOLEANS: dict[str | None, str | None] = {"T": "true", "F": "false"}
_HASH = ord("#")
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
            return Header(separator=_HEX.sub(lambda found: chr(int(found[1], 16)), value))
        if key == "fields":
            cells = value.split(self.separator)
            names = (*cells[:-1], *cells[-1].split(_LABEL_GAP))
            return self._but(names=names, types=(), joined=len(cells[-1].split(_LABEL_GAP)))
        if key == "types":
            cells = value.split(self.separator)
            return self._but(types=(*cells[:-1], *cells[-1].split(_LABEL_GAP)))
        if key in ("path", "unset_field", "empty_field"):
            return self._but(**{key.removesuffix("_field"): value})
        return self

    def _but(self, **changes: object) -> Header:
        kept = {name: getattr(self, name) for name in self.__slots__}
        return Header(**{**kept, **changes})


class Rows:
    """Turns lines under one header into cells: unset becomes None, booleans `true` and `false`."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._special: dict[str, str | None] = {header.unset: None, header.empty: ""}
        self._booleans = [index for index, kind in enumerate(header.types) if kind == "bool"]

    def cells(self, line: str) -> list[str | None] | str:
        """The cells of a line, or the reason why it is no row."""
        header = self._header
        parts = line.split(header.separator)
        if header.joined > 1:
            parts[-1:] = parts[-1].split(_LABEL_GAP)
        if len(parts) != len(header.names):
            return f"{len(parts)} fields where the header names {len(header.names)}"
        row = list(map(self._special.get, parts, parts))
        for index in self._booleans:
            row[index] = _BOOLEANS.get(row[index], row[index])
        return row


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
        return _Reading(source, plan).results()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        line = line_at(source, number)
        return None if line is None else line.decode("utf-8", "backslashreplace").rstrip("\r\n")


class _Reading:
    """One pass over one source; `_turn` follows each change of the header."""

    def __init__(self, source: Source, plan: Plan) -> None:
        self._source = source
        self._plan = plan
        self._logs = ZeekLogs(plan.catalogue)
        self._turn(header_of(source.head) if source.offset else Header())

    def results(self) -> Iterator[Batch | Unread]:
        heading = False
        for number, offset, line in numbered(self._source):
            if line[0] == _HASH or line.startswith(b"\xef\xbb\xbf#"):
                if not heading:
                    yield from self._builders.rest()
                self._turn(self._header.with_line(_text(line).lstrip("\ufeff")))
                heading = True
            else:
                heading = False
                yield from self._row(number, offset, line)
        yield from self._builders.rest()

    def _row(self, number: int, offset: int, line: bytes) -> Iterator[Batch | Unread]:
        text = _text(line)
        if not text:
            return iter(())
        if self._stream is None:
            return iter((Unread(number, offset, "no #fields line stands above this row"),))
        row = "line is longer than 32 MB" if len(line) > LONGEST_LINE else self._rows.cells(text)
        if isinstance(row, str):
            return iter((Unread(number, offset, row if line.endswith(b"\n") else f"line ends early: {row}"),))
        return self._builders.add(self._stream, number, offset, [*row, self._header.path], len(line), line)

    def _turn(self, header: Header) -> None:
        self._header = header
        self._rows = Rows(header)
        self._stream: Stream | None = None
        if header.names:
            self._stream = self._logs.stream(self._plan, header.path, header.names)
        # The path rides along as a last cell: `zeek_other` has it as a column.
        names = (*header.names, "_path")
        zone = self._source.zone
        self._builders = Builders(lambda stream: BatchBuilder.of_sequences(stream, zone, names))


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


__all__ = ["OTHER", "Header", "ZeekTsv", "header_of"]

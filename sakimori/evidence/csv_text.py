"""Rows of CSV text as people export it: any usual encoding and delimiter, line ends inside quotes.

A row's number is the line it starts on, its offset the byte that line starts at: both lead back to the text.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import islice

from sakimori.evidence.lines import numbered
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.records.batch import Unread

MOST_TEXT = 4 << 20  # characters one row may hold; a script kept in a cell runs to a few hundred thousand
MOST_LINES = 20_000
DELIMITERS = ("\t", ",", ";")
_SAMPLE = 50
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SEP_LINE = re.compile(r"sep=(.)\r?\n?$")  # what Excel writes to tell itself the delimiter

csv.field_size_limit(MOST_TEXT)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a member writes its rows. `agreeing` of `sampled` first rows have as many cells as the header."""

    encoding: str
    delimiter: str
    names: tuple[str, ...]
    sampled: int
    agreeing: int


@dataclass(frozen=True, slots=True)
class Row:
    """Cells of one row and its place; `text` as it stands."""

    record: int
    offset: int
    cells: list[str]
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    offset: int
    text: str


@lru_cache(maxsize=4)
def dialect(head: bytes) -> Dialect | None:
    """The dialect of a member that begins with `head`; None where it is no text, or text without columns."""
    encoding = encoding_of(head)
    if encoding is None:
        return None
    tried = [_tried(head, encoding, delimiter) for delimiter in DELIMITERS]
    fitting = [one for one in tried if len(one.names) > 1]
    return max(fitting, key=lambda one: (one.agreeing, len(one.names)), default=None)


def _tried(head: bytes, encoding: str, delimiter: str) -> Dialect:
    source = Source(path="", stream=BytesIO(head), head=head)
    found = [row for row in islice(rows(source, encoding, delimiter), _SAMPLE) if isinstance(row, Row)]
    if len(head) >= HEAD_BYTES and len(found) < _SAMPLE:
        found = found[:-1]  # the head ends inside it
    names = unique(found[0].cells) if found else ()
    body = found[1:]
    agreeing = sum(len(row.cells) == len(names) for row in body)
    return Dialect(encoding, delimiter, names, len(body), agreeing)


def encoding_of(head: bytes) -> str | None:
    """UTF-8 or UTF-16 by byte order mark, else the better of UTF-8 and cp932; None for what is no text."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if b"\0" in head[:4096] or not head.strip():
        return None
    wrong = {name: _undecodable(head, name) for name in ("utf-8", "cp932")}
    best = min(wrong, key=lambda name: wrong[name])
    return best if wrong[best] <= 1 + len(head) // 200 else None


def _undecodable(head: bytes, encoding: str) -> int:
    """How many bytes have no meaning in this encoding."""
    return len(head) - len(head.decode(encoding, "ignore").encode(encoding, "replace"))


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Names of a header, trimmed; a repeated or missing one gets its number."""
    seen: dict[str, int] = {}
    found = []
    for index, name in enumerate(names, 1):
        plain = name.strip().strip("\ufeff") or f"column_{index}"
        seen[plain] = seen.get(plain, 0) + 1
        found.append(plain if seen[plain] == 1 else f"{plain}_{seen[plain]}")
    return tuple(found)


def rows(source: Source, encoding: str, delimiter: str) -> Iterator[Row | Unread]:
    """The rows of the source, its header among them; blank lines and Excel's `sep=` are none."""
    lines = _Lines(_lines(source, encoding))
    for line in lines:
        if len(line.text) > MOST_TEXT:
            yield Unread(line.number, line.offset, "the line is longer than 4 million characters")
        elif "\0" in line.text:
            yield Unread(line.number, line.offset, "holds NUL bytes")
        elif '"' not in line.text:
            yield from _plain(line, delimiter)
        else:
            yield _quoted(line, lines, delimiter)


def _plain(line: _Line, delimiter: str) -> Iterator[Row]:
    text = line.text.rstrip("\r\n")
    if text and not _SEP_LINE.match(text):
        yield Row(line.number, line.offset, text.split(delimiter), line.text)


def _quoted(first: _Line, lines: _Lines, delimiter: str) -> Row | Unread:
    """A row with quotes; it takes lines until a quoted cell is closed."""
    taken, size = [first], len(first.text)
    inside = first.text.count('"') % 2 == 1 and _open(first.text, delimiter, inside=False)
    while inside:
        line = next(lines, None)
        if line is None or size > MOST_TEXT or len(taken) > MOST_LINES:
            lines.give_back([*taken[1:], *([] if line is None else [line])])
            return Unread(first.number, first.offset, "a quoted text does not end")
        taken.append(line)
        size += len(line.text)
        inside = _open(line.text, delimiter, inside=True)
    text = "".join(line.text for line in taken)
    try:
        cells = next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error as problem:
        return Unread(first.number, first.offset, f"not CSV: {problem}")
    return Row(first.number, first.offset, cells, text)


def _open(text: str, delimiter: str, inside: bool) -> bool:
    """Whether a quoted cell is still open at the end of a line; a quote in a bare cell opens none."""
    whole, opening, closing = _quotes(delimiter)
    if inside:
        end = closing.match(text)
        if end is None:
            return True
        text = text[end.end() :]
    return opening.search(whole.sub("", text)) is not None


@lru_cache(maxsize=8)
def _quotes(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of a whole quoted cell, an opening quote, and the rest of a cell up to its closing quote."""
    mark = re.escape(delimiter)
    rest = rf'[^"]*(?:""[^"]*)*"(?={mark}|\r?\n?\Z)'
    return re.compile(rf'(?:\A|{mark})"{rest}'), re.compile(rf'(?:\A|{mark})"'), re.compile(rest)


class _Lines:
    """Lines that can be given back, for when an opening quote proves to be damage."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self._lines = lines
        self._back: deque[_Line] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> _Line:
        return self._back.popleft() if self._back else next(self._lines)

    def give_back(self, lines: list[_Line]) -> None:
        self._back.extendleft(reversed(lines))


def _lines(source: Source, encoding: str) -> Iterator[_Line]:
    narrow = "utf-8" if encoding.startswith("utf-16") else encoding  # `numbered` recodes UTF-16
    for number, offset, line in numbered(source):
        text = line.decode(narrow, "backslashreplace")
        yield _Line(number, offset, text.removeprefix("\ufeff") if number == 1 else text)


@dataclass(frozen=True, slots=True)
class Record:
    """A row under its header."""

    record: int
    offset: int
    cells: dict[str, str]
    text: str


def records(source: Source, named: Callable[[str], str] = str) -> Iterator[Record | Unread]:
    """The rows below the header, its names as `named` makes them; a row of another width becomes Unread.

    A header that comes again, as in exports joined end to end, is no row.
    """
    found = dialect(source.head)
    if found is None:
        return
    names = unique(map(named, found.names))
    header, width = None, len(names)
    for row in rows(source, found.encoding, found.delimiter):
        if isinstance(row, Unread):
            yield row
        elif header is None or row.cells == header:
            header = row.cells
        elif len(row.cells) != width:
            yield Unread(row.record, row.offset, f"{len(row.cells)} cells where the header names {width}")
        else:
            yield Record(row.record, row.offset, dict(zip(names, row.cells, strict=True)), row.text)


def row_at(source: Source, number: int) -> str | None:
    """The text of the row that starts on line `number`, None where no row starts there."""
    encoding = encoding_of(source.head) or "utf-8"
    found = dialect(source.head)
    for row in rows(source, encoding, found.delimiter if found else ","):
        if row.record >= number:
            return row.text.rstrip("\r\n") if isinstance(row, Row) and row.record == number else None
    return None

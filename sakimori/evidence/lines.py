"""Lines of a text log with their number and offset."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from functools import partial
from itertools import islice

from sakimori.evidence.reader import Source

LONGEST_LINE = 32 << 20
_PIECE = 1 << 20
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def numbered(source: Source) -> Iterator[tuple[int, int, bytes]]:
    """(line number, byte offset, line with its end) of every line; UTF-16 becomes UTF-8.

    Of a line longer than LONGEST_LINE only the first LONGEST_LINE + 1 bytes are given, so that a file without
    line ends cannot fill the memory.
    """
    encoding = _UTF16.get(source.head[:2])
    if encoding and source.offset == 0:
        yield from _recoded(source, encoding)
        return
    offset = source.offset
    readline = source.stream.readline
    for number, line in enumerate(iter(partial(readline, LONGEST_LINE + 1), b""), source.record):
        yield number, offset, line
        offset += len(line)
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            offset += _skip_line(source)


def line_at(source: Source, number: int) -> bytes | None:
    """The line with this number, None past the end."""
    found = next(islice(numbered(source), number - source.record, None), None)
    return None if found is None else found[2]


def _skip_line(source: Source) -> int:
    """Bytes up to and with the next line end, read past."""
    skipped = 0
    while rest := source.stream.readline(_PIECE):
        skipped += len(rest)
        if rest.endswith(b"\n"):
            break
    return skipped


def _recoded(source: Source, encoding: str) -> Iterator[tuple[int, int, bytes]]:
    """UTF-16 lines as UTF-8, at the offsets they have in the member."""
    offset = len(source.stream.read(2))
    for number, wide in enumerate(_wide_lines(source, encoding), source.record):
        yield number, offset, wide[: LONGEST_LINE + 1].decode(encoding, "replace").encode()
        offset += len(wide)


def _wide_lines(source: Source, encoding: str) -> Iterator[bytes]:
    end = "\n".encode(encoding)
    held = b""
    while piece := source.stream.read(_PIECE):
        *lines, held = _cut(held + piece, end)
        yield from lines
        if len(held) > 2 * LONGEST_LINE:
            yield held
            held = b""
    if held:
        yield held


def _cut(data: bytes, end: bytes) -> list[bytes]:
    """`data` cut behind every `end` that stands on a two-byte boundary; the last piece is what is left."""
    pieces, start, at = [], 0, data.find(end)
    while at >= 0:
        if at % 2 == 0:
            pieces.append(data[start : at + 2])
            start = at + 2
        at = data.find(end, at + 1)
    return [*pieces, data[start:]]


def text_at(source: Source, number: int) -> str | None:
    """The line with this number as text, without its end; None past the last."""
    line = line_at(source, number)
    return None if line is None else line.decode("utf-8", "backslashreplace").rstrip("\r\n")

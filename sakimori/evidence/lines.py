"""Lines of a text log with their number and offset."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from sakimori.evidence.reader import Source

LONGEST_LINE = 32 << 20


def numbered(source: Source) -> Iterator[tuple[int, int, bytes]]:
    """(line number, byte offset, line with its end) of every line of the source."""
    offset = source.offset
    for number, line in enumerate(source.stream, source.record):
        yield number, offset, line
        offset += len(line)


def line_at(source: Source, number: int) -> bytes | None:
    """The line with this number, None past the end."""
    found = next(islice(numbered(source), number - source.record, None), None)
    return None if found is None else found[2]

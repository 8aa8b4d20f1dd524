"""What readers of text logs share: lines in, records told by a function of the format out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sakimori.evidence.lines import numbered, text_at
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan, Stream

_TRIED = 40
# Patterns that look back and forth would take hours on a line of megabytes.
_LONGEST_READ = 1 << 16
_BOM = "\ufeff"
# IIS fills its file with zeros ahead of what it writes; a machine that lost its power leaves some in between.
_ZEROS = b"\0"
_NOTHING = b"\0 \t\r\n"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says: its log of the catalogue, its fields, and values all records of the stream share."""

    log: str
    row: Row
    constants: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What was told, or why nothing could be, with the place and the original."""

    record: int
    offset: int
    raw: bytes
    told: Told | str


# A line's record, the reason why it is unread, or None for a line that says nothing (a comment).
Parse = Callable[[str], Told | str | None]


class LineReader:
    """A text log with a record a line; a format gives `fits` and `parser`."""

    name = ""
    version = 1
    lines = True

    def fits(self, line: str) -> bool:
        """Whether a line is of this format."""
        raise NotImplementedError

    def parser(self, source: Source, plan: Plan) -> Parse:
        """The function that reads one line; a member or a range has one of its own, which may remember."""
        raise NotImplementedError

    def claims(self, head: bytes) -> bool:
        """Most of the first lines are of this format."""
        fitting = [self.fits(line) for line in first_lines(head)]
        return sum(fitting) * 2 > len(fitting)

    def placed(self, source: Source, plan: Plan) -> Iterator[Placed]:
        """The records of all lines, in their order."""
        return each_line(source, self.parser(source, plan))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the lines; what cannot be read becomes Unread."""
        builders = source.builders()
        streams: dict[str, Stream] = {}
        for one in self.placed(source, plan):
            if isinstance(one.told, str):
                yield Unread(one.record, one.offset, one.told)
                continue
            log, constants = one.told.log, one.told.constants
            stream = plan.stream(log, constants) if constants else streams.get(log)
            if stream is None:
                stream = streams[log] = plan.stream(log)
            if builders.put(stream, one.record, one.offset, one.told.row, len(one.raw), one.raw):
                yield from builders.due()
        yield from builders.rest()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


def each_line(source: Source, parse: Parse) -> Iterator[Placed]:
    """What is told of each line that is not blank; of a very long one, what its beginning tells."""
    for number, offset, line in numbered(source):
        told = parse(text_of_line(line[:_LONGEST_READ])) if line.strip(_NOTHING) else None
        if told is not None:
            yield Placed(number, offset, line, told)


def text_of_line(line: bytes) -> str:
    """The line without its end; bytes that are no UTF-8 stay visible."""
    return line.strip(_ZEROS).decode("utf-8", "backslashreplace").rstrip("\r\n").removeprefix(_BOM)


def first_lines(head: bytes, most: int = _TRIED) -> list[str]:
    """The first lines of a head that are not blank; one that the head cuts off is left out."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode()
    whole = head.split(b"\n")
    whole = whole[:-1] if len(head) >= HEAD_BYTES and len(whole) > 1 else whole
    lines = [line for line in whole[: 4 * most] if line.strip(_NOTHING)][:most]
    return [] if any(_ZEROS in line.strip(_ZEROS) for line in lines) else list(map(text_of_line, lines))

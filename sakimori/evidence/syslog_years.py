"""The year of times that name none: `Mar  1 09:12:00`, as RFC 3164 writes them.

Lines stand in order, so the year turns where the months fall back. The last line was written before the file
was put away: on the day a rotated file has in its name, else before today. A person sees that the year was
assumed, for the time stands in a column of its own.
https://www.rfc-editor.org/rfc/rfc3164#section-4.1.2
"""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, BinaryIO, cast

from sakimori.evidence.reader import Source

MONTHS = {name: number for number, name in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
)}  # fmt: skip
_YEARLESS = re.compile(rb"(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) \d{2}:\d{2}:\d{2}")
_ROTATED = re.compile(r"[-_.](20\d{2})-?(\d{2})-?(\d{2})(?!\d)")
_HALF = 6
_PIECE = 1 << 20
_MOST_COPIED = 1 << 30
# Clocks run ahead, and a zone may be half a day ahead of ours.
_AHEAD = timedelta(days=1)


class Years:
    """Gives each month and day its year. `start` is the first line's year; None where nobody knows the
    last."""

    def __init__(self, latest: datetime, start: int | None = None) -> None:
        self._latest = latest
        self._year, self._month = start, 0

    def of(self, month: int, day: int) -> int:
        """The year of the next line."""
        if self._year is None:
            return newest_year(month, day, self._latest)
        self._year += _turn(self._month, month)
        self._month = month
        return self._year


def newest_year(month: int, day: int, latest: datetime) -> int:
    """The newest year in which this day exists and is not later than `latest`."""
    for year in range(latest.year, latest.year - 9, -1):
        try:
            if datetime(year, month, day) <= latest:
                return year
        except ValueError:
            continue  # 29 February
    return latest.year


@contextmanager
def with_years(
    source: Source, now: datetime | None = None, most: int = _MOST_COPIED
) -> Iterator[tuple[Source, Years]]:
    """The source with the years of its lines; one too large to be read twice is taken day by day."""
    latest = put_away(source.path) or (now or datetime.now(UTC)).replace(tzinfo=None) + _AHEAD
    if not _YEARLESS.match(source.head.lstrip()):
        yield source, Years(latest)
        return
    with tempfile.TemporaryFile(prefix="sakimori-") as copy:
        whole = _copied(source.stream, cast(BinaryIO, copy), most)
        first = _first_year(iter(partial(copy.readline, _PIECE), b""), latest) if whole else None
        copy.seek(0)
        both = io.BufferedReader(_OneAfterTheOther(cast(BinaryIO, copy), source.stream), _PIECE)
        yield replace(source, stream=cast(BinaryIO, both)), Years(latest, first)


def _copied(stream: BinaryIO, copy: BinaryIO, most: int) -> bool:
    """Copies what `most` allows; gives whether that was all. The copy stands at its start again."""
    while copy.tell() < most and (piece := stream.read(_PIECE)):
        copy.write(piece)
    whole = copy.tell() < most
    copy.seek(0)
    return whole


class _OneAfterTheOther(io.RawIOBase):
    """The copy, then what was not copied."""

    def __init__(self, *streams: BinaryIO) -> None:
        self._streams = list(streams)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._streams:
            piece = self._streams[0].read(len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)
            self._streams.pop(0)
        return 0


def put_away(path: str) -> datetime | None:
    """The end of the day in a rotated file's name: `messages-20260301`; None where there is none."""
    found = _ROTATED.search(path.rsplit("/", 1)[-1])
    try:
        return datetime(int(found[1]), int(found[2]), int(found[3])) + _AHEAD if found else None
    except ValueError:
        return None


def _first_year(lines: Iterable[bytes], latest: datetime) -> int | None:
    """The year of the first line, counted back from the last."""
    turns, before, last = 0, 0, None
    for month, day in _days(lines):
        turns += _turn(before, month)
        before, last = month, (month, day)
    return None if last is None else newest_year(*last, latest) - turns


def _days(lines: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    for line in lines:
        found = _YEARLESS.match(line)
        if found and (month := MONTHS.get(found[1].decode())):
            yield month, int(found[2])


def _turn(before: int, month: int) -> int:
    """1 where the year turns, -1 where a late line belongs to the old one."""
    if not before or abs(month - before) < _HALF:
        return 0
    return 1 if month < before else -1

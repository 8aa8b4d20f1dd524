"""A large plain file of lines cut into ranges at line ends, so that several workers may read it."""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from sakimori.evidence.archives import Slice

RANGE_BYTES = 256 << 20
_PIECE = 1 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Range:
    """`length` bytes from `offset`, whole lines only; `first_record` is the number of its first line.

    `prefix` is the SHA-256 of the file from its start to the range's end: a log that has grown keeps the
    prefixes of its old ranges.
    """

    offset: int
    length: int
    first_record: int
    prefix: str


@dataclass(frozen=True, slots=True)
class Whole:
    """The end of the cut: SHA-256, bytes and line ends of the whole file."""

    sha256: str
    bytes: int
    lines: int


def ranges(file: Path, size: int = RANGE_BYTES) -> Iterator[Range | Whole]:
    """The file's ranges of about `size` bytes, each as soon as it is counted, and at last its Whole.

    One pass hashes and counts. A line longer than a range makes its range longer. In UTF-16 a newline byte is
    no line end, so such a file stays one range. Raises OSError where the file cannot be read.
    """
    cut = _Cut(size)
    with file.open("rb", buffering=0) as stream:
        while piece := stream.read(_PIECE):
            yield from cut.feed(piece)
    yield from cut.end()
    yield Whole(cut.digest.hexdigest(), cut.position, cut.lines)


def open_range(file: Path, part: Range) -> BinaryIO:
    """The bytes of a range as a buffered stream; the caller closes it."""
    stream = file.open("rb", buffering=0)
    stream.seek(part.offset)
    return cast(BinaryIO, io.BufferedReader(_Closing(cast(BinaryIO, stream), part.length), _PIECE))


class _Cut:
    """Where the open range starts, and the lines counted so far."""

    def __init__(self, size: int) -> None:
        self._size = max(1, size)
        self._start, self._first = 0, 1
        self.position = self.lines = 0
        self.digest = hashlib.sha256()

    def feed(self, piece: bytes) -> Iterator[Range]:
        if self.position == 0 and piece.startswith(_UTF16):
            self._size = sys.maxsize
        done = 0
        while end := piece.find(b"\n", max(done, self._start + self._size - 1 - self.position)) + 1:
            self.lines += piece.count(b"\n", done, end)
            self.digest.update(piece[done:end])
            yield self._range(self.position + end)
            done = end
        self.lines += piece.count(b"\n", done)
        self.digest.update(piece[done:])
        self.position += len(piece)

    def end(self) -> Iterator[Range]:
        if self.position > self._start:
            yield self._range(self.position)

    def _range(self, end: int) -> Range:
        part = Range(self._start, end - self._start, self._first, self.digest.hexdigest())
        self._start, self._first = end, self.lines + 1
        return part


class _Closing(Slice):
    """A slice that closes its file with itself."""

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()

"""Seeking in a stream that only runs forward, by starting it again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from sakimori.evidence.member import Member

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 1 << 20
_TAIL = 8 << 20


class Reread(io.RawIOBase):
    """A member as a seekable file: one pass finds its length and keeps its tail, where directories stand.

    Reading on is cheap; going back opens the member anew. Archives are read in byte order, so two
    or three passes are the rule.
    """

    def __init__(self, again: Callable[[], Member]) -> None:
        self._again = again
        self._length, self._tail = _measure(again())
        self._member = again()
        self._at = 0  # where the open member stands
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        if base + offset < 0:
            raise ValueError("a position before the start was asked for")
        self._position = base + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        in_tail = self._position - (self._length - len(self._tail))
        data = self._tail[in_tail : in_tail + len(view)] if in_tail >= 0 else self._read(len(view))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._member.close()
        super().close()

    def _read(self, count: int) -> bytes:
        if self._position < self._at:
            self._member.close()
            self._member, self._at = self._again(), 0
        while self._at < self._position:
            skipped = len(self._member.stream.read(min(_PIECE, self._position - self._at)))
            if not skipped:
                return b""
            self._at += skipped
        data = self._member.stream.read(count)
        self._at += len(data)
        return data


def _measure(member: Member) -> tuple[int, bytes]:
    length, tail = 0, b""
    while piece := member.stream.read(_PIECE):
        length += len(piece)
        tail = (tail + piece)[-_TAIL:]
    member.close()
    return length, tail

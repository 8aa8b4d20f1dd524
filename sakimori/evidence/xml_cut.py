"""Event elements cut out of a stream of text, with their offsets; loss between them is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

LONGEST_EVENT = 8 << 20
_PIECE = 1 << 20
_SHOWS_LOSS = ("</Event>", "<System")


@dataclass(frozen=True, slots=True)
class Cut:
    """One event element as it stands at `offset`; `problem` says why it is none."""

    offset: int
    data: bytes
    problem: str = ""


def cut(stream: BinaryIO, offset: int, encoding: str) -> Iterator[Cut]:
    """The event elements of a stream in order, each from `<Event` to `</Event>`."""
    return _Cutter(stream, offset, _Tags(encoding)).cuts()


class _Tags:
    """The tags an event is found by, as bytes of one encoding."""

    def __init__(self, encoding: str) -> None:
        self.wide = encoding.startswith("utf-16")
        code = encoding if self.wide else "ascii"
        space = "|".join(re.escape(c.encode(code).decode("latin-1")) for c in " >\t\r\n")
        start = re.escape("<Event".encode(code).decode("latin-1"))
        self._start = re.compile(f"{start}(?:{space})".encode("latin-1"))
        self.close = "</Event>".encode(code)
        self.opens, self.closes = "<Events".encode(code), "</Events>".encode(code)
        self.losses = tuple(tag.encode(code) for tag in _SHOWS_LOSS)

    def start(self, data: bytes | bytearray, at: int, end: int, base: int) -> int:
        """Where the next event opens; -1 if nowhere. `base` is the offset of the data in the stream."""
        found = self._start.search(data, at, end)
        while found and self.wide and (base + found.start()) % 2:
            found = self._start.search(data, found.start() + 1, end)
        return found.start() if found else -1

    def end(self, data: bytes | bytearray, at: int, base: int) -> int:
        """Behind the next closing tag; -1 if there is none."""
        found = data.find(self.close, at)
        while self.wide and found >= 0 and (base + found) % 2:
            found = data.find(self.close, found + 1)
        return found if found < 0 else found + len(self.close)


@dataclass(slots=True)
class _Cutter:
    stream: BinaryIO
    base: int  # offset of held[0]
    tags: _Tags
    held: bytes = b""
    at: int = 0  # what stands before is done with
    unclosed: int = 0  # offset up to which no event closes,
    closed: int = 0  # and where one does, both known from before: no byte is searched twice
    ended: bool = False
    listed: bool = False  # inside an <Events> that has not closed

    def cuts(self) -> Iterator[Cut]:
        while True:
            start = self.tags.start(self.held, self.at, len(self.held), self.base)
            if start >= 0:
                yield from self._leave(start)
                yield self._event()
                continue
            # The last bytes may be half a tag.
            yield from self._leave(len(self.held) if self.ended else max(self.at, len(self.held) - 64))
            if self.ended:
                break
            self._more()
        if self.listed:
            yield self._take(len(self.held), "The list of events has no end.")

    def _event(self) -> Cut:
        """The event that opens here; reads on until it closes."""
        while (end := self._end()) < 0:
            if len(self.held) - self.at > LONGEST_EVENT or not self._more():
                break
        stop = end if end > 0 else len(self.held)
        inner = self.tags.start(self.held, self.at + 1, stop, self.base)
        if inner > 0:
            return self._take(inner, "The event has no end; another one begins inside it.")
        if end < 0 and stop - self.at > LONGEST_EVENT:
            return self._take(stop, f"The event is longer than {LONGEST_EVENT >> 20} MB.")
        return self._take(stop, "" if end > 0 else "The event has no end.")

    def _end(self) -> int:
        """Where the next event closes in what is held; -1 if nowhere."""
        if self.closed <= self.base + self.at:
            end = self.tags.end(self.held, max(self.at + 1, self.unclosed - self.base), self.base)
            self.closed = self.base + end if end > 0 else 0
            if end < 0:
                self.unclosed = self.base + max(0, len(self.held) - 64)
        return self.closed - self.base if self.closed else -1

    def _leave(self, stop: int) -> Iterator[Cut]:
        """Pass over what is no event; told if it looks as if it had been one."""
        opened, closed = self._last(self.tags.opens, stop), self._last(self.tags.closes, stop)
        self.listed = opened > closed if max(opened, closed) >= 0 else self.listed
        lost = any(self._last(tag, stop) >= 0 for tag in self.tags.losses)
        taken = self._take(stop, "The text is what is left of a damaged event." if lost else "")
        if lost:
            yield taken

    def _last(self, tag: bytes, stop: int) -> int:
        """Where a tag begins for the last time between here and `stop`; -1 if nowhere."""
        return self.held.rfind(tag, self.at, stop + len(tag) - 1)

    def _take(self, stop: int, problem: str) -> Cut:
        taken = Cut(self.base + self.at, b"" if problem else self.held[self.at : stop], problem)
        self.at = stop
        return taken

    def _more(self) -> bool:
        piece = b"" if self.ended else self.stream.read(_PIECE)
        self.ended = not piece
        self.base += self.at
        self.held, self.at = self.held[self.at :] + piece, 0
        return bool(piece)

"""Sigma's wildcards over whole values: `*` any run of characters, `?` exactly one, in linear time.

A regular expression of several `.*` would try every way to share a long value out among them, and evidence is
written by others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache


class Like:
    """A pattern in which a backslash escapes the next character."""

    def __init__(self, pattern: str) -> None:
        self._first, *self._rest = [_Stretch(parts) for parts in _stretches(pattern)]

    def holds(self, value: str) -> bool:
        """Whether the whole value has the pattern's form."""
        start = self._first.at(value, 0)
        if start < 0 or not self._rest:
            return start == len(value)
        for stretch in self._rest[:-1]:
            start = stretch.find(value, start)
            if start < 0:
                return False
        last = self._rest[-1]
        return len(value) - last.length >= start and last.at(value, len(value) - last.length) == len(value)


class _Stretch:
    """Literal texts and `?` between two `*`; its length is fixed."""

    def __init__(self, parts: list[str | None]) -> None:
        self.length = sum(1 if part is None else len(part) for part in parts)
        self._text = "".join(part or "" for part in parts) if None not in parts else None
        self._expression = re.compile("".join("." if p is None else re.escape(p) for p in parts), re.DOTALL)

    def at(self, value: str, start: int) -> int:
        """Where the stretch ends if it stands at `start`, else -1."""
        if self._text is not None:
            return start + self.length if value.startswith(self._text, start) else -1
        return start + self.length if self._expression.match(value, start) else -1

    def find(self, value: str, start: int) -> int:
        """Where the stretch ends at its first place from `start` on, else -1."""
        if self._text is not None:
            found = value.find(self._text, start)
            return -1 if found < 0 else found + self.length
        match = self._expression.search(value, start)
        return -1 if match is None else match.end()


def _stretches(pattern: str) -> Iterator[list[str | None]]:
    stretch: list[str | None] = []
    escaped = False
    for char in pattern:
        if escaped or char not in "*?\\":
            stretch.append(char)
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "?":
            stretch.append(None)
        else:
            yield stretch
            stretch = []
    yield stretch


def literals(pattern: str) -> list[str]:
    """The literal texts of a pattern, in order."""
    found: list[str] = []
    for stretch in _stretches(pattern):
        text = ""
        for part in [*stretch, None]:
            if part is not None:
                text += part
            elif text:
                found.append(text)
                text = ""
    return found


@lru_cache(maxsize=8192)
def like(pattern: str) -> Like:
    """The compiled pattern."""
    return Like(pattern)

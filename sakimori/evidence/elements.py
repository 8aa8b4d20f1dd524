"""Elements of an XML document one after another, as they end; the document's tree is never held whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

_PIECE = 1 << 16
_DEEPEST = 64
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


class NotRead(Exception):
    """Why the document, or the rest of it, could not be read."""


def plain(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def elements(data: bytes, wanted: frozenset[str], without: str = "") -> Iterator[Element]:
    """The elements of these plain tags in the order in which they end, but none inside a tag `without`.

    One inside another comes first and stays part of the outer one. Raises NotRead where the text breaks off,
    after all elements that ended before, and at once where it declares entities, which may be endless.
    """
    if _DECLARES.search(data):
        raise NotRead("declares entities, which may be endless")
    built = _Ended(wanted, without)
    parser = XMLParser(target=built)
    for start in range(0, len(data), _PIECE):
        broken = _fed(parser, data[start : start + _PIECE])
        yield from built.taken()
        if broken is not None:
            raise NotRead(f"not XML: {broken}")
    try:
        parser.close()
    except (ParseError, ValueError) as problem:
        raise NotRead(f"not XML: {problem}") from None


def _fed(parser: XMLParser, piece: bytes) -> Exception | None:
    try:
        parser.feed(piece)
    except (ParseError, ValueError, LookupError) as problem:
        return problem
    return None


class _Ended(TreeBuilder):
    """Builds the tree and keeps the wanted elements as they end."""

    def __init__(self, wanted: frozenset[str], without: str) -> None:
        super().__init__()
        self._wanted, self._without = wanted, without
        self._left_out = 0
        self._deep = 0
        self._inside = 0
        self._ended: list[tuple[Element, bool]] = []

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._deep += 1
        self._inside += plain(tag) in self._wanted
        self._left_out += plain(tag) == self._without
        if self._deep > _DEEPEST:
            raise ValueError("nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        element = super().end(tag)
        self._deep -= 1
        if plain(tag) in self._wanted:
            self._inside -= 1
            if not self._left_out:
                self._ended.append((element, self._inside == 0))
        self._left_out -= plain(tag) == self._without
        return element

    def taken(self) -> Iterator[Element]:
        """What ended since; the outermost are emptied once they were looked at."""
        for element, outermost in self._ended:
            yield element
            if outermost:
                element.clear()
        self._ended.clear()

"""CycloneDX as XML. https://cyclonedx.org/docs/1.6/xml/"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from sakimori.evidence.found import Found, TooLarge, batches, in_memory
from sakimori.evidence.reader import Source
from sakimori.evidence.software.sbom import component
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_BYTES = 64 << 20
_DEEPEST = 64
_ROOT = re.compile(rb"<(?:\w+:)?bom\b[^>]*cyclonedx\.org/schema/bom")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_TOLD = ("name", "version", "group", "purl", "publisher")


class CycloneXml:
    """Bills of materials of CycloneDX 1.4 to 1.6 as XML.

    Watch: a document with declarations (DOCTYPE) is refused: they can make a small file huge.
    """

    name = "cyclonedx_xml"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """A root element `bom` in CycloneDX's namespace."""
        return _ROOT.search(head[:8192]) is not None

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """A record a component, nested ones too, numbered as they end."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The component as it stands."""
        found = (one for one in _found(source) if isinstance(one, Found) and one.record == number)
        return next((one.raw.decode("utf-8", "replace") for one in found), None)


def _found(source: Source) -> Iterator[Found | Unread]:
    try:
        data = in_memory(source, MOST_BYTES)
    except TooLarge as problem:
        yield Unread(1, 0, str(problem))
        return
    if _DECLARES.search(data):
        yield Unread(1, 0, "declares entities, which may be endless; not read")
        return
    at, number = 0, 0
    try:
        for entry in _components(data):
            package = component(entry, None)
            if package is None:
                continue
            number += 1
            at = max(at, data.find(f">{entry['name']}<".encode(), at))  # an outer one ends after its parts
            shown = "".join(f"<{key}>{entry[key]}</{key}>" for key in _TOLD if entry.get(key))
            row = package.row(source.path)
            yield Found("software_cyclonedx", number, at, row, f"<component>{shown}</component>".encode())
    except (ParseError, ValueError, LookupError) as problem:
        yield Unread(number + 1, at, f"not XML: {problem}")


class _Components(TreeBuilder):
    """Builds the tree and keeps each component as it ends, without the components inside it."""

    def __init__(self) -> None:
        super().__init__()
        self._deep = 0
        self._listed = 0
        self.ended: list[Element] = []

    def start(self, tag: Any, attrs: Any, /) -> Element:
        self._deep += 1
        self._listed += _plain(tag) == "components"
        if self._deep > _DEEPEST:
            raise ValueError("nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: Any, /) -> Element:
        element = super().end(tag)
        self._deep -= 1
        self._listed -= _plain(tag) == "components"
        if self._listed and _plain(tag) == "component":
            self.ended.append(element)
        return element


def _components(data: bytes) -> Iterator[dict[str, Any]]:
    """The components as they end; raises ParseError where the text breaks off."""
    built = _Components()
    parser = XMLParser(target=built)
    for start in range(0, len(data), 1 << 16):
        broken = _fed(parser, data[start : start + (1 << 16)])
        for element in built.ended:
            yield _entry(element)
            element.clear()
        built.ended.clear()
        if broken is not None:
            raise broken
    parser.close()


def _fed(parser: XMLParser, piece: bytes) -> ParseError | ValueError | None:
    """What stopped the parser; components that ended before it are whole."""
    try:
        parser.feed(piece)
    except (ParseError, ValueError) as problem:
        return problem
    return None


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _tag(element: Element) -> str:
    return _plain(element.tag)


def _entry(element: Element) -> dict[str, Any]:
    told: dict[str, Any] = {
        _tag(child): (child.text or "").strip() for child in element if _tag(child) in _TOLD
    }
    hashes = [one for child in element if _tag(child) == "hashes" for one in child]
    told["hashes"] = [{"alg": one.get("alg"), "content": (one.text or "").strip()} for one in hashes]
    return told

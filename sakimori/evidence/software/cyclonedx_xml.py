"""CycloneDX as XML. https://cyclonedx.org/docs/1.6/xml/"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from sakimori.evidence.elements import NotRead, elements, plain
from sakimori.evidence.found import Found, TooLarge, batches, in_memory
from sakimori.evidence.reader import Source
from sakimori.evidence.software.sbom import component
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_BYTES = 64 << 20
_ROOT = re.compile(rb"<(?:\w+:)?bom\b[^>]*cyclonedx\.org/schema/bom")
_COMPONENT = frozenset({"component"})
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
    at, number = 0, 0
    try:
        # The metadata name the product itself and the tool that wrote the bill.
        for element in elements(data, _COMPONENT, without="metadata"):
            entry = _entry(element)
            package = component(entry, None)
            if package is None:
                continue
            number += 1
            at = max(at, data.find(f">{entry['name']}<".encode(), at))  # an outer one ends after its parts
            shown = "".join(f"<{key}>{entry[key]}</{key}>" for key in _TOLD if entry.get(key))
            row = package.row(source.path)
            yield Found("software_cyclonedx", number, at, row, f"<component>{shown}</component>".encode())
    except NotRead as problem:
        yield Unread(number + 1, at, str(problem))


def _entry(element: Element) -> dict[str, Any]:
    told: dict[str, Any] = {
        plain(child.tag): (child.text or "").strip() for child in element if plain(child.tag) in _TOLD
    }
    hashes = [one for child in element if plain(child.tag) == "hashes" for one in child]
    told["hashes"] = [{"alg": one.get("alg"), "content": (one.text or "").strip()} for one in hashes]
    return told

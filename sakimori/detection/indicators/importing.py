"""A file or a paste into indicators: its format told by its content, its hash and the moment kept."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from sakimori.detection.indicators.indicator import Indicator, Refused
from sakimori.detection.indicators.making import Gathered, Told
from sakimori.detection.indicators.reading_csv import read_csv, understood
from sakimori.detection.indicators.reading_misp import read_misp
from sakimori.detection.indicators.reading_stix import read_stix
from sakimori.detection.indicators.reading_text import read_lines, read_prose

FORMATS = ("stix", "misp", "csv", "lines", "prose")
# So much of the lines must be single values for a text to be a list rather than prose.
_AS_LIST = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file that was taken: what it gave, when, by whom, and how it was understood."""

    name: str
    sha256: str
    when: str
    by: str
    format: str
    taken: int
    refused: tuple[Refused, ...]
    indicators: tuple[Indicator, ...]
    mapping: Mapping[str, str]


def imported(
    data: bytes, told: Told, *, name: str, when: str, by: str, format: str = "", plain: bool = False
) -> Import:
    """What the bytes hold; `format` is told by them where it is empty. No bytes raise."""
    sha256 = hashlib.sha256(data).hexdigest()
    text = text_of(data)
    into = Gathered(replace(told, origin=sha256[:16]))
    chosen = format or format_of(text)
    _read(chosen, text, into, plain)
    return Import(
        name=name, sha256=sha256, when=when, by=by, format=chosen, taken=len(into.indicators),
        refused=tuple(into.refused), indicators=tuple(into.indicators), mapping=into.mapping,
    )  # fmt: skip


def text_of(data: bytes) -> str:
    """The bytes as text, whatever they are."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    return data.decode("utf-16" if wide else "utf-8-sig", "replace").replace("\0", "\ufffd")


def format_of(text: str) -> str:
    """One of FORMATS."""
    if text.lstrip()[:1] in ("{", "["):
        document = _document(text)
        if isinstance(document, dict) and document.get("type") == "bundle":
            return "stix"
        if document is not None:
            return "misp"
    lines = [line.strip() for line in text.splitlines() if line.strip()][:500]
    if lines and _is_csv(lines):
        return "csv"
    values = [line for line in lines if not line.startswith("#")]
    single = sum(1 for line in values if " " not in line.partition(" #")[0].strip())
    return "lines" if values and single >= _AS_LIST * len(values) else "prose"


def _is_csv(lines: list[str]) -> bool:
    heading = next((line for line in lines if not line.startswith("#")), "")
    for between in ",;\t":
        meaning, typed = understood([cell.strip('"') for cell in heading.split(between)])
        if "value" in meaning or typed:
            return between in heading or len(lines) > 1
    return False


def _document(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _read(format: str, text: str, into: Gathered, plain: bool) -> None:
    if format in ("stix", "misp"):
        document = _document(text)
        if document is None:
            into.refuse("the whole", "", "it is no JSON")
        elif format == "misp":
            read_misp(document, into)
        elif isinstance(document, dict):
            read_stix(document, into)
    elif format == "csv":
        read_csv(text, into)
    elif format == "lines":
        read_lines(text, into)
    else:
        read_prose(text, into, plain=plain)


def reasons(refused: tuple[Refused, ...]) -> list[tuple[str, int]]:
    """Why things were refused and how often, the commonest first."""
    return Counter(one.reason for one in refused).most_common()

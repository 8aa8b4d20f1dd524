"""CSV: columns understood by their headings, and the understanding shown."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from sakimori.detection.indicators.indicator import Source
from sakimori.detection.indicators.making import NAMED, Gathered

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "value": ("value", "indicator", "ioc", "ioc_value", "observable", "indicator_value", "artifact"),
    "type": ("type", "indicator_type", "ioc_type", "kind", "category"),
    "first_seen": (
        "first_seen",
        "first_seen_utc",
        "first_published",
        "valid_from",
        "date",
        "created",
        "dateadded",
    ),
    "last_seen": ("last_seen", "last_seen_utc", "last_online", "updated", "modified"),
    "expires": ("expires", "valid_until", "expiration", "expiry", "expire_date"),
    "source": ("source", "feed", "provider", "vendor", "reporter"),
    "url": ("report_url", "reference", "references", "reference_url", "source_url", "link"),
    "licence": ("licence", "license", "source_licence", "source_license"),
    "confidence": ("confidence", "confidence_level", "score"),
    "tags": ("tags", "tag", "labels", "note", "notes", "comment", "description"),
    "said_by": ("said_by", "cluster", "actor", "threat_actor", "attribution", "group", "family", "malware"),
}


def read_csv(text: str, into: Gathered) -> None:
    """Rows of a CSV with a heading line; `into.mapping` says which heading was taken for what.

    Without a column of values, columns whose headings are types (md5, domain, ip) give one indicator each.
    """
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_between(text))
    lines = _rows(rows, into)
    heading = next((row for _, row in lines if any(cell.strip() for cell in row)), [])
    meaning, typed = understood(heading)
    into.mapping = {heading[at]: name for name, at in meaning.items()} | {
        heading[at]: t for at, t in typed.items()
    }
    if "value" not in meaning and not typed:
        into.refuse(
            "line 1", ", ".join(heading), "no heading names a column of values: value, indicator, ioc, md5, …"
        )
        return
    for number, row in lines:
        if any(cell.strip() for cell in row):
            _take(f"line {number}", row, meaning, typed, into)


def _between(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _rows(rows: Iterator[list[str]], into: Gathered) -> Iterator[tuple[int, list[str]]]:
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            into.refuse(f"line {number}", "", f"the line is no CSV: {error}")
            continue
        if not (row and row[0].startswith("#")):
            yield number, row


def understood(heading: Sequence[str]) -> tuple[dict[str, int], dict[int, str]]:
    """What each heading was taken for: {meaning: column}, and columns that are a type of their own."""
    plain = [
        cell.strip().lstrip("\ufeff").lower().replace(" ", "_").replace("(utc)", "utc") for cell in heading
    ]
    meaning = {
        name: next(plain.index(word) for word in words if word in plain)
        for name, words in _HEADINGS.items()
        if set(words) & set(plain)
    }
    if "value" in meaning:
        return meaning, {}
    taken = set(meaning.values())
    return meaning, {at: NAMED[w] for at, w in enumerate(plain) if w in NAMED and at not in taken}


def _take(
    where: str, row: Sequence[str], meaning: Mapping[str, int], typed: Mapping[int, str], into: Gathered
) -> None:
    def cell(name: str) -> str:
        at = meaning.get(name, len(row))
        return row[at].strip() if at < len(row) else ""

    names, urls = cell("source").split("|"), cell("url").split("|")
    sources = [
        Source(n.strip(), u.strip()) for n, u in zip(names, [*urls, *names][: len(names)], strict=False) if n
    ]
    sources = [Source(s.name, s.url if "://" in s.url else "") for s in sources]
    more: dict[str, object] = {
        name: cell(name) for name in ("first_seen", "last_seen", "expires", "confidence")
    }
    said = cell("said_by")
    more["said_by"] = f"{cell('source')}: {said}" if said and cell("source") else said
    more |= {
        "licence": cell("licence"),
        "sources": sources,
        "words": cell("tags").replace("|", " ").split(","),
    }
    if "value" in meaning:
        into.take(where, cell("type"), cell("value"), **more)
        return
    for at, kind in typed.items():
        if at < len(row) and row[at].strip():
            into.take(where, kind, row[at], **more)

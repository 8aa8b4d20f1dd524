"""Sightings become findings that say where, what kind, how long, and a keyed hash; nothing of the value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sakimori.detection.dlp.sighting import Sighted
from sakimori.engine.local import PLACES
from sakimori.findings import Finding, Place, Severity, Subject, day_of
from sakimori.tongue import tongue

TITLES = {
    "mail_trace": "Something registered as sensitive was sent by mail",
    "http_request": "Something registered as sensitive was sent in a web request",
    "file_event": "A file registered as sensitive was written, renamed or transferred",
}
_TECHNIQUES = {"mail_trace": "T1048", "http_request": "T1567", "file_event": "T1074"}
_CONFIDENCE = {"document": "high", "value": "high", "text": "medium", "class": "low"}
_SENTENCE = (
    "{who} had {n} records on this day that hold {kind} of “{label}” ({length}); keyed hash {hash}, "
    "different ones: {different}."
)
KINDS = {
    "document": "a document", "text": "a piece of text", "value": "a value", "class": "a kind of file",
    "card": "a card number", "iban": "an IBAN", "corporate-number": "a corporate number",
}  # fmt: skip
_SIGNS, _UNKNOWN = "{n} characters", "of unknown length"
_NEXT = "was it meant to leave, who received it, and did the same account read more of it before?"
_MISSES = "what is encrypted, packed, pictured or written otherwise; the bodies of messages and requests."
SENTENCES = (*TITLES.values(), *KINDS.values(), _SENTENCE, _SIGNS, _UNKNOWN, _NEXT, _MISSES)
_SUBJECTS = 64


@dataclass(frozen=True, slots=True)
class Seen:
    """One sighting: in how many records, of whom, when and where."""

    sighted: Sighted
    subjects: tuple[Subject, ...]
    count: int
    first_seen: int | None
    last_seen: int | None
    places: tuple[Place, ...]


def findings_of(table: str, seen: Iterable[Seen]) -> Iterator[Finding]:
    """One finding a kind, label, primary subject and day; sightings that name nobody are the file's."""
    groups: dict[tuple[str, str, Subject, str], list[Seen]] = {}
    for one in seen:
        if one.subjects or one.places:
            primary = one.subjects[0] if one.subjects else Subject("file", one.places[0].file)
            key = (one.sighted.kind, one.sighted.label, primary, day_of(one.first_seen))
            groups.setdefault(key, []).append(one)
    for (kind, label, primary, _), group in sorted(groups.items()):
        yield _finding(table, kind, label, primary, group)


def _finding(table: str, kind: str, label: str, primary: Subject, group: list[Seen]) -> Finding:
    times = [t for one in group for t in (one.first_seen, one.last_seen) if t is not None]
    others = sorted({subject for one in group for subject in one.subjects} - {primary})
    first = min(group, key=lambda one: (one.first_seen or 0, one.sighted.hash))
    hashes = sorted({one.sighted.hash for one in group})
    facts = {
        "who": primary.value, "n": sum(one.count for one in group), "label": label, "kind": kind,
        "hash": first.sighted.hash, "different": len(hashes),
    }  # fmt: skip
    english, japanese = (_words(lang, first.sighted.length, facts) for lang in ("en", "ja"))
    say = tongue("ja")
    return Finding(
        detector=f"dlp:{kind}:{label}",
        title=TITLES[table],
        severity=Severity.LOW if kind == "class" or table == "file_event" else Severity.MEDIUM,
        confidence=_CONFIDENCE.get(kind, "medium"),
        techniques=(_TECHNIQUES[table],),
        subjects=(primary, *others[: _SUBJECTS - 1]),
        first_seen=min(times, default=None),
        last_seen=max(times, default=None),
        count=sum(one.count for one in group),
        places=tuple(sorted({place for one in group for place in one.places}))[:PLACES],
        because=english,
        facts={
            "count": str(sum(one.count for one in group)), "field.kind": kind, "field.label": label,
            "field.length": str(first.sighted.length), "field.keyed_hash": ", ".join(hashes[:10]),
            "misses": _MISSES, "next": _NEXT, "because_ja": japanese, "title_ja": say(TITLES[table]),
            "misses_ja": say(_MISSES), "next_ja": say(_NEXT),
        },
        source={"author": "Sakimori", "license": "Apache-2.0", "url": ""},
    )  # fmt: skip


def _words(lang: str, length: int, facts: dict[str, object]) -> str:
    say = tongue(lang)
    told = {**facts, "kind": say(KINDS[str(facts["kind"])])}
    return say(_SENTENCE, length=say(_SIGNS, n=length) if length else say(_UNKNOWN), **told)

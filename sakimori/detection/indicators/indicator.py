"""An indicator: one value somebody saw in an intrusion, with who says so, since when and until when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

TYPES = (
    "hash",
    "domain",
    "url",
    "url_path",
    "address",
    "address_port",
    "file_name",
    "path",
    "registry_key",
    "mutex",
    "service",
    "task",
    "command_line",
    "certificate_serial",
    "user_agent",
)
NETWORK = frozenset({"domain", "url", "url_path", "address", "address_port"})
HACKED, SHARED, SINKHOLE, SYNTHETIC = "hacked legitimate site", "shared hosting", "sinkhole", "synthetic"
CONFIDENCES = ("low", "medium", "high")


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Who published it, and where."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One value. `type` is one of TYPES, `value` as `normalising.value_of` writes it.

    Dates are `YYYY-MM-DD` in UTC, empty where nobody says. `said_by` is who is said to use it and by whom: a
    quotation, never a finding of ours. `origin` begins the SHA-256 of the file it was imported from.
    """

    type: str
    value: str
    first_seen: str = ""
    last_seen: str = ""
    expires: str = ""
    sources: tuple[Source, ...] = ()
    licence: str = ""
    confidence: str = "medium"
    tags: tuple[str, ...] = ()
    said_by: str = ""
    origin: str = ""

    @property
    def dated(self) -> str:
        """The last day somebody saw it, else the first; empty where it has no date."""
        return self.last_seen or self.first_seen

    @property
    def digest(self) -> str:
        """Twelve hex digits that name the value in a detector's name."""
        return hashlib.sha256(self.value.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was not taken: where it stood, as it stood there, and why."""

    where: str
    text: str
    reason: str


def merged(found: Iterable[Indicator]) -> list[Indicator]:
    """Each value once, in the order of first mention; its sources, tags and words are joined.

    The confidence is the highest, the dates the widest; it expires when the last source lets go of it, and a
    source that names no end holds it.
    """
    known: dict[tuple[str, str], Indicator] = {}
    for one in found:
        key = one.type, one.value
        known[key] = _joined(known[key], one) if key in known else one
    return list(known.values())


def _joined(left: Indicator, right: Indicator) -> Indicator:
    if left == right:
        return left
    return replace(
        left,
        first_seen=min(filter(None, (left.first_seen, right.first_seen)), default=""),
        last_seen=max(left.dated, right.dated) if left.last_seen or right.last_seen else "",
        expires=max(left.expires, right.expires) if left.expires and right.expires else "",
        sources=tuple(sorted({*left.sources, *right.sources})),
        licence=_both(left.licence, right.licence, " | "),
        confidence=max(left.confidence, right.confidence, key=CONFIDENCES.index),
        tags=tuple(sorted({*left.tags, *right.tags})),
        said_by=_both(left.said_by, right.said_by, "; "),
        origin=_both(left.origin, right.origin, " "),
    )


def _both(left: str, right: str, between: str) -> str:
    return between.join(dict.fromkeys(part for text in (left, right) if text for part in text.split(between)))


def day(text: object) -> str:
    """`2024-03-01` of any text that begins with such a date, or of seconds since the epoch; else empty."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return _of_seconds(float(text))
    words = str(text or "").strip()
    if words.isdecimal() and len(words) in (9, 10):
        return _of_seconds(float(words))
    try:
        return (
            datetime.strptime(words[:10].replace("/", "-").replace(".", "-"), "%Y-%m-%d").date().isoformat()
        )
    except ValueError:
        return ""


def _of_seconds(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds > 0 else ""
    except (OverflowError, ValueError, OSError):
        return ""


_TAGS: Mapping[str, str] = {
    "hacked": HACKED, "compromised": HACKED, "legitimate": HACKED,
    "shared": SHARED, "hosting": SHARED, "sinkhole": SINKHOLE, "sinkholed": SINKHOLE, "synthetic": SYNTHETIC,
}  # fmt: skip


def tags_of(words: Iterable[str]) -> tuple[str, ...]:
    """The tags that change how an indicator is judged, among whatever words a list gives."""
    return tuple(
        sorted({tag for text in words for word, tag in _TAGS.items() if word in text.lower().split()})
    )

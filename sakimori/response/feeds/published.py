"""What a feed holds: an entry with who answers for it, why, since when and until when."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sakimori.response.respond.entry import Entry

BLOCK, WATCH = "block", "watch"
# Ids of ours in formats that want UUIDs: the same entry has the same one in every publication.
_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://sakimori.example/respond")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """`use` is BLOCK or WATCH; times are integer seconds since the epoch, UTC."""

    id: str
    entry: Entry
    use: str
    owner: str
    reason: str
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a publication was made, in seconds since the epoch, and the head of the log behind it."""

    at: int
    head: str = ""


def of(entries: Iterable[Published], type_: str, use: str) -> list[Published]:
    """Those of one type and use, by value."""
    return sorted(
        (one for one in entries if one.entry.type == type_ and one.use == use), key=lambda one: one.entry
    )


def values(entries: Iterable[Published], type_: str, use: str) -> list[str]:
    """The values of one type and use, sorted."""
    return [one.entry.value for one in of(entries, type_, use)]


def lines(texts: Sequence[str]) -> bytes:
    """Each text on a line of its own; no byte at all where there is none."""
    return "".join(f"{text}\n" for text in texts).encode()


def identifier(kind: str, name: str) -> uuid.UUID:
    """The UUID (version 5) that this thing always has."""
    return uuid.uuid5(_SPACE, f"{kind}\x1f{name}")


def instant(seconds: int) -> str:
    """`2026-03-01T09:12:00Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(seconds: int) -> str:
    """`2026-03-01`, UTC."""
    return instant(seconds)[:10]

"""What the manifest says of members that no log reader claims, and which archives are files too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sakimori.evidence.discover import NOT_EVIDENCE
from sakimori.evidence.files.kinds import UNKNOWN, kind_of


def told_of(head: bytes, size: int | None) -> dict[str, Any]:
    """The entry of such a member: `file` where its first bytes tell what it is, else `unknown` as ever.

    An unknown one has its row all the same, but it counts as no record: it may be a log nobody could read.
    Files are neither copies of each other nor a mixture with synthetic logs.
    """
    known = kind_of(head, len(head) if size is None else size) not in UNKNOWN
    entry: dict[str, Any] = {"file": True, "synthetic": "", "format": "file" if known else "unknown"}
    return entry if known else entry | {"records": 0}


def holding(opened: Sequence[str], members: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Of the opened archives those that hold a file, or what could not be read; not those of logs alone."""
    holders = {
        holder
        for member in members
        if member.get("file") or (member.get("refused") and member["format"] != NOT_EVIDENCE)
        for holder in _holders(member["path"])
    }
    taken = {member["path"] for member in members}
    return (path for path in dict.fromkeys(opened) if path in holders and path not in taken)


def _holders(path: str) -> Iterator[str]:
    """`a.zip` and `a.zip!b.zip` of `a.zip!b.zip!c.exe`."""
    parts = path.split("!")
    return ("!".join(parts[:end]) for end in range(1, len(parts)))

"""Body files: one line a file with its four times, as UAC and The Sleuth Kit write them.

Format: https://wiki.sleuthkit.org/index.php?title=Body_file
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sakimori.evidence.collected import host_of
from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered, text_at
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_WIDTH = 11
_DIGITS = frozenset("0123456789.-")


class Bodyfile:
    """Body files of UAC and The Sleuth Kit (`MD5|name|inode|mode|UID|GID|size|atime|mtime|ctime|crtime`).

    Watch: a file tells two events, made and last changed; when it was last read is not told.
    """

    name = "bodyfile"
    version = 1
    lines = True

    def claims(self, head: bytes) -> bool:
        """Three first lines (or all there are) with eleven fields that fit."""
        lines = [line for line in head.split(b"\n")[:4] if line.strip() and not line.startswith(b"#")]
        return bool(lines) and all(fields(line.decode("utf-8", "replace")) for line in lines[:3])

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """A row for each of the two times that is there."""
        yield from batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


def _found(source: Source) -> Iterator[Found | Unread]:
    host = host_of(source.path)
    for number, offset, line in numbered(source):
        text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
        if not text.strip() or text.startswith("#"):
            continue
        found = fields(text)
        if found is None:
            yield Unread(number, offset, "no line of a body file: eleven fields between bars")
            continue
        for row in _rows(found):
            yield Found("bodyfile", number, offset, {"Computer": host, **row}, line)


def fields(line: str) -> list[str] | None:
    """The eleven fields of a line; a name may hold bars of its own."""
    parts = line.rstrip("\r\n").split("|")
    if len(parts) < _WIDTH:
        return None
    made = [parts[0], "|".join(parts[1 : len(parts) - 9]), *parts[-9:]]
    numbers = made[6:]
    fits = all(not part or _DIGITS.issuperset(part) for part in numbers) and made[1]
    return made if fits and len(made[0]) in {0, 1, 32, 40, 64} else None


def _rows(found: list[str]) -> Iterator[dict[str, Any]]:
    md5, name, inode, mode, uid, gid, size, _, mtime, ctime, crtime = found
    shared = {
        "MD5": md5 if len(md5) == 32 else None, "Path": name, "Inode": inode, "Mode": mode,
        "UID": uid, "GID": gid, "Size": size, "Changed": _time(ctime),
    }  # fmt: skip
    made, modified = _time(crtime), _time(mtime)
    if made:
        yield {**shared, "Action": "created", "Time": made}
    if modified != made or not made:
        yield {**shared, "Action": "modified", "Time": modified}


def _time(text: str) -> str | None:
    return text if text.strip("0.-") else None

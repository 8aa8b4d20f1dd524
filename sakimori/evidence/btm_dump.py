"""What starts by itself on a Mac since version 13, as `sfltool dumpbtm` writes it.

https://support.apple.com/guide/deployment/manage-login-items-background-tasks-mac-depdca572563/web
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sakimori.evidence.collected import collected
from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_FIRST = re.compile(rb"\s*={3,}\r?\n\s*Records for UID (-?\d+)\s*:", re.ASCII)
_UID = re.compile(r"\s*Records for UID (-?\d+)\s*:")
_ITEM = re.compile(r"\s*#(\d+):\s*$")
_FIELD = re.compile(r"\s+([A-Z][A-Za-z. ]{2,30}?):\s*(.*)$")
_FIELDS = frozenset(
    {"UUID", "Name", "Developer Name", "Team Identifier", "Type", "Flags", "Disposition", "Identifier", "URL",
     "Executable Path", "Bundle Identifier", "Parent Identifier"}
)  # fmt: skip
_MOST_LINES = 200  # of one item


class BackgroundItems:
    """The text of `sfltool dumpbtm`: log-in items, launch agents and daemons of every user, with signers.

    Watch: an item that was removed may still stand in it; `Disposition` says whether it may start.
    """

    name = "btm_dump"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The frame around the first user's number."""
        return bool(_FIRST.match(head.removeprefix(b"\xef\xbb\xbf")))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row an item."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The item's lines as they stand."""
        found = next((one for one in _found(source) if one.record == number), None)
        return None if found is None else found.raw.decode("utf-8", "backslashreplace").rstrip("\r\n")


def _found(source: Source) -> Iterator[Found]:
    own = collected(source.path)
    uid: str | None = None
    item: Found | None = None
    for number, offset, raw in numbered(source):
        line = raw.decode("utf-8", "replace").rstrip("\r\n")
        user, begun = _UID.match(line), _ITEM.match(line)
        if item is not None and not user and not begun:
            item = _with(item, line, raw)
            continue
        if item is not None:
            yield item
        item = Found("macos_background_item", number, offset, {"uid": uid, **own}, raw) if begun else None
        uid = user[1] if user else uid
    if item is not None:
        yield item


def _with(item: Found, line: str, raw: bytes) -> Found:
    """The item with what one more line says."""
    if item.raw.count(b"\n") > _MOST_LINES:
        return item
    field = _FIELD.match(line)
    said = {field[1]: field[2]} if field and field[1] in _FIELDS and field[2] != "(null)" else {}
    return Found(item.log, item.record, item.offset, {**item.row, **said}, item.raw + raw)

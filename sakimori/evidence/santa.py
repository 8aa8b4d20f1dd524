"""Santa's own log: `[2026-03-02T01:00:00.123Z] I santad: action=EXEC|decision=ALLOW|...|args=...`.

https://northpole.dev/configuration/keys/ (EventLogType file); fields: https://www.elastic.co/docs/reference/integrations/santa
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sakimori.evidence.collected import collected
from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered, text_at
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_LINE = re.compile(r"\[(?P<time>[^\]]{10,40})\] [A-Z] santad: (?P<fields>action=.*)$", re.DOTALL)
_FIRST = re.compile(rb"\[\d{4}-\d\d-\d\dT[^\]\n]{6,30}\] [A-Z] santad: ")
_FIELD = re.compile(r"([a-z_0-9]+)=(.*)", re.DOTALL)
_LOGS = {"EXEC": "santa_exec", "DISKAPPEAR": "santa_disk", "DISKDISAPPEAR": "santa_disk"}
_FILES = frozenset({"WRITE", "RENAME", "DELETE", "LINK", "EXCHANGE"})


class SantaLog:
    """Santa's log as text lines, /var/db/santa/santa.log.

    Watch: in monitor mode unknown programs are allowed and only noted; it names no machine but `machineid`:
    keep it in a folder or zip of the machine's name.
    """

    name = "santa"
    version = 1
    lines = True

    def claims(self, head: bytes) -> bool:
        """A first line of santad."""
        return bool(_FIRST.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a line of santad; other lines are unread."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


def _found(source: Source) -> Iterator[Found | Unread]:
    own = collected(source.path)
    for number, offset, line in numbered(source):
        text = line.decode("utf-8", "replace").lstrip("\ufeff").strip("\r\n")
        row = fields(text)
        if row is None and text.strip():
            yield Unread(number, offset, "no line of santad")
        elif row is not None:
            yield Found(_log(row.get("action", "")), number, offset, {**row, **own}, line)


def fields(line: str) -> dict[str, str] | None:
    """The fields of a line with its time under `timestamp`; None where it is no line of santad.

    A bar within a value stands as `<pipe>`. What has no name belongs to the value before it.
    """
    found = _LINE.match(line)
    if found is None:
        return None
    row = {"timestamp": found["time"]}
    last = "action"
    for part in found["fields"].split("|"):
        named = _FIELD.match(part)
        if named:
            last = named[1]
        row[last] = named[2] if named else f"{row[last]}|{part}"
    return {name: value.replace("<pipe>", "|") for name, value in row.items() if value}


def _log(action: str) -> str:
    return _LOGS.get(action) or ("santa_file" if action in _FILES else "santa_line")

"""Readers for Windows events as JSON lines: one for each exporter's dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sakimori.evidence.lines import LONGEST_LINE, numbered, text_at
from sakimori.evidence.reader import Source
from sakimori.evidence.windows_evtxdump import EvtxDump
from sakimori.evidence.windows_json import Dialect, JsonEvents, whole_object
from sakimori.evidence.windows_nxlog import Nxlog
from sakimori.evidence.windows_winlogbeat import Winlogbeat
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_LINES_TRIED = 40


class WindowsJsonLines:
    """One JSON object a line, in one exporter's dialect."""

    version = 1
    lines = True

    def __init__(self, name: str, dialect: Dialect) -> None:
        self.name = name
        self._dialect = dialect

    def claims(self, head: bytes) -> bool:
        """One of the first lines is an object this exporter writes."""
        return any(self._dialect.claims(record) for record in first_objects(head))

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the lines; a line that is no event becomes Unread."""
        events = JsonEvents(self._dialect, plan, source)
        builders = events.builders()
        for number, offset, line in numbered(source):
            found = events.row(line) if len(line) <= LONGEST_LINE else "the line is longer than 32 MB"
            if isinstance(found, str):
                yield Unread(number, offset, found)
            elif found and builders.put(found[0], number, offset, found[1], len(line), line):
                yield from builders.due()
        yield from builders.rest()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


def first_objects(head: bytes) -> Iterator[dict[str, Any]]:
    """The objects among the first lines of a head."""
    text = _narrow(head).removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        return  # a document, even where its objects stand one a line
    for line in text.split(b"\n", _LINES_TRIED)[:_LINES_TRIED]:
        record = whole_object(line) if line.lstrip().startswith(b"{") else None
        if isinstance(record, dict):
            yield record


def _narrow(head: bytes) -> bytes:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode()
    return head


def windows_nxlog() -> WindowsJsonLines:
    """Flat objects, as NXLog and OTRF's exporters write them."""
    return WindowsJsonLines("windows_nxlog_json", Nxlog())


def windows_winlogbeat() -> WindowsJsonLines:
    """Winlogbeat, Elastic Agent, and exports from Elasticsearch."""
    return WindowsJsonLines("windows_winlogbeat_json", Winlogbeat())


def windows_evtxdump() -> WindowsJsonLines:
    """The event's XML tree as JSON."""
    return WindowsJsonLines("windows_evtxdump_json", EvtxDump())

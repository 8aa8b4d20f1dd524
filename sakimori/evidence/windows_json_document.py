"""Windows events in one JSON document: a list, or objects over many lines."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO, cast

import orjson

from sakimori.evidence.json_records import Item, first_of_document, of_document
from sakimori.evidence.reader import Source
from sakimori.evidence.windows_evtxdump import EvtxDump
from sakimori.evidence.windows_json import Dialect, JsonEvents
from sakimori.evidence.windows_nxlog import Nxlog
from sakimori.evidence.windows_winlogbeat import Winlogbeat
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

# `evtx_dump -o json` announces each object: "Record 17"
_ANNOUNCED = re.compile(rb"^Record \d+[ \t]*\r?$", re.MULTILINE)
_LONGEST = 32 << 20
_DIALECTS: tuple[Dialect, ...] = (EvtxDump(), Winlogbeat(), Nxlog())


class WindowsJsonDocument:
    """Objects of any of the Windows dialects inside a document; they are numbered from 1."""

    name = "windows_json_document"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The first object is an event in one of the dialects."""
        return _dialect(head) is not None

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the objects; what is no event becomes Unread."""
        dialect = _dialect(source.head)
        if dialect is None:
            yield Unread(source.record, source.offset, "no Windows event stands at the beginning")
            return
        events = JsonEvents(dialect, plan, source)
        builders = events.builders()
        for item in _items(source):
            found = item.reason if item.value is None else events.laid_out(item.value)
            if isinstance(found, str):
                yield Unread(item.record, item.offset, found)
            else:
                yield from builders.add(found[0], item.record, item.offset, found[1], len(item.raw), item.raw)
        yield from builders.rest()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The object, indented."""
        item = next((item for item in _items(source) if item.record == number), None)
        if item is None or item.value is None:
            return None
        return orjson.dumps(orjson.loads(item.raw), option=orjson.OPT_INDENT_2).decode()


def _dialect(head: bytes) -> Dialect | None:
    record = first_of_document(_blanked(head).lstrip(b"\xef\xbb\xbf \t\r\n"))
    return None if record is None else next((d for d in _DIALECTS if d.claims(record)), None)


def _items(source: Source) -> Iterator[Item]:
    if _ANNOUNCED.match(source.head):
        stream = cast(BinaryIO, io.BufferedReader(_Unannounced(source.stream), 1 << 20))
        source = replace(source, stream=stream)
    return of_document(source)


def _blanked(text: bytes) -> bytes:
    """The announcements overwritten with blanks, so that every byte keeps its place."""
    return _ANNOUNCED.sub(lambda found: b" " * len(found[0]), text)


class _Unannounced(io.RawIOBase):
    """A stream without announcements, read whole lines at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        if not self._held:
            self._held = _blanked(self._stream.read(1 << 20) + self._stream.readline(_LONGEST))
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

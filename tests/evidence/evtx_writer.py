"""Small EVTX files for tests: the first record that uses a template defines it, the others refer to it.

Format: https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

CHUNK = 65_536
SPACE = "http://schemas.microsoft.com/win/2004/08/events/event"
Value = str | int | bool | UUID | None
Part = tuple[str, Value]


@dataclass(frozen=True)
class Event:
    """One event; `data` are EventData fields (an empty name is an unnamed Data), `user` UserData leaves."""

    event_id: int
    data: tuple[Part, ...] = ()
    user: tuple[Part, ...] = ()
    channel: str | None = "Security"
    provider: str = "Microsoft-Windows-Security-Auditing"
    computer: str = "pc1.example.com"
    qualifiers: int | None = None
    time: datetime = datetime(2026, 3, 1, 0, 12, 0, 123456, tzinfo=UTC)


def evtx(events: Sequence[Event], per_chunk: int = 1000, allotted: int = 0) -> bytes:
    """A file of these events, record ids from 1, then `allotted` empty chunks."""
    groups = [events[at : at + per_chunk] for at in range(0, len(events), per_chunk)]
    chunks = [_Chunk(1 + at * per_chunk).of(group) for at, group in enumerate(groups)]
    head = struct.pack("<8sQQQ", b"ElfFile\0", 0, max(0, len(chunks) - 1), len(events) + 1)
    head += struct.pack("<IHHHH76sI", 128, 1, 3, 4096, len(chunks), b"", 0)
    head += struct.pack("<I", zlib.crc32(head[:120]))
    return head.ljust(4096, b"\0") + b"".join(chunks) + bytes(CHUNK * allotted)


@dataclass
class _Chunk:
    first: int
    out: bytearray = field(default_factory=lambda: bytearray(512))
    templates: dict[object, int] = field(default_factory=dict)

    def of(self, events: Iterable[Event]) -> bytes:
        last, at = self.first - 1, 512
        for event in events:
            last, at = last + 1, len(self.out)
            self._record(last, event)
        free = len(self.out)
        assert free <= CHUNK, "too many events for one chunk"
        crc = zlib.crc32(self.out[512:])
        head = (b"ElfChnk\0", self.first, last, self.first, last, 128, at, free, crc)
        struct.pack_into("<8sQQQQIIII", self.out, 0, *head)
        struct.pack_into("<I", self.out, 124, zlib.crc32(self.out[:120] + self.out[128:512]))
        return bytes(self.out).ljust(CHUNK, b"\0")

    def _record(self, number: int, event: Event) -> None:
        start = len(self.out)
        self._put("<4sIQQ", b"**\0\0", 0, number, _filetime(event.time))
        self.out += b"\x0f\x01\x01\x00"
        self._instance(number, event)
        self.out += b"\x00"
        self.out += bytes(-(len(self.out) - start + 4) % 8)
        size = len(self.out) - start + 4
        self._put("<I", size)
        struct.pack_into("<I", self.out, start + 4, size)

    def _instance(self, number: int, event: Event) -> None:
        key = (event.event_id, event.provider, event.qualifiers, *(n for n, _ in event.data + event.user))
        known = self.templates.get(key)
        self._put("<BBII", 0x0C, 1, hash(key) & 0xFFFF, known or len(self.out) + 10)
        if known is None:
            self.templates[key] = len(self.out)
            self._define(event)
        values = [_encoded(value) for value in self._values(number, event)]
        self._put("<I", len(values))
        for kind, data in values:
            self._put("<HBB", len(data), kind, 0)
        self.out += b"".join(data for _, data in values)

    def _values(self, number: int, event: Event) -> list[Value | datetime]:
        fixed: list[Value | datetime] = [event.event_id, event.time, number, event.channel, event.computer]
        return fixed + [value for _, value in event.data + event.user]

    def _define(self, event: Event) -> None:
        self._put("<I16sI", 0, b"\x01" * 16, 0)
        size_at, start = len(self.out) - 4, len(self.out)
        self.out += b"\x0f\x01\x01\x00"
        with self._element("Event", [("xmlns", SPACE)]):
            self._system(event)
            self._payload(event)
        self.out += b"\x00"
        struct.pack_into("<I", self.out, size_at, len(self.out) - start)

    def _system(self, event: Event) -> None:
        with self._element("System"):
            self._leaf("Provider", [("Name", event.provider)])
            qualifiers = [("Qualifiers", str(event.qualifiers))] if event.qualifiers is not None else []
            with self._element("EventID", qualifiers):
                self._hole(0)
            self._leaf("TimeCreated", [("SystemTime", 1)])
            with self._element("EventRecordID"):
                self._hole(2)
            self._leaf("Execution", [("ProcessID", "4"), ("ThreadID", "8")])
            with self._element("Channel"):
                self._hole(3)
            with self._element("Computer"):
                self._hole(4)
            self._leaf("Security", [("UserID", "S-1-5-18")])

    def _payload(self, event: Event) -> None:
        if event.user:
            with self._element("UserData"), self._element("Thing", [("xmlns", "urn:example")]):
                for at, (name, _) in enumerate(event.user, 5 + len(event.data)):
                    with self._element(name):
                        self._hole(at)
            return
        with self._element("EventData"):
            for at, (name, _) in enumerate(event.data, 5):
                with self._element("Data", [("Name", name)] if name else []):
                    self._hole(at)

    def _leaf(self, name: str, attributes: Sequence[tuple[str, str | int]]) -> None:
        with self._element(name, attributes):
            pass

    def _element(self, name: str, attributes: Sequence[tuple[str, str | int]] = ()) -> _Element:
        return _Element(self, name, attributes)

    def _hole(self, at: int) -> None:
        self._put("<BHB", 0x0E, at, 0x01)

    def name(self, text: str) -> None:
        """An offset that points just behind itself, and the name there."""
        self._put("<I", len(self.out) + 4)
        self._put("<IHH", 0, sum(map(ord, text)) & 0xFFFF, len(text))
        self.out += text.encode("utf-16-le") + b"\0\0"

    def attribute(self, name: str, value: str | int, more: bool) -> None:
        self._put("<B", 0x46 if more else 0x06)
        self.name(name)
        if isinstance(value, int):
            self._hole(value)
        else:
            self._put("<BBH", 0x05, 0x01, len(value))
            self.out += value.encode("utf-16-le")

    def _put(self, layout: str, *values: object) -> None:
        self.out += struct.pack(layout, *values)


@dataclass
class _Element:
    chunk: _Chunk
    name: str
    attributes: Sequence[tuple[str, str | int]]
    size_at: int = 0

    def __enter__(self) -> None:
        out = self.chunk.out
        out += struct.pack("<BHI", 0x41 if self.attributes else 0x01, 0xFFFF, 0)
        self.size_at = len(out) - 4
        self.chunk.name(self.name)
        if self.attributes:
            out += bytes(4)
            start = len(out)
            for at, (name, value) in enumerate(self.attributes, 1):
                self.chunk.attribute(name, value, at < len(self.attributes))
            struct.pack_into("<I", out, start - 4, len(out) - start)
        out += b"\x02"

    def __exit__(self, *_: object) -> None:
        out = self.chunk.out
        out += b"\x04"
        struct.pack_into("<I", out, self.size_at, len(out) - self.size_at - 4)


def _encoded(value: Value | datetime) -> tuple[int, bytes]:
    """Value type and bytes."""
    if value is None:
        return 0x00, b""
    if isinstance(value, bool):
        return 0x0D, struct.pack("<I", value)
    if isinstance(value, int):
        return 0x0A, struct.pack("<Q", value)
    if isinstance(value, UUID):
        return 0x0F, value.bytes_le
    if isinstance(value, datetime):
        return 0x11, struct.pack("<Q", _filetime(value))
    return 0x01, value.encode("utf-16-le")


def _filetime(time: datetime) -> int:
    return int(time.timestamp() * 1_000_000) * 10 + 116_444_736_000_000_000

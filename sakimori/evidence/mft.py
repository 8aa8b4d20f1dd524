"""The Master File Table of NTFS: every file there is or was, with its times, and where it came from.

Format: https://flatcap.github.io/linux-ntfs/ntfs/concepts/file_record.html
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from mmap import mmap
from typing import Any

from sakimori.evidence.collected import host_of
from sakimori.evidence.found import Found, TooLarge, batches, on_disk
from sakimori.evidence.reader import Source
from sakimori.evidence.registry.hives import mapped
from sakimori.evidence.registry.regf import filetime
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_ENTRIES = 4_000_000
_SECTOR = 512
_ROOT = 5
_DEEPEST = 128
_STANDARD, _NAME, _DATA, _END = 0x10, 0x30, 0x80, 0xFFFFFFFF
_DOS = 2  # a name kept only for old programs
_MARK = "Zone.Identifier"


class MasterFileTable:
    """The NTFS $MFT: files made and changed, deleted ones too, and the web addresses they came from.

    Watch: the time of making is that of the name ($FILE_NAME), which programs cannot set; the path begins
    with C: whatever the drive was. Names in further records of a file, index slack and bodies of files are
    not read.
    """

    name = "ntfs_mft"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """A first file record with the size of its kind."""
        return head.startswith(b"FILE") and len(head) >= 512 and _size(head) in {1024, 4096}

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Rows in order of the entries; damaged records are counted in one Unread."""
        yield from batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The names and times of the file record, as they stand."""
        try:
            with on_disk(source) as path, mapped(path) as data:
                entry = Table(data).entry(number)
        except (TooLarge, ValueError):
            return None
        return None if entry is None else repr(entry)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file record: its name in a folder, and times as FILETIME."""

    number: int
    sequence: int
    base: int
    used: bool
    directory: bool
    parent: int = 0
    name: str | None = None
    size: int = 0
    named: int = 0
    created: int = 0
    modified: int = 0
    origin: str | None = None


class Table:
    """The records of a table that lies in memory or on disk."""

    def __init__(self, data: mmap) -> None:
        self._data, self.size = data, _size(data[:512])
        self.count = len(data) // self.size if self.size else 0
        self.folder = lru_cache(maxsize=50_000)(self._folder)

    def entry(self, number: int) -> Entry | None:
        """The record of this number; None where it is none, or damaged."""
        raw = self._data[number * self.size : (number + 1) * self.size]
        record = _repaired(raw)
        if record is None:
            return None
        try:
            return _entry(number, record)
        except (struct.error, IndexError):
            return None

    def held(self, number: int) -> bool:
        """Whether there is anything where the record should be."""
        return any(self._data[number * self.size : number * self.size + 4])

    def path(self, entry: Entry) -> str:
        """Where the file lies; `?` stands for folders that are no more."""
        return f"{self.folder(entry.parent, 0)}\\{entry.name}"

    def _folder(self, number: int, deep: int) -> str:
        if number == _ROOT:
            return "C:"
        found = self.entry(number) if deep < _DEEPEST and number < self.count else None
        if found is None or not found.name or not found.directory:
            return "C:\\?"
        return f"{self.folder(found.parent, deep + 1)}\\{found.name}"


def _size(head: bytes) -> int:
    """Bytes a record has room for."""
    return int(struct.unpack_from("<I", head, 28)[0]) if len(head) >= 32 else 0


def _repaired(raw: bytes) -> bytes | None:
    """The record with the last two bytes of each sector put back; None where they do not fit."""
    if raw[:4] != b"FILE" or len(raw) < 512:
        return None
    at, count = struct.unpack_from("<HH", raw, 4)
    if at + 2 * count > len(raw) or count < 2 or (count - 1) * _SECTOR > len(raw):
        return None
    record, mark = bytearray(raw), raw[at : at + 2]
    for sector in range(1, count):
        end = sector * _SECTOR
        if record[end - 2 : end] != mark:
            return None
        record[end - 2 : end] = raw[at + 2 * sector : at + 2 * sector + 2]
    return bytes(record)


def _entry(number: int, record: bytes) -> Entry:
    sequence, _, at, flags = struct.unpack_from("<HHHH", record, 16)
    (base,) = struct.unpack_from("<Q", record, 32)
    made: dict[str, Any] = {}
    for kind, name, content, size in _attributes(record, at):
        if kind == _STANDARD and len(content) >= 32:
            made["created"], made["modified"] = struct.unpack_from("<QQ", content)
        elif kind == _NAME and len(content) >= 66:
            _named(made, content)
        elif kind == _DATA and name == _MARK:
            made["origin"] = content[:4096].decode("utf-8", "replace")
        elif kind == _DATA and not name:
            made["size"] = size
    made.pop("space", None)
    return Entry(number, sequence, base & 0xFFFFFFFFFFFF, bool(flags & 1), bool(flags & 2), **made)


def _named(made: dict[str, Any], content: bytes) -> None:
    """The name of a file, unless a better one is known: the long one counts."""
    length, space = content[64], content[65]
    if "name" in made and (space == _DOS or made["space"] != _DOS):
        return
    parent, named = struct.unpack_from("<QQ", content)
    name = content[66 : 66 + 2 * length].decode("utf-16-le", "replace")
    made.update(parent=parent & 0xFFFFFFFFFFFF, named=named, name=name, space=space)


def _attributes(record: bytes, at: int) -> Iterator[tuple[int, str, bytes, int]]:
    """Type, name, content (where it lies in the record) and size of each attribute."""
    while at + 24 <= len(record):
        kind, length = struct.unpack_from("<II", record, at)
        if kind == _END or length < 24 or at + length > len(record):
            return
        elsewhere, letters, start = (
            record[at + 8],
            record[at + 9],
            struct.unpack_from("<H", record, at + 10)[0],
        )
        name = record[at + start : at + start + 2 * letters].decode("utf-16-le", "replace") if letters else ""
        if elsewhere:
            size = struct.unpack_from("<Q", record, at + 48)[0] if length >= 56 else 0
            yield kind, name, b"", size
        else:
            size, begin = struct.unpack_from("<IH", record, at + 16)
            yield kind, name, record[at + begin : at + min(begin + size, length)], size
        at += length


def _found(source: Source) -> Iterator[Found | Unread]:
    try:
        with on_disk(source) as path, mapped(path) as data:
            yield from _rows(Table(data), host_of(source.path))
    except (TooLarge, ValueError) as problem:
        yield Unread(0, 0, f"the file table cannot be read: {problem}")


def _rows(table: Table, host: str | None) -> Iterator[Found | Unread]:
    damaged = further = 0
    for number in islice(range(table.count), MOST_ENTRIES):
        entry = table.entry(number)
        if entry is None:
            damaged += table.held(number)
        elif entry.base or not entry.name:
            further += 1
        else:
            path = table.path(entry)
            for log, row in _said(entry, path):
                yield Found(log, number, number * table.size, {"Computer": host, **row}, repr(entry).encode())
    if damaged:
        yield Unread(0, 0, f"{damaged} damaged file records")
    if table.count > MOST_ENTRIES:
        yield Unread(0, 0, f"{table.count - MOST_ENTRIES} file records behind the first {MOST_ENTRIES}")


def _said(entry: Entry, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    row = {
        "Path": path, "Entry": entry.number, "Sequence": entry.sequence, "Size": entry.size,
        "Deleted": "false" if entry.used else "true", "Directory": "true" if entry.directory else "false",
        "SiCreated": filetime(entry.created), "SiModified": filetime(entry.modified),
        "FnCreated": filetime(entry.named),
    }  # fmt: skip
    yield "mft", {**row, "Action": "created", "Time": row["FnCreated"]}
    if not entry.directory and abs(entry.modified - entry.named) > 10_000_000:
        yield "mft", {**row, "Action": "modified", "Time": row["SiModified"]}
    if entry.origin:
        words = dict(line.strip().split("=", 1) for line in entry.origin.splitlines() if "=" in line)
        yield (
            "mft_origin",
            {**row, **{name: words.get(name) for name in ("ZoneId", "HostUrl", "ReferrerUrl")}},
        )

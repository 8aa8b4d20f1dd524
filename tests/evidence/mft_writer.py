"""Small NTFS file tables and change journals for tests.

Formats: https://flatcap.github.io/linux-ntfs/ntfs/concepts/file_record.html and
https://learn.microsoft.com/windows/win32/api/winioctl/ns-winioctl-usn_record_v2
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.evidence.hive_writer import WRITTEN, filetime


@dataclass(frozen=True)
class File:
    """One record: a name in the folder with this number."""

    name: str
    parent: int = 5
    directory: bool = False
    used: bool = True
    named: datetime = WRITTEN
    modified: datetime = WRITTEN
    origin: str = ""


def table(files: Mapping[int, File]) -> bytes:
    """A table with these records; number 0 and 5 are there, others are empty."""
    known = {0: File("$MFT"), 5: File(".", directory=True), **files}
    empty = bytes(1024)
    return b"".join(_record(known[n]) if n in known else empty for n in range(max(known) + 1))


def _record(file: File) -> bytes:
    named, modified = filetime(file.named), filetime(file.modified)
    name = file.name.encode("utf-16-le")
    attributes = _attribute(0x10, struct.pack("<QQQQ", named, modified, modified, modified).ljust(72, b"\0"))
    body = struct.pack("<QQQQQ", file.parent | 1 << 48, named, named, named, named)
    body += bytes(24) + bytes([len(file.name), 1]) + name
    attributes += _attribute(0x30, body)
    attributes += _attribute(0x80, b"12345")
    if file.origin:
        attributes += _attribute(0x80, file.origin.encode(), "Zone.Identifier")
    attributes += b"\xff\xff\xff\xff\0\0\0\0"
    flags = file.used | 2 * file.directory
    head = struct.pack(
        "<4sHHQHHHHIIQHHI", b"FILE", 48, 3, 0, 1, 1, 56, flags, 56 + len(attributes), 1024, 0, 9, 0, 0
    )
    record = bytearray((head.ljust(56, b"\0") + attributes).ljust(1024, b"\0"))
    mark = b"\x07\x00"
    record[48:54] = mark + bytes(record[510:512]) + bytes(record[1022:1024])
    record[510:512] = record[1022:1024] = mark
    return bytes(record)


def _attribute(kind: int, content: bytes, name: str = "") -> bytes:
    letters = name.encode("utf-16-le")
    begin = 24 + (len(letters) + 7) // 8 * 8
    length = begin + (len(content) + 7) // 8 * 8
    head = struct.pack("<IIBBHHHIHBB", kind, length, 0, len(name), 24, 0, 0, len(content), begin, 0, 0)
    return (head + letters).ljust(begin, b"\0") + content.ljust(length - begin, b"\0")


def change(name: str, reason: int, usn: int, when: datetime = WRITTEN) -> bytes:
    """One record of the journal, version 2."""
    letters = name.encode("utf-16-le")
    length = (60 + len(letters) + 7) // 8 * 8
    head = struct.pack(
        "<IHHQQQQIIIIHH", length, 2, 0, 40 | 1 << 48, 30 | 1 << 48, usn, filetime(when), reason, 0, 0, 32,
        len(letters), 60,
    )  # fmt: skip
    return (head + letters).ljust(length, b"\0")

"""The change journal of NTFS: files made, changed, renamed and deleted, one record a change.

Format: https://learn.microsoft.com/windows/win32/api/winioctl/ns-winioctl-usn_record_v2
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

from sakimori.evidence.collected import host_of
from sakimori.evidence.found import Found, batches
from sakimori.evidence.reader import Source
from sakimori.evidence.registry.regf import filetime
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_PAGE = 4096  # no record reaches over the end of one
_CLOSED = 0x80000000
_REFERENCES = {2: 8, 3: 16}  # bytes of a file's number, by version
# The most telling first; a record may name several reasons.
_REASONS = (
    (0x00000200, "deleted"), (0x00000100, "created"), (0x00002000, "renamed"), (0x00000007, "modified"),
    (0x00000070, "modified"), (0x00200000, "stream changed"),
)  # fmt: skip


class ChangeJournal:
    """The NTFS change journal ($UsnJrnl:$J): files made, changed, renamed and deleted of late.

    Watch: it names a file and the number of its folder, not the folder's path: that stands in the $MFT. Of
    the several records of one change only the last, at closing, is told; attributes are left out.
    """

    name = "ntfs_usn"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """Two records of the journal, one after the other, behind whatever zeros."""
        at = _first(head)
        found = None if at is None else _record(head, at)
        if at is None or found is None:
            return False
        following = at + found["length"]
        return (
            following >= len(head) - 8
            or not any(head[following : following + 8])
            or bool(_record(head, following))
        )

    def claims_at(self, path: str, head: bytes) -> bool:
        """The journal by its name, where its beginning was released and is zeros."""
        return path.lower().endswith(("$j", "$usnjrnl%3a$j", "$usnjrnl_$j")) and not any(head[:_PAGE])

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a change that was closed; pages that hold no records are counted in one Unread."""
        yield from batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The record as JSON: it is no text."""
        found = (one for one in _found(source) if isinstance(one, Found) and one.record == number)
        one = next(islice(found, 1), None)
        return None if one is None else one.raw.decode()


def _first(head: bytes) -> int | None:
    """Where the first byte that is not zero stands, on a boundary of eight."""
    at = len(head) - len(head.lstrip(b"\0"))
    return None if at == len(head) else at // 8 * 8


def _found(source: Source) -> Iterator[Found | Unread]:
    host, number, offset, damaged = host_of(source.path), 0, source.offset, 0
    while page := source.stream.read(_PAGE):
        at = 0
        while at + 60 <= len(page) and page[at : at + 4] != b"\0\0\0\0":
            record = _record(page, at)
            if record is None:
                damaged += 1
                break
            number += 1
            if action := _action(record["Reason"]):
                row = {"Computer": host, **record, "Action": action, "Reason": f"0x{record['Reason']:08x}"}
                yield Found("usn", number, offset + at, row, orjson.dumps(row))
            at += record["length"]
        offset += len(page)
    if damaged:
        yield Unread(number, 0, f"{damaged} pages of the journal have bytes that are no record")


def _action(reason: int) -> str | None:
    if not reason & _CLOSED:
        return None
    return next((action for bits, action in _REASONS if reason & bits), None)


def _record(page: bytes, at: int) -> dict[str, Any] | None:
    """The record that starts at `at`; None where none does."""
    if at + 60 > len(page):
        return None
    length, major, minor = struct.unpack_from("<IHH", page, at)
    width = _REFERENCES.get(major)
    fixed = 8 + 2 * (width or 8) + 36
    if (
        width is None
        or minor
        or length % 8
        or not 60 <= length <= _PAGE
        or fixed > length
        or at + length > len(page)
    ):
        return None
    entry = int.from_bytes(page[at + 8 : at + 8 + width], "little") & 0xFFFFFFFFFFFF
    parent = int.from_bytes(page[at + 8 + width : at + 8 + 2 * width], "little") & 0xFFFFFFFFFFFF
    usn, time, reason, _, _, _, letters, start = struct.unpack_from("<QQIIIIHH", page, at + 8 + 2 * width)
    if start + letters > length or start < fixed:
        return None
    name = page[at + start : at + start + letters].decode("utf-16-le", "replace")
    return {
        "length": length, "Path": name, "Time": filetime(time), "Reason": reason, "Usn": usn, "Entry": entry,
        "Parent": parent,
    }  # fmt: skip

"""Tar archives as a forward-only stream.

The standard library reads extended headers of any declared size into memory; here they are bounded.
Format: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from sakimori.evidence.archives import Entry, Skipped, Slice
from sakimori.evidence.unpack import DAMAGE

_BLOCK = tarfile.BLOCKSIZE
_LONGEST_HEADER = 1 << 20
_KINDS = {
    tarfile.LNKTYPE: "it is a link, and links are never followed",
    tarfile.SYMTYPE: "it is a link, and links are never followed",
    tarfile.CHRTYPE: "it is a device, not a file",
    tarfile.BLKTYPE: "it is a device, not a file",
    tarfile.FIFOTYPE: "it is a named pipe, not a file",
    tarfile.GNUTYPE_SPARSE: "it is stored with holes (sparse), which is not supported; unpack it",
}
# Headers that say nothing about the next file's name or size.
_ASIDE = (tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE)
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)


def is_tar(head: bytes) -> bool:
    """Whether a stream that starts so is a tar: its first header carries the right checksum."""
    if len(head) < _BLOCK or not head[0]:
        return False
    try:
        return tarfile.TarInfo.frombuf(head[:_BLOCK], "utf-8", "surrogateescape").size >= 0
    except (tarfile.TarError, ValueError):
        return False


def entries(stream: BinaryIO) -> Iterator[Entry | Skipped]:
    """The files of a tar in order; a damaged header ends it."""
    try:
        yield from _entries(stream)
    except DAMAGE as damage:
        yield Skipped("", f"it cannot be read further ({damage})")


def _entries(stream: BinaryIO) -> Iterator[Entry | Skipped]:
    known: dict[str, str] = {}
    while (block := _full(stream, _BLOCK)).strip(b"\0"):
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        data = Slice(stream, _size(info, known))
        if info.type in (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME):
            known |= _extended(info, data)
        elif info.type not in _ASIDE:
            if info.type in _FILES or info.type in _KINDS:
                yield _entry(info, data, known)
            known = {}
        _skip(data)
        _full(stream, -(data.total) % _BLOCK)


def _entry(info: tarfile.TarInfo, data: Slice, known: dict[str, str]) -> Entry | Skipped:
    name = known.get("path", info.name)
    sparse = any(key.startswith("GNU.sparse") for key in known)
    why = _KINDS[tarfile.GNUTYPE_SPARSE] if sparse else _KINDS.get(info.type)
    return Skipped(name, why) if why else Entry(name, data, data.total, _modified(info, known))


def _modified(info: tarfile.TarInfo, known: dict[str, str]) -> str:
    try:
        seconds = float(known.get("mtime", info.mtime))
        return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _size(info: tarfile.TarInfo, known: dict[str, str]) -> int:
    links = (tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE)
    size = 0 if info.type in links else int(known.get("size", info.size))
    if size < 0:
        raise ValueError("a member declares a negative size")
    return size


def _extended(info: tarfile.TarInfo, data: Slice) -> dict[str, str]:
    if data.total > _LONGEST_HEADER:
        raise ValueError(f"an extended header declares {data.total} bytes")
    content = b"".join(iter(lambda: data.read(_LONGEST_HEADER), b""))
    if info.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": content.rstrip(b"\0").decode("utf-8", "surrogateescape")}
    return dict(_pax(content))


def _pax(content: bytes) -> Iterator[tuple[str, str]]:
    # "27 path=some/long/name.json\n": the number counts the whole record.
    while content:
        length, _, _ = content.partition(b" ")
        if int(length) <= 0:
            raise ValueError("an extended header has a record without length")
        record, content = content[: int(length)], content[int(length) :]
        key, _, value = record[len(length) + 1 : -1].partition(b"=")
        yield key.decode("utf-8", "replace"), value.decode("utf-8", "surrogateescape")


def _full(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count and count == _BLOCK and data:
        raise EOFError("the end of the archive is missing")
    return data


def _skip(data: Slice) -> None:
    scratch = bytearray(1 << 16)
    while data.readinto(scratch):
        pass

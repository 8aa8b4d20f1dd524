"""The application compatibility cache of Windows 7 and later: programs that were there when it looked.

Format: https://github.com/libyal/winreg-kb/blob/main/docs/sources/system-keys/Application-compatibility-cache.md
The time in an entry is that of the file's last change, never of a run.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from sakimori.evidence.registry.regf import Key, filetime
from sakimori.evidence.registry.said import Said, of_key

_HEADERS = frozenset({0x30, 0x34, 0x80})  # Windows 10 before and since 1607, Windows 8.1
_SEVEN = 0xBADC0FEE  # Windows 7 and Server 2008 R2, of which only 64 bits are read
_MOST = 4096


def shimcache(key: Key | None) -> Iterator[Said]:
    """One row a program, the most recently looked at first."""
    value = key.value("AppCompatCache") if key else None
    if key is None or value is None:
        return
    data = value.data
    header = struct.unpack("<I", data[:4])[0] if len(data) > 4 else 0
    if header not in _HEADERS and header != _SEVEN:
        key.hive.leave("the cache of applications has the form of an older Windows")
        return
    entries = _of_seven(data) if header == _SEVEN else _entries(data, header)
    for position, (path, modified) in enumerate(entries, 1):
        yield of_key(
            "hive_program",
            key,
            Trace="shimcache",
            Path=path,
            Ran="present",
            FileModified=modified,
            Position=position,
        )


def _entries(data: bytes, at: int) -> Iterator[tuple[str, str | None]]:
    older = at == 0x80
    for _ in range(_MOST):
        mark = data[at : at + 4]
        if mark not in {b"10ts", b"00ts"} or at + 14 > len(data):
            return
        (size,) = struct.unpack_from("<I", data, at + 8)
        entry = data[at + 12 : at + 12 + size]
        at += 12 + size
        (length,) = struct.unpack_from("<H", entry.ljust(2, b"\0"))
        path = entry[2 : 2 + length].decode("utf-16-le", "replace")
        rest = entry[2 + length :]
        if older and mark == b"10ts" and len(rest) >= 2:  # the name of a package
            rest = rest[2 + struct.unpack_from("<H", rest)[0] :]
        rest = rest[8:] if older else rest  # flags
        yield path, filetime(struct.unpack_from("<Q", rest)[0]) if len(rest) >= 8 else None


def _of_seven(data: bytes) -> Iterator[tuple[str, str | None]]:
    count = struct.unpack_from("<I", data, 4)[0] if len(data) >= 8 else 0
    for at in range(0x80, 0x80 + 48 * min(count, _MOST), 48):
        if at + 48 > len(data):
            return
        length, _, _, place, modified = struct.unpack_from("<HHIQQ", data, at)
        yield data[place : place + length].decode("utf-16-le", "replace"), filetime(modified)

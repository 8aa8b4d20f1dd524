"""Zip archives, member by member in the order of their bytes.

Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from __future__ import annotations

import bz2
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from sakimori.evidence.archives import Entry, Skipped, Slice
from sakimori.evidence.limits import Limits, size
from sakimori.evidence.unpack import Decoder, Unpacked, deflate, xz, zstandard

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_LOCAL = struct.Struct("<4s22xHH")
_DECODERS: dict[int, Callable[[], Decoder]] = {
    8: deflate,
    12: bz2.BZ2Decompressor,
    93: zstandard,
    95: xz,
}
_LONGEST_DIRECTORY = 16 << 20
_UTF8 = 0x800
_ENCRYPTED = 0x1
# What the standard library raises on a hostile central directory.
_BROKEN = (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError, struct.error, IndexError)


class _Directory:
    """The file as the standard library needs it to find the directory, which it reads in one piece."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, count: int = -1) -> bytes:
        if count > _LONGEST_DIRECTORY:
            raise ValueError(f"it takes {size(count)}, more than {size(_LONGEST_DIRECTORY)}")
        return self._file.read(count)


class _Checked(io.RawIOBase):
    """A member whose size and checksum are compared with the directory's when it ends."""

    def __init__(self, inner: io.RawIOBase, info: zipfile.ZipInfo) -> None:
        self._inner = inner
        self._info = info
        self._crc = self._length = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        count = self._inner.readinto(view) or 0
        self._crc = zlib.crc32(view[:count], self._crc)
        self._length += count
        if not count and len(view) and (self._crc, self._length) != (self._info.CRC, self._info.file_size):
            raise ValueError("its checksum or size is not what the zip declares")
        return count


def entries(file: BinaryIO, length: int, limits: Limits) -> Iterator[Entry | Skipped]:
    """The members of a zip of `length` bytes; directories are left out."""
    try:
        infos = sorted(
            zipfile.ZipFile(cast(BinaryIO, _Directory(file))).infolist(), key=lambda info: info.header_offset
        )
    except _BROKEN as damage:
        yield Skipped(
            "", f"its directory cannot be read ({damage}); repair it or unpack what can be unpacked"
        )
        return
    why = limits.excess(sum(info.file_size for info in infos), length) or _overlap(infos, length)
    if why:
        yield Skipped("", why)
        return
    for info in infos:
        if not info.filename.endswith("/"):
            yield _entry(file, info, limits)


def _overlap(infos: list[zipfile.ZipInfo], length: int) -> str | None:
    # Members that share bytes are how a small zip declares ten gigabytes (https://www.bamsoftware.com/hacks/zipbomb/).
    ends = [*(info.header_offset for info in infos[1:]), length]
    for info, end in zip(infos, ends, strict=False):
        if info.header_offset + _LOCAL.size + info.compress_size > end:
            return "its members overlap, as they do in a zip bomb"
    return None


def _entry(file: BinaryIO, info: zipfile.ZipInfo, limits: Limits) -> Entry | Skipped:
    name = _name(info)
    why = _obstacle(info, limits)
    if why:
        return Skipped(name, why)
    try:
        packed = _data(file, info)
    except (OSError, EOFError, ValueError, struct.error) as damage:
        return Skipped(name, f"its header cannot be read ({damage})")
    new = _DECODERS.get(info.compress_type)
    checked = _Checked(Unpacked(packed, new, limits) if new else packed, info)
    return Entry(name, checked, info.file_size, _modified(info))


def _modified(info: zipfile.ZipInfo) -> str:
    """The time a zip keeps, of the zone in which it was made; none where it is the first there is."""
    year, month, day, hour, minute, second = info.date_time
    # Builds that shall be the same each time write the first day there is.
    if (year, month) == (1980, 1) or not (0 < month < 13 and 0 < day < 32):
        return ""
    return f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"


def _obstacle(info: zipfile.ZipInfo, limits: Limits) -> str | None:
    if info.flag_bits & _ENCRYPTED:
        return "it is encrypted; unpack it with its password and hunt in the folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link, and links are never followed"
    if info.compress_type and info.compress_type not in _DECODERS:
        return f"its compression (method {info.compress_type}) is not supported; unpack it yourself"
    return limits.excess(info.file_size, info.compress_size)


def _data(file: BinaryIO, info: zipfile.ZipInfo) -> Slice:
    file.seek(info.header_offset)
    magic, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    if magic != MAGIC[0]:
        raise ValueError("there is none where the directory points")
    file.seek(name + extra, 1)
    return Slice(file, info.compress_size)


def _name(info: zipfile.ZipInfo) -> str:
    # Without the flag the standard says cp437, but Windows in Japan writes cp932 and many tools UTF-8.
    if info.flag_bits & _UTF8:
        return info.orig_filename
    data = info.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename

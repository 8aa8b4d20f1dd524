"""Keys and values of a registry hive, straight from its cells; damage ends a branch, never the reading.

Format: https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from mmap import mmap

_BINS = 4096
_INLINE = 0x80000000
_SEGMENT = 16344
_DEEPEST = 512  # levels Windows allows a key to have
_LARGEST = 256 << 20
_SMALLEST_KEY = 80
_OFTEN = 10  # times a whole hive may be gone through; an honest one is asked for its keys two or three times
_LOOPS = "the cells lead back to themselves: the rest is left out"
TYPES = (
    "REG_NONE", "REG_SZ", "REG_EXPAND_SZ", "REG_BINARY", "REG_DWORD", "REG_DWORD_BIG_ENDIAN", "REG_LINK",
    "REG_MULTI_SZ", "REG_RESOURCE_LIST", "REG_FULL_RESOURCE_DESCRIPTOR", "REG_RESOURCE_REQUIREMENTS_LIST",
    "REG_QWORD",
)  # fmt: skip
_TEXTS = frozenset({1, 2, 6, 7})
_NUMBERS = {4: "<I", 5: ">I", 11: "<Q"}
_EPOCH = 11_644_473_600_000_000


class Damaged(Exception):
    """A cell is not what it should be."""


def filetime(value: int) -> str | None:
    """A FILETIME as microseconds of the epoch in a form every clock reads; None for no time at all."""
    micros = value // 10 - _EPOCH
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}" if 0 < micros < 4_102_444_800_000_000 else None


@dataclass(frozen=True, slots=True)
class Value:
    """One value; `size` is that of its data, whether or not all of it is there."""

    hive: Hive
    offset: int
    name: str
    kind: int
    size: int
    at: int
    inline: bytes | None = None

    @property
    def type(self) -> str:
        """The name of its type."""
        return TYPES[self.kind] if self.kind < len(TYPES) else f"type {self.kind}"

    @property
    def data(self) -> bytes:
        """Its bytes; fewer than `size`, or none, where the hive is damaged."""
        try:
            return self.hive.data_of(self)
        except Damaged:
            return b""

    @property
    def text(self) -> str | None:
        """Text and numbers as they read, several texts one a line; None for other data."""
        data = self.data
        if self.kind in _TEXTS:
            return data.decode("utf-16-le", "replace").rstrip("\0").replace("\0", "\n")
        if (form := _NUMBERS.get(self.kind)) and len(data) == struct.calcsize(form):
            return str(struct.unpack(form, data)[0])
        return None

    @property
    def number(self) -> int | None:
        """Its number; None where it is none."""
        text = self.text if self.kind in _NUMBERS else None
        return None if text is None else int(text)


@dataclass(frozen=True)
class Key:
    """One key. `path` leads from the root, without its name."""

    hive: Hive
    offset: int
    path: str
    name: str
    written: str | None
    cell: bytes

    @cached_property
    def by_name(self) -> dict[str, Value]:
        """Its values under their names in small letters; the unnamed one under ''."""
        return {value.name.lower(): value for value in self.values()}

    def value(self, name: str) -> Value | None:
        """The value of this name."""
        return self.by_name.get(name.lower())

    def text(self, name: str) -> str | None:
        """The text of the value of this name; None where there is none."""
        found = self.value(name)
        return (found.text or None) if found else None

    def values(self) -> Iterator[Value]:
        """Its values, those that can be read."""
        return self.hive.values_of(self)

    def child(self, name: str) -> Key | None:
        """The key of this name under it."""
        return next((child for child in self.children() if child.name.lower() == name.lower()), None)

    def children(self) -> Iterator[Key]:
        """The keys under it, those that can be read."""
        return self.hive.children_of(self)


class Hive:
    """The keys of a hive in memory or on disk. `problems` are reasons of what was left out."""

    def __init__(self, data: bytes | mmap) -> None:
        self._data, self._size = data, len(data)
        # Lists that name the same cell again and again cannot keep us busy for ever.
        self._cells_left = _OFTEN * len(data) // _SMALLEST_KEY + 100_000
        self._bytes_left = _OFTEN * len(data) + _LARGEST
        self.problems: dict[str, int] = {}

    @property
    def dirty(self) -> bool:
        """Whether changes still stood in its transaction logs."""
        first, second = struct.unpack("<II", self._data[4:12])
        return bool(first != second)

    def root(self) -> Key:
        """The root key. Raises Damaged."""
        return self._key(struct.unpack("<I", self._data[36:40])[0], "")

    def find(self, path: str) -> Key | None:
        """The key at a path from the root, whatever its case; None where there is none."""
        try:
            key: Key | None = self.root()
        except Damaged:
            return None
        for name in path.lower().split("\\"):
            key = (
                next((child for child in key.children() if child.name.lower() == name), None) if key else None
            )
        return key

    def walk(self) -> Iterator[Key]:
        """All keys, each before those under it."""
        try:
            branches = [iter((self.root(),))]
        except Damaged as problem:
            self.leave(str(problem))
            return
        while branches:
            key = next(branches[-1], None)
            if key is None:
                branches.pop()
                continue
            yield key
            if len(branches) < _DEEPEST:
                branches.append(self.children_of(key))
            else:
                self.leave("keys lie deeper than Windows allows")

    def children_of(self, key: Key) -> Iterator[Key]:
        """The keys under one."""
        count, at = struct.unpack_from("<I4xI", key.cell, 20)
        if not count or at == 0xFFFFFFFF:
            return
        for offset in islice(self._listed(at, 0), count):
            if not self._may_go_on():
                return
            try:
                child = self._key(offset, key.path)
            except Damaged as problem:
                self.leave(str(problem))
                continue
            yield child

    def values_of(self, key: Key) -> Iterator[Value]:
        """The values of a key."""
        count, at = struct.unpack_from("<II", key.cell, 36)
        if not count or at == 0xFFFFFFFF:
            return
        try:
            listed = self._cell(at)
        except Damaged as problem:
            self.leave(str(problem))
            return
        for place in range(min(count, len(listed) // 4)):
            if not self._may_go_on():
                return
            try:
                yield self._value(struct.unpack_from("<I", listed, 4 * place)[0])
            except Damaged as problem:
                self.leave(str(problem))

    def data_of(self, value: Value) -> bytes:
        """The bytes of a value. Raises Damaged."""
        if value.inline is not None:
            return value.inline
        self._bytes_left -= value.size
        if self._bytes_left < 0:
            self.leave(_LOOPS)
            raise Damaged(_LOOPS)
        cell = self._cell(value.at)
        if value.size > _SEGMENT and cell[:2] == b"db":
            return b"".join(self._segments(cell, value.size))[: value.size]
        return cell[: value.size]

    def _segments(self, cell: bytes, size: int) -> Iterator[bytes]:
        count, at = struct.unpack_from("<HI", cell, 2)
        listed = self._cell(at)
        for place in range(min(count, len(listed) // 4, size // _SEGMENT + 1)):
            yield self._cell(struct.unpack_from("<I", listed, 4 * place)[0])[:_SEGMENT]

    def _cell(self, offset: int) -> bytes:
        """The content of an allocated cell. Raises Damaged."""
        at = _BINS + offset
        if at + 4 > self._size:
            raise Damaged("a cell lies beyond the end of the hive")
        (size,) = struct.unpack("<i", self._data[at : at + 4])
        if not 8 <= -size <= min(self._size - at, _LARGEST):
            raise Damaged("a cell is free, or reaches beyond the end of the hive")
        return self._data[at + 4 : at - size]

    def _key(self, offset: int, parent: str) -> Key:
        cell = self._cell(offset)
        if cell[:2] != b"nk" or len(cell) < 76:
            raise Damaged("a key is no key")
        flags, written = struct.unpack_from("<HQ", cell, 2)
        (length,) = struct.unpack_from("<H", cell, 72)
        name = cell[76 : 76 + length].decode("latin-1" if flags & 0x20 else "utf-16-le", "replace")
        root = bool(flags & 4) and not parent
        path = "" if root else f"{parent}\\{name}" if parent else name
        return Key(self, offset, path, name, filetime(written), cell)

    def _value(self, offset: int) -> Value:
        cell = self._cell(offset)
        if cell[:2] != b"vk" or len(cell) < 20:
            raise Damaged("a value is no value")
        length, size, at, kind, flags = struct.unpack_from("<HIIIH", cell, 2)
        name = cell[20 : 20 + length].decode("latin-1" if flags & 1 else "utf-16-le", "replace")
        if size & _INLINE:
            inline = cell[8 : 8 + min(size & 0x7FFFFFFF, 4)]
            return Value(self, offset, name, kind, len(inline), 0, inline)
        return Value(self, offset, name, kind, size, at)

    def _may_go_on(self) -> bool:
        self._cells_left -= 1
        if self._cells_left == 0:
            self.leave(_LOOPS)
        return self._cells_left > 0

    def _listed(self, offset: int, deep: int) -> Iterator[int]:
        """The offsets in a list of keys, or in a list of such lists."""
        try:
            cell = self._cell(offset)
        except Damaged as problem:
            self.leave(str(problem))
            return
        kind, (count,) = cell[:2], struct.unpack_from("<H", cell, 2)
        width = 8 if kind in {b"lf", b"lh"} else 4
        if kind not in {b"lf", b"lh", b"li", b"ri"} or (kind == b"ri" and deep):
            self.leave("a list of keys is no list")
            return
        places = range(4, 4 + width * min(count, (len(cell) - 4) // width), width)
        for place in places:
            (at,) = struct.unpack_from("<I", cell, place)
            if kind == b"ri":
                yield from self._listed(at, deep + 1)
            else:
                yield at

    def leave(self, reason: str) -> None:
        """Notes that something was left out."""
        self.problems[reason] = self.problems.get(reason, 0) + 1

"""Small registry hives for tests.

Format: https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import reduce
from operator import xor

WRITTEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_NONE = 0xFFFFFFFF
_KINDS = {
    "REG_SZ": 1,
    "REG_EXPAND_SZ": 2,
    "REG_BINARY": 3,
    "REG_DWORD": 4,
    "REG_MULTI_SZ": 7,
    "REG_QWORD": 11,
}
# A key is a mapping: a mapping under a name is a key, anything else a value.
Data = str | int | bytes | tuple[int | str, bytes]
Tree = Mapping[str, "Data | Tree"]


def filetime(moment: datetime) -> int:
    """A FILETIME of a moment."""
    return round((moment.timestamp() + 11_644_473_600) * 10_000_000)


def hive(tree: Tree, dirty: bool = False, written: datetime = WRITTEN) -> bytes:
    """A hive of these keys; texts become REG_SZ, numbers REG_DWORD, bytes REG_BINARY."""
    cells = _Cells(filetime(written))
    root = cells.key("ROOT", _nested(tree), _NONE, 0x24)
    bins = bytes(cells.data) + bytes(-(len(cells.data) + 32) % 4096)
    bins = _closed(bins, len(cells.data))
    bins = struct.pack("<4sIIQQI", b"hbin", 0, len(bins) + 32, 0, cells.written, 0) + bins
    base = struct.pack(
        "<4sIIQIIIIIII", b"regf", 7 + dirty, 7, cells.written, 1, 5, 0, 1, root, len(bins), 1
    ).ljust(508, b"\0")
    check = reduce(xor, struct.unpack("<127I", base))
    return (base + struct.pack("<I", check)).ljust(4096, b"\0") + bins


def _closed(bins: bytes, used: int) -> bytes:
    """What is left of the bin is one free cell."""
    rest = len(bins) - used
    return bins[:used] + struct.pack("<i", rest) + bins[used + 4 :] if rest >= 8 else bins


def _nested(tree: Tree) -> Tree:
    r"""`{"A\B": {...}}` as keys in keys."""
    made: dict[str, Data | Tree] = {}
    for name, inner in tree.items():
        head, _, rest = name.partition("\\") if isinstance(inner, Mapping) else (name, "", "")
        if not isinstance(inner, Mapping):
            made[name] = inner
            continue
        old = made.get(head, {})
        assert isinstance(old, Mapping)
        made[head] = {**old, **_merged(old, {rest: inner} if rest else inner)}
    return {name: _nested(inner) if isinstance(inner, Mapping) else inner for name, inner in made.items()}


def _merged(old: Tree, new: Tree) -> Tree:
    merged: dict[str, Data | Tree] = {}
    for name, inner in new.items():
        held = old.get(name)
        merged[name] = (
            {**held, **inner} if isinstance(held, Mapping) and isinstance(inner, Mapping) else inner
        )
    return merged


class _Cells:
    """The cells of one bin; offsets are from the first bin."""

    def __init__(self, written: int) -> None:
        self.data = bytearray()
        self.written = written

    def cell(self, content: bytes) -> int:
        """Adds an allocated cell and gives its offset."""
        at = 32 + len(self.data)
        size = (len(content) + 4 + 7) // 8 * 8
        self.data += struct.pack("<i", -size) + content.ljust(size - 4, b"\0")
        return at

    def key(self, name: str, tree: Tree, parent: int, flags: int = 0x20) -> int:
        """A key with all that is in it."""
        at = self.cell(bytes(76 + len(name)))
        values = [self.value(n, v) for n, v in tree.items() if not isinstance(v, Mapping)]
        keys = [(n, self.key(n, v, at)) for n, v in tree.items() if isinstance(v, Mapping)]
        listed = self.cell(struct.pack(f"<{len(values)}I", *values)) if values else _NONE
        content = struct.pack(
            "<2sHQIIIIIIIIII4I", b"nk", flags, self.written, 0, parent, len(keys), 0,
            self._list(keys), _NONE, len(values), listed, _NONE, _NONE, 0, 0, 0, 0,
        )  # fmt: skip
        content += struct.pack("<IHH", 0, len(name), 0) + name.encode("latin-1")
        start = at - 32 + 4
        self.data[start : start + len(content)] = content
        return at

    def _list(self, keys: list[tuple[str, int]]) -> int:
        if not keys:
            return _NONE
        entries = b"".join(struct.pack("<II", at, _hash(name)) for name, at in sorted(keys, key=_upper))
        return self.cell(struct.pack("<2sH", b"lh", len(keys)) + entries)

    def value(self, name: str, given: Data) -> int:
        """A value with its data."""
        kind, data = _data(given)
        if len(data) <= 4:
            size, at = len(data) | 0x80000000, int.from_bytes(data.ljust(4, b"\0"), "little")
        else:
            size, at = len(data), self._bytes(data)
        head = struct.pack("<2sHIIIHH", b"vk", len(name), size, at, kind, 1, 0)
        return self.cell(head + name.encode("latin-1"))

    def _bytes(self, data: bytes) -> int:
        if len(data) <= 16344:
            return self.cell(data)
        parts = [self.cell(data[at : at + 16344]) for at in range(0, len(data), 16344)]
        listed = self.cell(struct.pack(f"<{len(parts)}I", *parts))
        return self.cell(struct.pack("<2sHI", b"db", len(parts), listed))


def _upper(pair: tuple[str, int]) -> str:
    return pair[0].upper()


def _hash(name: str) -> int:
    return reduce(lambda found, letter: (found * 37 + ord(letter)) & 0xFFFFFFFF, name.upper(), 0)


def _data(given: Data) -> tuple[int, bytes]:
    if isinstance(given, tuple):
        kind, data = given
        return (kind if isinstance(kind, int) else _KINDS[kind]), data
    if isinstance(given, str):
        return 1, f"{given}\0".encode("utf-16-le")
    return (4, struct.pack("<I", given)) if isinstance(given, int) else (3, given)

"""Small prefetch files for tests, of Windows 10 (version 30), plain or compressed.

Format: https://github.com/libyal/libscca/blob/main/documentation/Windows%20Prefetch%20File%20(PF)%20format.asciidoc
Compression: https://learn.microsoft.com/openspecs/windows_protocols/ms-xca/8a9a7b8f-1ce9-4c71-9b5b-f0bd5e3a02b7
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime

from tests.evidence.hive_writer import filetime

_INFORMATION = 304
_VOLUME = 96
DEVICE = "\\VOLUME{01d9000000000000-00000001}"


def prefetch(name: str, files: Sequence[str], runs: Sequence[datetime], count: int) -> bytes:
    """A file of a program that loaded these files and ran at these moments."""
    texts = [f"{DEVICE}{file}" for file in files]
    strings = b"".join(f"{text}\0".encode("utf-16-le") for text in texts)
    strings += bytes(-len(strings) % 8)
    entries, at = b"", 0
    for text in texts:
        entries += struct.pack("<IIIIIIQ", 0, 1, 1, at, len(text), 2, 0)
        at += 2 * (len(text) + 1)
    chains = struct.pack("<IIBB6x", 0xFFFFFFFF, 1, 1, 1)[:8]
    start_chains = _INFORMATION + len(entries)
    start_strings = start_chains + len(chains)
    start_volumes = start_strings + len(strings)
    volumes = _volume()
    size = start_volumes + len(volumes)
    head = struct.pack("<I4sII", 30, b"SCCA", 0x11, size)
    head += name.encode("utf-16-le").ljust(60, b"\0")[:60] + struct.pack("<II", 0x1234ABCD, 0)
    info = struct.pack(
        "<9I", _INFORMATION, len(texts), start_chains, 1, start_strings, at, start_volumes, 1, len(volumes)
    )
    times = [filetime(run) for run in runs] + [0] * (8 - len(runs))
    info += bytes(8) + struct.pack("<8Q", *times) + bytes(16) + struct.pack("<II", count, 1)
    return head + info.ljust(_INFORMATION - len(head), b"\0") + entries + chains + strings + volumes


def _volume() -> bytes:
    device = f"{DEVICE}\0".encode("utf-16-le")
    device += bytes(-len(device) % 8)
    head = struct.pack("<IIQI", _VOLUME, len(DEVICE), 0, 0x1234)
    return head.ljust(_VOLUME, b"\0") + device


def compressed(data: bytes) -> bytes:
    """The file as Windows 10 stores it: a zero is written with one bit, all else with ten, nothing repeats.

    Zeros behind it make it longer than what it is compressed to, as files of Windows' own always are.
    """
    data += bytes(4 * len(data))
    assert len(data) <= 65_536
    lengths = b"\xa1" + b"\xaa" * 254 + b"\x9a"
    return struct.pack("<4sI", b"MAM\x04", len(data)) + lengths + _bits(data)


def _bits(data: bytes) -> bytes:
    bits = "".join(f"{513 + letter:010b}" if letter else "0" for letter in data)
    bits += "0" * (-len(bits) % 16)
    return b"".join(struct.pack("<H", int(bits[at : at + 16], 2)) for at in range(0, len(bits), 16))

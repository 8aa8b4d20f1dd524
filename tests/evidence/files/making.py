"""Small files of kinds that can be taken apart: synthetic, and none of them does anything."""

from __future__ import annotations

import struct

STRINGS = ("Name", "Relative", "Folder", "Arguments", "Icon")


def program(compiled: int = 1_700_000_000) -> bytes:
    """A 64-bit Windows program of one section that holds zeros: no imports, no code.

    https://learn.microsoft.com/windows/win32/debug/pe-format
    """
    dos = b"MZ" + bytes(58) + struct.pack("<I", 64)
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, compiled, 0, 0, 240, 0x22)
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII",
        0x20B, 14, 0, 0, 512, 0, 0x1000, 0x1000, 0x140000000, 0x1000, 512, 6, 0, 0, 0, 6, 0, 0,
        0x2000, 512, 0, 3, 0, 1 << 20, 1 << 12, 1 << 20, 1 << 12, 0, 16,
    ) + bytes(128)  # fmt: skip
    section = b".data\0\0\0" + struct.pack("<IIIIIIHHI", 512, 0x1000, 512, 512, 0, 0, 0, 0, 0xC0000040)
    return (dos + coff + optional + section).ljust(512, b"\0") + bytes(512)


def shortcut(target: str, arguments: str) -> bytes:
    r"""A shortcut to `..\target` with arguments, in Unicode.

    https://learn.microsoft.com/openspecs/windows_protocols/ms-shllink/
    """
    has_relative, has_arguments, unicode = 0x8, 0x20, 0x80
    clsid = b"\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46"
    flags = has_relative | has_arguments | unicode
    header = struct.pack("<I", 76) + clsid + struct.pack("<II", flags, 0x20) + bytes(24)
    header += struct.pack("<IIIHHII", 0, 0, 1, 0, 0, 0, 0)
    return header + b"".join(map(_counted, (target, arguments))) + bytes(4)


def _counted(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")

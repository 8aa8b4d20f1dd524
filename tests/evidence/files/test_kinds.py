"""What a file is by its first bytes, and whether its name says the same."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.evidence.files.kinds import agrees, kind_of
from tests.evidence.files.making import program, shortcut

FAR = b"MZ" + bytes(58) + struct.pack("<I", 1 << 20)


@pytest.mark.parametrize(
    ("head", "size", "kind"),
    [
        (program(), 1024, "pe"),
        (FAR.ljust(512, b"\0"), 2 << 20, "pe"),  # its header lies behind what we see
        (FAR.ljust(512, b"\0"), 512, "dos"),  # and here behind the end of the file
        (b"MZ", 2, "dos"),
        (shortcut("a.exe", "-x"), 200, "lnk"),
        (b"%PDF-1.7\n", 9, "pdf"),
        (b"PK\x03\x04" + bytes(22) + struct.pack("<HH", 19, 0) + b"[Content_Types].xml", 60, "ooxml"),
        (b"\xca\xfe\xba\xbe\0\0\0\x41", 8, "java-class"),
        (b"\xca\xfe\xba\xbe\0\0\0\x02", 8, "mach-o"),
        (b"#!/bin/sh\n", 10, "script"),
        (b"<!doctype html>", 15, "html"),
        ("日報\n".encode(), 7, "text"),
        (b"\0\1\2\3", 4, "data"),
        (b"", 0, "empty"),
    ],
)
def test_a_kind_is_told(head: bytes, size: int, kind: str) -> None:
    assert kind_of(head, size) == kind


@pytest.mark.parametrize(
    ("name", "kind", "told"),
    [
        ("offer.pdf", "pe", False),
        ("offer.pdf", "pdf", True),
        ("offer.pdf.exe", "pe", True),
        ("font.woff2", "script", False),
        ("notes.doc", "rtf", True),
        ("README", "pe", None),
        (".bashrc", "text", None),
        ("empty.exe", "empty", None),
    ],
)
def test_a_name_agrees_or_not_or_promises_nothing(name: str, kind: str, told: bool | None) -> None:
    assert agrees(name, kind) is told


@given(st.binary(max_size=600), st.integers(0, 1 << 40))
def test_no_bytes_raise(head: bytes, size: int) -> None:
    assert kind_of(head, max(size, len(head)), head)

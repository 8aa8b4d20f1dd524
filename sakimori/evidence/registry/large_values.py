"""Values that hold more than a setting: programs, scripts, encoded or enciphered data.

https://attack.mitre.org/techniques/T1112/ and https://attack.mitre.org/techniques/T1027/011/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import numpy as np

from sakimori.evidence.registry.regf import Key, Value
from sakimori.evidence.registry.said import Said, of_key

LARGE = 1024  # bytes; settings are shorter
RANDOM = 4096  # below it entropy says little
_MOST = 20_000
_JUDGED = 1 << 20
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_HEX = re.compile(r"(?:0x)?[0-9A-Fa-f]+")
_SCRIPT = re.compile(
    r"frombase64string|powershell|invoke-expression|\biex\b|\beval\s*\(|activexobject|createobject\s*\("
    r"|virtualalloc|function\s{0,9}\w{0,64}\s{0,9}\(|-enc(?:odedcommand)?\s",
    re.I,
)
# Pictures, archives, certificates and signed data: random by nature, and what they are.
_KNOWN = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"MSCF",
    b"\x30\x82",
    b"\x01\0\0\0\xd0\x8c\x9d\xdf",
)


def large_values(keys: Iterator[Key]) -> Iterator[Said]:
    """One row a value that is large and looks like code; the first twenty thousand of a hive."""
    yield from islice((said for key in keys for value in key.values() for said in _said(key, value)), _MOST)


def _said(key: Key, value: Value) -> Iterator[Said]:
    if value.size < 64 or (value.size < LARGE and value.kind != 3):
        return
    data = value.data
    looks = looks_like(data)
    if looks and (len(data) >= LARGE or looks == "MZ"):
        row = of_key(
            "hive_value",
            key,
            ValueName=value.name or "(default)",
            ValueType=value.type,
            DataBytes=value.size,
            Entropy=f"{entropy(data[:_JUDGED]):.2f}",
            Looks=looks,
        )
        yield Said(row.log, value.offset, row.row)


def looks_like(data: bytes) -> str | None:
    """MZ, MZ in base64, MZ in hex, script, base64, hex or random; None for what a setting may be."""
    if is_program(data):
        return "MZ"
    text = _text(data[:_JUDGED])
    if text is not None:
        return _of_text(text)
    if len(data) >= RANDOM and not data.startswith(_KNOWN) and entropy(data[:_JUDGED]) >= 7.5:
        return "random"
    return None


def is_program(data: bytes) -> bool:
    """Whether Windows could load it: a header that leads to another one.

    https://learn.microsoft.com/windows/win32/debug/pe-format
    """
    if data[:2] != b"MZ" or len(data) < 64:
        return False
    at = int.from_bytes(data[60:64], "little")
    return data[at : at + 4] == b"PE\0\0" or b"This program cannot be run" in data[:512]


def _of_text(text: str) -> str | None:
    plain = "".join(text.replace(",", " ").split())
    if plain.startswith(("TVqQ", "TVpQ", "TVro", "TVoA")):
        return "MZ in base64"
    if _HEX.fullmatch(plain):
        return "MZ in hex" if plain.removeprefix("0x").upper().startswith("4D5A") else "hex"
    if _BASE64.fullmatch(plain) and _mixed(plain) and entropy(plain.encode()) >= 4.5:
        return "base64"
    return "script" if _SCRIPT.search(text) else None


def _mixed(text: str) -> bool:
    """Whether there are digits, capitals and small letters, as in anything long in base64."""
    return any(map(str.isdigit, text)) and any(map(str.isupper, text)) and any(map(str.islower, text))


def _text(data: bytes) -> str | None:
    """The data as text, in two bytes or one a letter; None where it is none."""
    wide = data[1:200:2].count(0) > 80
    text = data.decode("utf-16-le" if wide else "latin-1", "replace").rstrip("\0")
    sample = text[:2000]
    printable = sum(character.isprintable() or character.isspace() for character in sample)
    ascii_only = sum(character < "\x7f" for character in sample)
    return text if sample and min(printable, ascii_only) >= 0.97 * len(sample) else None


def entropy(data: bytes) -> float:
    """Bits a byte."""
    if not data:
        return 0.0
    counts = np.bincount(np.frombuffer(data, np.uint8), minlength=256)
    shares = counts[counts > 0] / len(data)
    return float(-(shares * np.log2(shares)).sum())

"""Who signed a program of macOS: team and identifier in its code directory, and the certificate's name.

Format: https://github.com/apple-oss-distributions/xnu/blob/main/osfmk/kern/cs_blobs.h
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

_SUPER, _DIRECTORY, _CMS = 0xFADE0CC0, 0xFADE0C02, 0xFADE0B01
_AD_HOC = 0x2
_WITH_TEAM = 0x20200
_NAME = re.compile(
    rb"(Developer ID Application: [\x20-\x7e\x80-\xff]{2,100}?\([A-Z0-9]{10}\)"
    rb"|Apple Mac OS Application Signing|Software Signing)"
)


@dataclass(frozen=True, slots=True)
class Signing:
    """`status` is `ad hoc` (nobody vouches), `present`, or `broken`; `signer` by certificate or team."""

    status: str
    signer: str = ""
    identifier: str = ""
    team: str = ""


def signing(blob: bytes) -> Signing:
    """What the signature of a program says; whether it is valid only macOS can tell."""
    try:
        blobs = dict(_blobs(blob))
        directory = blobs.get(_DIRECTORY)
        return _told(directory, blobs.get(_CMS, b"")) if directory else Signing("broken")
    except (struct.error, IndexError, ValueError):
        return Signing("broken")


def _blobs(blob: bytes) -> list[tuple[int, bytes]]:
    magic, _, count = struct.unpack_from(">III", blob)
    if magic != _SUPER or count > 64:
        raise ValueError("no signature begins so")
    found = []
    for at in range(count):
        _, offset = struct.unpack_from(">II", blob, 12 + 8 * at)
        kind, length = struct.unpack_from(">II", blob, offset)
        found.append((kind, blob[offset : offset + length]))
    return found[::-1]  # of several code directories the first one is the one that counts


def _told(directory: bytes, cms: bytes) -> Signing:
    version, flags, _, named = struct.unpack_from(">IIII", directory, 8)
    team_at = struct.unpack_from(">I", directory, 48)[0] if version >= _WITH_TEAM else 0
    identifier = _text(directory, named)
    team = _text(directory, team_at) if team_at else ""
    name = _NAME.search(cms)
    signer = name[1].decode("utf-8", "replace") if name else team
    status = "ad hoc" if flags & _AD_HOC or len(cms) <= 8 else "present"
    return Signing(status, signer, identifier, team)


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)][:200].decode("utf-8", "replace")

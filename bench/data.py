"""Where the data of the measurements comes from: labelled sets beside the checkout, or our own generator."""

from __future__ import annotations

import zipfile
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
SIGMA = SHARED / "data" / "sigma"
OTRF = SHARED / "data" / "otrf"
EVTX = SHARED / "data" / "evtx_attack_samples"
YARDSTICK = SHARED / "tools" / "reference_hunt.py"


def otrf_lines(folder: Path, copies: int, largest: int = 1 << 62) -> tuple[int, int]:
    """(events, bytes) of the OTRF sets written as JSON lines, one file a set and copy.

    Each copy is of other hosts, so that its records are not the same events again. Sets of more than
    `largest` bytes are left out.
    """
    events = size = 0
    for archive in sorted(OTRF.rglob("*.zip")):
        with zipfile.ZipFile(archive) as pack:
            for name in pack.namelist():
                if name.endswith(".json") and not name.startswith("__MACOSX"):
                    text = pack.read(name) if pack.getinfo(name).file_size <= largest else b""
                    for copy in range(copies if text else 0):
                        made = _renamed(text, copy)
                        (folder / f"{copy}-{Path(name).name}").write_bytes(made)
                        events += made.count(b"\n")
                        size += len(made)
    return events, size


def _renamed(text: bytes, copy: int) -> bytes:
    if not copy:
        return text
    for word in (b"WORKSTATION", b"MORDORDC", b"workstation", b"DC01"):
        text = text.replace(word, word + b"%d" % copy)
    return text

"""Which bundles were taken here, the newest version of each name ever: what an older one is refused by."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sakimori.errors import UsageError

LEDGER = "taken.json"


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The last bundle taken under a name; `sha256` is its manifest's, `present` whether it is in use."""

    version: str
    sha256: str
    key: str
    when: str
    by: str
    present: bool = True


def bundles_folder() -> Path:
    """Where bundles are kept: $SAKIMORI_DATA, else the user's data folder."""
    base = os.environ.get("SAKIMORI_DATA")
    if base:
        return Path(base) / "bundles"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "sakimori" / "bundles"


def ledger(folder: Path) -> dict[str, Taken]:
    """What was taken, by name. Raises UsageError where it is damaged: without it no older one is noticed."""
    file = folder / LEDGER
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Taken])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError, ValueError) as error:
        raise UsageError(
            f"{file}: cannot be read ({error}). Restore it, or remove the folder and import anew."
        ) from error


def write_ledger(folder: Path, held: Mapping[str, Taken]) -> None:
    """Keep it, whole or not at all."""
    file, part = folder / LEDGER, folder / f".{LEDGER}.part"
    part.write_bytes(msgspec.json.format(msgspec.json.encode(dict(sorted(held.items()))), indent=1) + b"\n")
    part.replace(file)

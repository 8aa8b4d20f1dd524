"""Writing so that a file is whole or absent, also after the power fails."""

from __future__ import annotations

import json
import os
from pathlib import Path


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON with sorted keys, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1), encoding="utf-8")
    sync(partial)
    partial.replace(path)


def sync(path: Path) -> None:
    """Ask the system to put a file, or the names in a directory, on disk."""
    if path.is_dir() and os.name == "nt":  # Windows gives no handle to a directory
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

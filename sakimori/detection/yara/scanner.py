"""The rules behind limits, as the reader of files wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from sakimori.engine.confined import Bounds, Confined

SCANNING = "sakimori.detection.yara.scanning:scanning"
# With 1 GB the engine could not start its thread and ended, though it holds 12 MB; with 4 GB it could.
_BOUNDS = Bounds(memory=4 << 30)


class Scanner:
    """Matches of compiled rules in one file after another; the process starts with the first file."""

    def __init__(self, compiled: Path, bounds: Bounds = _BOUNDS) -> None:
        self._confined = Confined(SCANNING, {"rules": str(compiled)}, bounds)

    def __call__(self, path: Path, row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """A row for each rule that matches. Raises Stopped where a limit was hit."""
        name = str(row["Name"])
        question = {
            "path": str(path),
            "filename": name,
            "filepath": str(row["Path"]),
            "extension": PurePosixPath(name).suffix,
            "filetype": str(row["Kind"]),
        }
        matches: list[dict[str, Any]] = self._confined.ask(question)["matches"]
        return matches

    def close(self) -> None:
        """End the process."""
        self._confined.close()

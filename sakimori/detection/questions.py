"""The SQL of behaviours, kept between hunts: Ibis needs seconds to write all of it, and it never differs."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import orjson

from sakimori.detection.behaviour import Behaviour

_PACKAGE = Path(__file__).resolve().parents[1]
_WRITERS = ("ibis-framework", "sqlglot", "duckdb")


class Questions:
    """What each behaviour asks. `cache` is a folder; None keeps nothing. Call `keep` when all are asked."""

    def __init__(self, cache: Path | None) -> None:
        self._file = cache / f"questions-{fingerprint()}.json" if cache else None
        self._known = _read(self._file)
        self._new = False

    def sql(self, one: Behaviour) -> str:
        """The query of a behaviour with its tunables as they are. Raises RuleError where it has none."""
        if one.name not in self._known:
            self._known[one.name] = one.sql()
            self._new = True
        return self._known[one.name]

    def keep(self) -> None:
        """Write down what was not known before, whole or not at all."""
        if self._file is None or not self._new:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=self._file.parent, delete=False) as part:
            part.write(orjson.dumps(self._known))
        Path(part.name).replace(self._file)


def fingerprint(package: Path = _PACKAGE) -> str:
    """Of all that the queries depend on: Sakimori's own code and data, and what writes SQL for it."""
    digest = hashlib.sha256(repr((sys.version, [version(name) for name in _WRITERS])).encode())
    for root, folders, names in os.walk(package):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "rules", "tongues"))
        for name in sorted(names):
            content = (Path(root) / name).read_bytes()
            digest.update(f"{Path(root, name).relative_to(package)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _read(file: Path | None) -> dict[str, str]:
    if file is None or not file.is_file():
        return {}
    try:
        return dict(orjson.loads(file.read_bytes()))
    except (orjson.JSONDecodeError, TypeError, ValueError):  # a disk that was full; it is written anew
        return {}

"""How far each collection of each server was read, in a small JSON file beside the indicators."""

from __future__ import annotations

from pathlib import Path

import orjson

from sakimori.detection.indicators.taxii import moment
from sakimori.errors import UsageError


def positions_of(file: Path) -> Path:
    """Where the positions of a file of indicators stand."""
    return file.with_name(f"{file.name}.positions.json")


def position(file: Path, root: str, collection: str) -> str:
    """The moment after which to ask; empty where nothing was read, or what was read is there no more."""
    found = _read(file).get(root, {}).get(collection, "") if file.is_file() else ""
    if found:
        moment(found, f"{positions_of(file)}:")
    return found


def moved(file: Path, root: str, collection: str, to: str) -> None:
    """Remember the moment; call it once the indicators are written."""
    held = _read(file)
    held.setdefault(root, {})[collection] = to
    part = file.with_name(f".{file.name}.positions.part")
    part.write_bytes(orjson.dumps(held, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    part.replace(positions_of(file))


def _read(file: Path) -> dict[str, dict[str, str]]:
    where = positions_of(file)
    if not where.is_file():
        return {}
    try:
        said = orjson.loads(where.read_bytes())
        return {str(root): {str(k): _text(v) for k, v in one.items()} for root, one in said.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise UsageError(
            f"{where}: holds no positions of polls. Remove it to ask for everything again."
        ) from error


def _text(one: object) -> str:
    if not isinstance(one, str):
        raise ValueError("no moment")
    return one

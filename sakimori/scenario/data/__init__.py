"""What people, machines and the intruder do, as data."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def toml(name: str) -> dict[str, Any]:
    """A data file of this room, read once."""
    return tomllib.loads((files("sakimori.scenario.data") / name).read_text(encoding="utf-8"))


@cache
def words(group: str) -> tuple[str, ...]:
    """A list of words from `words.toml`."""
    return tuple(str(toml("words.toml")[group]).split())

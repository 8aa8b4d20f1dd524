"""Tools that very many use, by the names of their files: `shared_tools.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def shared_tools() -> Mapping[str, str]:
    """File or service name, in small letters -> the tool it is."""
    data = tomllib.loads(files("sakimori.knowledge").joinpath("shared_tools.toml").read_text("utf-8"))
    return {name: tool for tool, names in data["tools"].items() for name in names}

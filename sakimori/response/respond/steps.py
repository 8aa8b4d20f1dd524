"""How access is taken away and given anew, platform by platform, in order: data with sources and dates.

The table is `steps.toml`; its first lines explain its keys.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from sakimori.knowledge.sources import Words

# In the order in which they are worked through: money first, then the machine that would give new secrets
# away again, then who signs in everywhere, then what is reached from there.
PLATFORMS = ("wallets", "defender", "active_directory", "entra", "okta", "google", "aws", "github")
FOR = ("any", "account", "key", "host", "funds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `command` may hold `{who}`; `standing` is `read` where the page at `page` says so."""

    id: str
    platform: str
    of: tuple[str, ...]
    title: Words
    do: Words
    command: str
    breaks: Words
    undo: Words
    page: str
    as_of: date
    standing: str


@dataclass(frozen=True, slots=True)
class Platform:
    """A platform and its steps in order; `owner` is who does them."""

    id: str
    name: str
    owner: Words
    steps: tuple[Step, ...]

    def steps_for(self, type_: str) -> tuple[Step, ...]:
        """The steps for an account, a key, a host or funds."""
        return tuple(step for step in self.steps if "any" in step.of or type_ in step.of)


@cache
def platforms() -> Mapping[str, Platform]:
    """All platforms by id, in the order of PLATFORMS."""
    data = tomllib.loads(files(__package__).joinpath("steps.toml").read_text("utf-8"))
    return {name: _platform(name, data[name]) for name in PLATFORMS}


def _platform(name: str, data: Mapping[str, Any]) -> Platform:
    steps = tuple(_step(name, number, one) for number, one in enumerate(data["step"], 1))
    return Platform(name, data["name"], Words(**data["owner"]), steps)


def _step(platform: str, number: int, data: Mapping[str, Any]) -> Step:
    return Step(
        id=f"{platform}-{number}",
        platform=platform,
        of=tuple(data["of"]),
        title=Words(**data["title"]),
        do=Words(**data["do"]),
        command=data.get("command", "").strip("\n"),
        breaks=Words(**data["breaks"]),
        undo=Words(**data["undo"]),
        page=data["source"],
        as_of=data["as_of"],
        standing=data["standing"],
    )

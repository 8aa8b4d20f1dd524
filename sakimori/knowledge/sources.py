"""What a victim can export, from which console, and how long it is kept: data with sources and dates.

The table is `sources.toml`; its first lines explain its keys.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from sakimori.errors import UsageError

READ, RECALLED = "read", "recalled"


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in both tongues."""

    en: str
    ja: str

    def of(self, lang: str) -> str:
        """The sentence in a tongue, `en` or `ja`."""
        return self.ja if lang == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Kept:
    """How long a log is kept under one licence; `days` is None where a size or a setting decides."""

    days: int | None
    under: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSource:
    """One log and how to take it. `of` is its product's short name, `command` reads and never changes.

    `soonest` are the days after which the first of it may be gone. `standing` is `read` where the page at
    `page` says so, `recalled` where it must be checked in the console.
    """

    id: str
    of: str
    title: Words
    kept: tuple[Kept, ...]
    soonest: int
    licence: Words
    clicks: Words
    command: str
    why: Words
    page: str
    as_of: date
    standing: str


@cache
def log_sources() -> tuple[LogSource, ...]:
    """All sources in order of expiry."""
    data = tomllib.loads(files("sakimori.knowledge").joinpath("sources.toml").read_text("utf-8"))
    return tuple(sorted(map(_source, data["source"]), key=lambda one: (one.soonest, one.of, one.id)))


def products() -> tuple[str, ...]:
    """The short names that a checklist can be asked for, sorted."""
    return tuple(sorted({one.of for one in log_sources()}))


def chosen(have: Iterable[str], within: int | None = None) -> tuple[LogSource, ...]:
    """Sources of the products (all where none is named) that may expire within so many days.

    Raises UsageError for a product that nobody described.
    """
    names = {name.strip().lower() for name in have} - {""}
    if unknown := sorted(names - set(products())):
        raise UsageError(f"--have {', '.join(unknown)}: not known. Known are: {', '.join(products())}.")
    return tuple(
        one
        for one in log_sources()
        if (not names or one.of in names) and (within is None or one.soonest <= within)
    )


def _source(data: Mapping[str, Any]) -> LogSource:
    kept = tuple(Kept(one.get("days"), Words(one["en"], one["ja"])) for one in data["kept"])
    days = [one.days for one in kept if one.days is not None]
    return LogSource(
        id=data["id"],
        of=data["of"],
        title=Words(**data["title"]),
        kept=kept,
        soonest=data["soonest"] if "soonest" in data else min(days),
        licence=Words(**data["licence"]),
        clicks=Words(**data["clicks"]),
        command=data.get("command", "").strip("\n"),
        why=Words(**data["why"]),
        page=data["source"],
        as_of=data["as_of"],
        standing=data["standing"],
    )

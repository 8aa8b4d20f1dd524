"""Releases of software publicly known to be compromised; `compromised.toml` says what its keys mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from sakimori.errors import CatalogueError

KINDS = ("compromised", "malicious", "exploited", "abused")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": KINDS,
    "actor": ("group", "other"),
    "standing": ("seen", "recalled", "disputed"),
    "advice": ("rebuild", "remove", "update", "look"),
}
_NEEDED = ("id", "title", "kind", "actor", "ecosystems", "names", "published", "source", "standing", "advice")
_MAY = ("versions", "since", "through", "below", "hashes", "first", "last")
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}")
_BOUND = re.compile(r"\d+(\.\d+){0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One entry. Without versions and bounds it means every release; without names only hashes tell it."""

    id: str
    title: str
    kind: str
    actor: str
    ecosystems: tuple[str, ...]
    names: tuple[str, ...]
    published: date
    source: str
    standing: str
    advice: str
    versions: tuple[str, ...] = ()
    since: str | None = None
    through: str | None = None
    below: str | None = None
    hashes: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    @property
    def every_version(self) -> bool:
        """Whether a name alone is enough."""
        return not (self.versions or self.since or self.through or self.below)


@cache
def releases() -> tuple[Release, ...]:
    """The table that ships with Sakimori.

    Raises CatalogueError where an entry contradicts itself.
    """
    data = tomllib.loads(files("sakimori.knowledge").joinpath("compromised.toml").read_text("utf-8"))
    return of_entries(data.get("release", []))


def of_entries(entries: list[dict[str, Any]]) -> tuple[Release, ...]:
    """The releases that these entries describe.

    Raises CatalogueError.
    """
    found = tuple(map(_release, entries))
    ids = [release.id for release in found]
    if repeated := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        raise CatalogueError(f"compromised.toml: {repeated[0]} stands there twice")
    return found


def _release(entry: dict[str, Any]) -> Release:
    named = entry.get("id", "an entry without id")
    if missing := [key for key in _NEEDED if key not in entry]:
        raise CatalogueError(f"compromised.toml: {named} does not say {', '.join(missing)}")
    if strange := sorted(set(entry) - {*_NEEDED, *_MAY}):
        raise CatalogueError(f"compromised.toml: {named} has unknown keys {strange}")
    told: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    release = Release(**told)
    if problem := _problem(release):
        raise CatalogueError(f"compromised.toml: {named}: {problem}")
    return release


def _problem(release: Release) -> str | None:
    for key, words in _WORDS.items():
        if getattr(release, key) not in words:
            return f"{key} is none of {', '.join(words)}"
    if strange := [one for one in release.hashes if not _HASH.fullmatch(one)]:
        return f"{strange[0]} is no hash in small letters"
    bounds = [one for one in (release.since, release.through, release.below) if one]
    if wrong := [one for one in bounds if not _BOUND.fullmatch(one)]:
        return f"{wrong[0]} is no bound of numbers"
    if not release.names and not release.hashes:
        return "neither a name nor a hash tells it"
    if not release.source.startswith("https://"):
        return "the source is no address"
    return None

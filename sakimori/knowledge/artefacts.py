"""Exact traces of published cases: `artefacts.toml` says what its keys mean."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from sakimori.errors import CatalogueError
from sakimori.knowledge.entries import Cluster, Family, Id, Operation, Standing, Strict
from sakimori.knowledge.known import known
from sakimori.knowledge.releases import releases

WHOLE = frozenset({"service", "task", "account"})


class Artefact(Strict, frozen=True, kw_only=True):
    """A string, where it may stand, and who published it of whom."""

    id: Id
    type: Literal["command_line", "url", "file_name", "path", "registry_key", "service", "task", "account"]
    text: Annotated[str, Meta(min_length=6)]
    sources: Annotated[tuple[Id, ...], Meta(min_length=1)]
    standing: Standing
    clusters: Annotated[tuple[Id, ...], Meta(min_length=1)]
    families: tuple[Id, ...] = ()
    operations: tuple[Id, ...] = ()

    @property
    def published(self) -> str:
        """The day, month or year of its first publication."""
        return min(known().publications[one].published for one in self.sources)

    def stands_in(self, text: str) -> bool:
        """Whether a text of its type holds it; case and the kind of slash do not matter."""
        theirs, mine = _plain(text), _plain(self.text)
        if self.type in WHOLE:
            return theirs.rpartition("/")[2] == mine
        at = theirs.find(mine)
        if self.type != "file_name":
            return at >= 0
        # A name is not a part of a longer name: "engtask.exe" does not stand in "xengtask.exe.bak".
        return at >= 0 and not (theirs[at - 1 : at].isalnum() or theirs[at + len(mine) :][:1].isalnum())


class OfOperation(Strict, frozen=True, kw_only=True):
    """That a release of `compromised.toml` belongs to a published operation."""

    id: Id
    operation: Id
    clusters: tuple[Id, ...]


def _plain(text: str) -> str:
    return text.casefold().replace("\\\\", "/").replace("\\", "/")


@cache
def artefacts() -> tuple[Artefact, ...]:
    """The artefacts that ship with Sakimori.

    Raises CatalogueError where one breaks the schema or names what is not there.
    """
    return of_text(_shipped())[0]


@cache
def operations_of_releases() -> dict[str, OfOperation]:
    """Release id -> the operation it belongs to, where one is published."""
    return {one.id: one for one in of_text(_shipped())[1]}


def of_text(text: str) -> tuple[tuple[Artefact, ...], tuple[OfOperation, ...]]:
    """The artefacts and releases of a TOML text.

    Raises CatalogueError.
    """
    data = tomllib.loads(text)
    try:
        found = msgspec.convert(data.get("artefact", []), tuple[Artefact, ...])
        placed = msgspec.convert(data.get("release", []), tuple[OfOperation, ...])
    except msgspec.ValidationError as error:
        raise CatalogueError(f"artefacts.toml: {error}") from error
    _checked("two artefacts have the id", _twice(one.id for one in found))
    named = [id_ for one in found for id_ in (*one.clusters, *one.families, *one.operations)]
    ids = {e.id for kind in (Cluster, Family, Operation) for e in known().of(kind)}
    _checked("not in the base:", [one for one in named if one not in ids])
    _checked("no publication:", [s for one in found for s in one.sources if s not in known().publications])
    _checked("no release:", [one.id for one in placed if one.id not in {r.id for r in releases()}])
    _checked("not in the base:", [one.operation for one in placed if one.operation not in ids])
    return found, placed


def _twice(ids: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [id_ for id_ in ids if id_ in seen or seen.add(id_)]  # type: ignore[func-returns-value]


def _checked(what: str, wrong: list[str]) -> None:
    if wrong:
        raise CatalogueError(f"artefacts.toml: {what} {wrong[0]}")


def _shipped() -> str:
    return files("sakimori.knowledge").joinpath("artefacts.toml").read_text("utf-8")

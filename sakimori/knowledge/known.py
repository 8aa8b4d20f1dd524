"""What is publicly known of the group and its neighbours: `known()` reads and checks `known/`."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from sakimori.errors import CatalogueError
from sakimori.knowledge.entries import (
    Account,
    Cluster,
    Context,
    Entry,
    Family,
    Flag,
    Measure,
    Name,
    Operation,
    Organisation,
    Publication,
    Shape,
    Stage,
    Vector,
    Words,
)

_T = TypeVar("_T")
KINDS: Mapping[str, type[Entry]] = {
    "cluster": Cluster,
    "organisation": Organisation,
    "operation": Operation,
    "family": Family,
    "vector": Vector,
    "stage": Stage,
    "shape": Shape,
    "measure": Measure,
    "flag": Flag,
    "account": Account,
    "context": Context,
}
# The tables of words: sectors, missions, regions, and the schema's own words as a person reads them.
Glossary = Mapping[str, Mapping[str, Words]]


@dataclass(frozen=True, slots=True)
class Known:
    """The whole base: records by kind in the order of their files, names, publications, words."""

    entries: tuple[tuple[str, Entry], ...]
    names: tuple[Name, ...]
    publications: Mapping[str, Publication]
    words: Glossary

    def of(self, kind: type[_T]) -> tuple[_T, ...]:
        """All records of a kind, say `known().of(Operation)`."""
        return tuple(entry for _, entry in self.entries if isinstance(entry, kind))

    def entry(self, id_: str) -> Entry:
        """The record with this id; KeyError where there is none."""
        return {entry.id: entry for _, entry in self.entries}[id_]

    def kind(self, id_: str) -> str:
        """The kind of the record with this id; KeyError where there is none."""
        return {entry.id: kind for kind, entry in self.entries}[id_]

    def word(self, table: str, key: str, lang: str) -> str:
        """A word of a table in a tongue: `word("sectors", "defence", "ja")`."""
        return self.words[table][key].of(lang)

    def holding(self, claim: str) -> tuple[Entry, ...]:
        """The records that hold a claim of the article."""
        return tuple(entry for _, entry in self.entries if claim in entry.claims)


@cache
def known() -> Known:
    """The base that ships with Sakimori.

    Raises CatalogueError where a file breaks the schema or names what is not there.
    """
    folder = files("sakimori.knowledge").joinpath("known")
    return of_texts({file.name: file.read_text("utf-8") for file in folder.iterdir()})


def of_texts(texts: Mapping[str, str]) -> Known:
    """The base that these TOML files describe, by file name.

    Raises CatalogueError.
    """
    publications: list[Publication] = []
    names: list[Name] = []
    entries: list[tuple[str, Entry]] = []
    words: dict[str, Mapping[str, Words]] = {}
    for file, text in sorted(texts.items()):
        for table, rows in tomllib.loads(text).items():
            if table == "publication":
                publications += _of(rows, list[Publication], file)
            elif table == "name":
                names += _of(rows, list[Name], file)
            elif table in KINDS:
                read: list[Entry] = _of(rows, list[KINDS[table]], file)  # type: ignore[valid-type]
                entries += [(table, entry) for entry in read]
            else:
                words[table] = _of(rows, dict[str, Words], file)
    base = Known(tuple(entries), tuple(names), {one.id: one for one in publications}, words)
    if problems := [*_repeated(base, publications), *_dangling(base), *_backwards(base)]:
        raise CatalogueError(
            f"known/: {problems[0]}" + (f" (and {len(problems) - 1} more)" * (len(problems) > 1))
        )
    return base


def _of(rows: object, type_: type[_T], file: str) -> _T:
    try:
        return msgspec.convert(rows, type_)
    except msgspec.ValidationError as error:
        raise CatalogueError(f"known/{file}: {error}") from error


def _repeated(base: Known, publications: list[Publication]) -> Iterator[str]:
    for ids in ((entry.id for _, entry in base.entries), (one.id for one in publications)):
        yield from (f"{id_} stands there twice" for id_, n in Counter(ids).items() if n > 1)
    named = Counter((n.name.casefold(), n.by, n.relation, n.cluster, n.since) for n in base.names)
    yield from (f"the name {name[0]} stands there twice" for name, n in named.items() if n > 1)


def _dangling(base: Known) -> Iterator[str]:
    clusters = {entry.id for entry in base.of(Cluster)}
    ids = {entry.id for _, entry in base.entries}
    yield from _missing("names.toml", (n.cluster for n in base.names), clusters)
    yield from _missing("names.toml", (n.source for n in base.names), base.publications)
    for _, entry in base.entries:
        yield from _missing(entry.id, entry.clusters, clusters)
        yield from _missing(entry.id, _sources(entry), base.publications)
        yield from (
            f"{entry.id} corrects {one.claim} and does not hold it"
            for one in entry.corrections
            if one.claim not in entry.claims
        )
        for field, among in _REFERENCES.items():
            known_ids: Iterable[str] = base.words.get(among, {}) if among else ids
            yield from _missing(entry.id, getattr(entry, field, ()), known_ids)
        yield from _missing(entry.id, (one.id for one in getattr(entry, "under", ())), ids)


# Fields whose values are ids: of a table of words, or (None) of records.
_REFERENCES: Mapping[str, str | None] = {
    "sectors": "sectors",
    "regions": "regions",
    "missions": "missions",
    "vectors": None,
    "families": None,
}


def _missing(where: str, ids: Iterable[str], among: Iterable[str]) -> Iterator[str]:
    there = set(among)
    yield from (f"{where} names {id_}, which is not there" for id_ in ids if id_ not in there)


def _sources(entry: Entry) -> Iterator[str]:
    yield from entry.sources
    yield from (one.source for one in entry.corrections)
    yield from (one.source for one in getattr(entry, "losses", ()))
    yield from (one.source for one in getattr(entry, "under", ()))


def _backwards(base: Known) -> Iterator[str]:
    for operation in base.of(Operation):
        if operation.ended and operation.ended < operation.began[: len(operation.ended)]:
            yield f"{operation.id} ends before it begins"
    for _, entry in base.entries:
        for loss in getattr(entry, "losses", ()):
            if loss.high < loss.low:
                yield f"{entry.id} has a loss that is lower at its upper end"
    for name in base.names:
        if name.since and name.until and name.until < name.since[: len(name.until)]:
            yield f"{name.name} ends before it begins"

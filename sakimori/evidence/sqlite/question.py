"""What is asked of a database, told by its tables; and the ones that are not asked anything."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Schema = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Tables that a database must have, with columns they must have."""

    needs: Mapping[str, frozenset[str]]

    def fits(self, schema: Schema) -> bool:
        """Whether a database with these tables is meant."""
        return all(table in schema and columns <= schema[table] for table, columns in self.needs.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Tables):
    """One query whose rows are records of `log`.

    `of` is the table whose rows are the records: the query gives its rowid as `record`, and every further
    column under its native name. Where the query says `{optional}` stand those of the `optional` columns
    that the database at hand has: older versions lack some.
    """

    log: str
    of: str
    query: str
    optional: tuple[str, ...] = ()

    def sql(self, schema: Schema) -> str:
        """The query for a database with these tables."""
        there = [f', a."{name}"' for name in self.optional if name in schema[self.of]]
        return self.query.replace("{optional}", "".join(there))


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret(Tables):
    """A database that is never read, and why."""

    why: str


@cache
def questions() -> tuple[Question, ...]:
    """All questions, read once."""
    return tuple(
        Question(
            needs=_needs(entry),
            log=entry["log"],
            of=entry["of"],
            query=entry["query"].strip(),
            optional=tuple(entry.get("optional", "").split()),
        )
        for entry in _data()["question"]
    )


@cache
def secrets() -> tuple[Secret, ...]:
    """All databases that are never read, read once."""
    return tuple(Secret(needs=_needs(entry), why=entry["why"]) for entry in _data()["secret"])


def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__ or "").joinpath("questions.toml").read_text("utf-8"))


def _needs(entry: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {table: frozenset(columns.split()) for table, columns in entry["needs"].items()}

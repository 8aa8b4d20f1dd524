"""What a behaviour is: a function from tables to rows, with its facts and its sentence beside it.

    @behaviour(subject="host", keys=("host", "image"), severity=Severity.MEDIUM, techniques=["T1219"],
               because="{image} was started {count} times by {account}.")
    def strange_tool(process: Table, *, starts: int = 3) -> Table: ...

The arguments' names are the tables it reads; the keywords are its tunables. It gives one row a thing to say,
with the subject, the keys, `count`, `first_seen`, `last_seen`, and whatever its sentence names.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from sakimori.errors import RuleError
from sakimori.findings import SUBJECT_TYPES, Severity
from sakimori.tables import TABLES
from sakimori.tables.table import Kind

if TYPE_CHECKING:
    from ibis import Table

# https://duckdb.org/docs/stable/sql/data_types and Spark know these three alike.
_TYPES: Mapping[Kind, str] = {"text": "string", "integer": "int64", "number": "float64"}
_PART = re.compile(r"^(Sees|Misses|Next):\s+", re.MULTILINE)
# What a wrong column, type or name looks like while Ibis builds the expression.
_MISTAKES = (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError)
REQUIRED = ("count", "first_seen", "last_seen")
UNCLEAR = "unclear"
"""A result may have this bool column: true means that the row is no finding, the records cannot tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One analytic. `subject` is a subject type and the column that holds it; `also` are further ones.

    `keys` are columns by which the records that made it speak are found again, in each of its tables that has
    them, and in `records`: tables from which those it reads were summed.
    """

    name: str
    ask: Callable[..., Any]
    tables: tuple[str, ...]
    subject: str
    also: Mapping[str, str]
    keys: tuple[str, ...]
    severity: Severity
    confidence: str
    techniques: tuple[str, ...]
    because: str
    title: str
    parts: Mapping[str, str] = field(default_factory=dict)
    records: tuple[str, ...] = ()

    @property
    def keyed(self) -> tuple[str, ...]:
        """The tables in which its records are found again."""
        return tuple(
            t for t in (*self.tables, *self.records) if set(self.keys) <= {c.name for c in TABLES[t].schema}
        )

    def __call__(self, *tables: Table, **tunables: object) -> Table:
        """The rows as an expression over the given tables."""
        return self.ask(*tables, **tunables)

    def sql(self, **tunables: object) -> str:
        """The query our engine runs; it may be shown to whoever asks how a finding came about.

        Raises RuleError where the expression does not fit its tables.
        """
        import ibis
        from ibis.common.annotations import ValidationError
        from ibis.common.exceptions import IbisError

        try:
            return str(ibis.to_sql(self(*map(unbound, self.tables), **tunables), dialect="duckdb"))
        except (*_MISTAKES, IbisError, ValidationError) as error:
            raise RuleError(f"the behaviour {self.name} cannot be asked: {error!r}") from error


def unbound(name: str) -> Table:
    """A table as Ibis knows it: name and schema, no engine."""
    import ibis

    return ibis.table({column.name: _TYPES[column.kind] for column in TABLES[name].schema}, name=name)


def behaviour(
    *,
    subject: str,
    keys: Sequence[str],
    severity: Severity,
    techniques: Sequence[str],
    because: str,
    also: Mapping[str, str] | None = None,
    confidence: str = "low",
    records: Sequence[str] = (),
) -> Callable[[Callable[..., Any]], Behaviour]:
    """Makes a Behaviour of a function. `also` names columns that hold further subjects: {column: type}."""

    def made(ask: Callable[..., Any]) -> Behaviour:
        title, parts = _told(ask)
        found = Behaviour(
            name=ask.__name__,
            ask=ask,
            tables=tuple(n for n, p in inspect.signature(ask).parameters.items() if p.kind != p.KEYWORD_ONLY),
            subject=subject,
            also=dict(also or {}),
            keys=tuple(keys),
            severity=severity,
            confidence=confidence,
            techniques=tuple(techniques),
            because=because,
            title=title,
            parts=parts,
            records=tuple(records),
        )
        _check(found)
        return found

    return made


@cache
def behaviours() -> tuple[Behaviour, ...]:
    """Every behaviour in the folder `behaviours/`, by name: a file there is all it takes."""
    import sakimori.detection.behaviours as folder

    found: list[Behaviour] = []
    for module in pkgutil.iter_modules(folder.__path__):
        loaded = importlib.import_module(f"{folder.__name__}.{module.name}")
        found += [value for value in vars(loaded).values() if isinstance(value, Behaviour)]
    return tuple(sorted(found, key=lambda b: b.name))


def _told(ask: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    text = inspect.getdoc(ask) or ""
    head, *rest = _PART.split(text)
    parts = {label: " ".join(words.split()) for label, words in zip(rest[::2], rest[1::2], strict=True)}
    return " ".join(head.split()).rstrip("."), parts


def _check(found: Behaviour) -> None:
    problem = None
    if unknown := {*found.tables, *found.records} - set(TABLES):
        problem = f"there is no table {', '.join(sorted(unknown))}"
    elif missing := {"Sees", "Misses", "Next"} - set(found.parts):
        problem = f"its docstring does not say {', '.join(sorted(missing))}"
    elif strange := {found.subject, *found.also.values()} - set(SUBJECT_TYPES):
        problem = f"{', '.join(sorted(strange))} is no type of subject"
    elif not found.keyed:
        problem = f"none of its tables has the columns {', '.join(found.keys)}"
    if problem:
        raise RuleError(f"the behaviour {found.name} cannot be used: {problem}")

"""What a table is: a name, and columns with a type and a meaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sakimori.records.catalogue import Log

Kind = Literal["text", "integer", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column; a value that does not fit `kind` is null."""

    name: str
    kind: Kind
    meaning: str


# Where each row stands: the time, the log it came from, and the place of the record.
PLACE = (
    Column("clock", "integer", "microseconds since the epoch, UTC; null where the record has no time"),
    Column("log", "text", "log of the catalogue the row comes from"),
    Column("segment", "text", "part of the record store that holds the record"),
    Column("member", "integer", "number of the evidence member within the segment"),
    Column("record", "integer", "number of the record within the member"),
    Column("offset", "integer", "byte offset of the record within the member"),
)


@dataclass(frozen=True, slots=True)
class Table:
    """One meaning that many logs share. `columns` are its own; every row also has PLACE.

    A log's description says how it fills a table. `native` fills it besides from every log that has all these
    native columns: {table column: native column}.
    """

    name: str
    columns: tuple[Column, ...]
    native: Mapping[str, str] = field(default_factory=dict)

    @property
    def schema(self) -> tuple[Column, ...]:
        """All columns of a row: the table's own, then the place."""
        return (*self.columns, *PLACE)

    def mapping(self, log: Log) -> Mapping[str, str] | None:
        """How `log` fills this table, {column: SQL expression}; None where it does not."""
        if self.name in log.tables:
            return log.tables[self.name]
        if self.native and set(self.native.values()) <= set(log.columns):
            return {column: f'"{native}"' for column, native in self.native.items()}
        return None

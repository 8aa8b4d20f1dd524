"""Views as SQL text, made from the catalogue: a log over its Parquet files, a table over its logs.

The SQL is DuckDB's. Views cost nothing until asked, and their text can be shown to whoever asks how a row
came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sakimori.records.batch import column_name
from sakimori.records.catalogue import Log
from sakimori.tables.table import PLACE, Column, Kind, Table

SQL_TYPES: Mapping[Kind, str] = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE"}
WHERE = "where"
"""In a log's mapping to a table this key is no column: it says which of the log's rows belong there."""


def identifier(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text quoted for SQL."""
    return "'" + text.replace("'", "''") + "'"


def files_view(log: Log, files: Sequence[Path], of_members: bool = False) -> str:
    """`stored.<log>`: every stored row of a log, repeated exports and all.

    `of_members` keeps to the rows of members that stand in the relation `members`.
    """
    paths = ", ".join(literal(path.as_posix()) for path in files)
    only = " SEMI JOIN members USING (segment, member)" if of_members else ""
    return f"CREATE VIEW stored.{identifier(log.name)} AS SELECT * FROM read_parquet([{paths}]){only}"


def log_view(log: Log, repeated: bool) -> str:
    """`records.<log>`: each event once; `repeated` says that some rows are exports of one event."""
    source = f"SELECT * FROM stored.{identifier(log.name)}"
    if repeated:
        source += (
            f" ANTI JOIN (SELECT segment, member, record FROM duplicates WHERE log = {literal(log.name)})"
            " USING (segment, member, record)"
        )
    return f"CREATE VIEW records.{identifier(log.name)} AS {source}"


def unread_view(table: Table) -> str:
    """`unread`: the stretches of the evidence nobody could read, from the engine's `stretches`."""
    own = {"file": "path", "log": "NULL", "clock": "NULL"}
    columns = ", ".join(_cast(c, own.get(c.name, identifier(c.name))) for c in table.schema)
    return f"CREATE VIEW {identifier(table.name)} AS SELECT {columns} FROM stretches"


def table_view(table: Table, logs: Iterable[Log]) -> str:
    """`<table>`: rows of all logs that feed it, in its schema; an empty table where none does."""
    mapped = ((log, table.mapping(log)) for log in logs)
    parts = [_branch(table, log, mapping) for log, mapping in mapped if mapping is not None]
    return f"CREATE VIEW {identifier(table.name)} AS " + (" UNION ALL BY NAME ".join(parts) or _empty(table))


def _branch(table: Table, log: Log, mapping: Mapping[str, str]) -> str:
    own = [_cast(column, mapping.get(column.name, "NULL")) for column in table.columns]
    place = [f"{value} AS {identifier(name)}" for name, value in _place(log).items()]
    where = f" WHERE {mapping[WHERE]}" if WHERE in mapping else ""
    return f"SELECT {', '.join([*own, *place])} FROM {_native(log)}{where}"


def _place(log: Log) -> dict[str, str]:
    names = {column.name: identifier(f"place.{column.name}") for column in PLACE}
    return names | {"log": literal(log.name), "member": f"{names['member']}::BIGINT"}


def _native(log: Log) -> str:
    """The log under its native names, its place apart: a log may have a field of its own called "record"."""
    ours = [f"{identifier(c.name)} AS {identifier(f'place.{c.name}')}" for c in PLACE if c.name != "log"]
    native = [f"{identifier(column_name(name))} AS {identifier(name)}" for name in log.columns]
    return f"(SELECT {', '.join([*ours, *native])} FROM records.{identifier(log.name)})"


def _cast(column: Column, expression: str) -> str:
    return f"try_cast(({expression}) AS {SQL_TYPES[column.kind]}) AS {identifier(column.name)}"


def _empty(table: Table) -> str:
    return f"SELECT {', '.join(_cast(column, 'NULL') for column in table.schema)} WHERE false"

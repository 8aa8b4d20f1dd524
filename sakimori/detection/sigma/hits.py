"""Rows on which rules fired, in one shape whatever log they come from; they go to disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
import pyarrow as pa

from sakimori.records.batch import Members, column_name
from sakimori.records.catalogue import Log

LONGEST_VALUE = 2000
LONGEST_ORIGINAL = 4096

SCHEMA = pa.schema(
    [
        ("member", pa.int32()),
        ("record", pa.int64()),
        ("offset", pa.int64()),
        ("clock", pa.int64()),
        ("log", pa.string()),
        ("identity", pa.string()),
        ("rules", pa.list_(pa.string())),
        ("fields", pa.string()),
        ("original", pa.string()),
    ]
)


def hits(log: Log, fired: pa.RecordBatch, members: Members, originals: Sequence[bytes]) -> pa.RecordBatch:
    """Rows of SCHEMA for the rows that fired. `members` has the member of each row of the whole batch.

    `originals` are their records as they stand, or nothing.
    """
    names = {column_name(column): column for column in log.columns}
    plain = {name: _texts(fired, name) for name in fired.schema.names if name in names or _asked(fired, name)}
    rows = range(fired.num_rows)
    fields = [
        {names.get(n, n): text[:LONGEST_VALUE] for n, v in plain.items() if (text := v[row])} for row in rows
    ]
    texts = [raw[:LONGEST_ORIGINAL].decode("utf-8", "replace") for raw in originals]
    arrays = [
        pa.array(members[fired.column("row").to_numpy()]),
        fired.column("record"),
        fired.column("offset"),
        fired.column("clock"),
        pa.array([log.name] * fired.num_rows, pa.string()),
        pa.array([identity(log, row) for row in fields], pa.string()),
        fired.column("rules"),
        pa.array([orjson.dumps(row).decode() for row in fields], pa.string()),
        pa.array(texts or [""] * fired.num_rows, pa.string()),
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _asked(fired: pa.RecordBatch, name: str) -> bool:
    return name not in ("clock_source", "rules", "row") and pa.types.is_dictionary(fired.column(name).type)


def _texts(fired: pa.RecordBatch, name: str) -> list[str | None]:
    texts: list[str | None] = fired.column(name).to_pylist()
    return texts


def identity(log: Log, fields: Mapping[str, str]) -> str | None:
    """The event's native identity, the same from whichever export it came; None where it has none."""
    parts = [fields.get(column) for column in log.identity]
    if not parts or any(part is None for part in parts):
        return None
    return "\x1f".join(str(part).lower() for part in parts)

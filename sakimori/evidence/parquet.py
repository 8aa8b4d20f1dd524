"""Parquet files, as clouds write logs into their buckets: AWS VPC flow logs, Security Lake.

https://parquet.apache.org/docs/file-format/
https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from sakimori.evidence.described import DescribedTable
from sakimori.evidence.found import TooLarge, on_disk
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MAGIC = b"PAR1"
_ROWS = 4096
# Of one group of rows, before its columns are packed: a writer's default is some hundred MB.
_LARGEST_GROUP = 4 << 30
_BROKEN = (pa.ArrowException, OSError, ValueError, OverflowError, TypeError, RecursionError)
_PLAIN = (str, int, float, bool, type(None))


class Parquet:
    """Parquet files of logs told by their fields: AWS VPC flow logs, OCSF from Security Lake.

    Watch: rows lie in the order of the writer, not of time. A file that was cut off has lost its index and is
    unread as a whole. AWS names columns with `_` here and with `-` in text.
    """

    name = "parquet"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The magic bytes; what the columns are stands at the end of the file."""
        return head.startswith(MAGIC)

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a row of the file, numbered from 1."""
        table = DescribedTable(source, plan, "generic_parquet")
        for one in _rows(source):
            if isinstance(one, Unread):
                yield one
            else:
                number, row = one
                yield from table.add(number, 0, row, _json(row))
        yield from table.rest()

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The row as JSON."""
        for one in _rows(source):
            if not isinstance(one, Unread) and one[0] == number:
                return _json(one[1]).decode()
        return None


def _rows(source: Source) -> Iterator[tuple[int, dict[str, Any]] | Unread]:
    try:
        with on_disk(source, ".parquet") as path:
            yield from _of_file(path)
    except TooLarge as problem:
        yield Unread(1, 0, str(problem))


def _of_file(path: Path) -> Iterator[tuple[int, dict[str, Any]] | Unread]:
    number = 1
    try:
        with pq.ParquetFile(path) as file:
            for group in range(file.metadata.num_row_groups):
                held = file.metadata.row_group(group)
                if held.total_byte_size > _LARGEST_GROUP:
                    yield Unread(number, 0, f"a group of rows of {held.total_byte_size >> 20} MB")
                    number += held.num_rows
                    continue
                for batch in file.iter_batches(_ROWS, row_groups=[group]):
                    for row in _microseconds(batch).to_pylist():
                        yield number, {name: _plain(value) for name, value in row.items()}
                        number += 1
    except _BROKEN as problem:
        yield Unread(number, 0, f"not readable as Parquet: {str(problem).splitlines()[0][:200]}")


def _microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without nanoseconds, which Python's times have not."""
    columns = [
        column.cast(pa.timestamp("us", column.type.tz), safe=False)
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns"
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _plain(value: Any) -> Any:
    """The value as JSON would have it: times in ISO 8601, bytes as text, maps as objects."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        pairs = bool(value) and all(isinstance(one, tuple) and len(one) == 2 for one in value)
        return {str(k): _plain(v) for k, v in value} if pairs else [_plain(one) for one in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _json(row: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(row)
    except orjson.JSONEncodeError:
        return repr(row).encode("utf-8", "replace")

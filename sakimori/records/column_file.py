"""A Parquet file of dictionary columns, written batch by batch in bounded memory."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sakimori.records.durable import sync

ROWS_PER_GROUP = 1 << 17
# A wider dictionary page than Parquet's 1 MB: command lines and call traces repeat, but beyond one page.
_OPTIONS = {"compression": "zstd", "compression_level": 1, "dictionary_pagesize_limit": 4 << 20}
_STATISTICS = ["clock", "record"]


class ColumnFile:
    """One Parquet file that grows batch by batch, in row groups of one dictionary a column."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.held = 0
        self._rows = 0
        self._batches: list[pa.RecordBatch] = []
        self._path = path
        self._schema = schema
        self._writer: pq.ParquetWriter | None = None

    def append(self, batch: pa.RecordBatch) -> None:
        """Take a batch; a full row group goes to disk."""
        self._batches.append(batch)
        self._rows += batch.num_rows
        self.held += batch.nbytes
        if self._rows >= ROWS_PER_GROUP:
            self.flush()

    @property
    def begun(self) -> bool:
        """Whether anything is on disk yet."""
        return self._writer is not None

    def take(self) -> pa.Table:
        """The rows held, in one dictionary a column; they are no longer held."""
        # Parquet keeps one dictionary a row group; a second one would silently turn the column to plain text.
        table = pa.Table.from_batches(self._batches, self._schema).unify_dictionaries()
        self._batches, self._rows, self.held = [], 0, 0
        return table

    def flush(self) -> None:
        """Write the rows held as one row group."""
        if self._batches:
            table = self.take()
            self._open().write_table(table, row_group_size=max(1, table.num_rows))

    def close(self) -> None:
        """Write what is left; afterwards the file is whole and on disk."""
        self.flush()
        self._open().close()
        sync(self._path)

    def _open(self) -> pq.ParquetWriter:
        if self._writer is None:
            self._writer = pq.ParquetWriter(
                self._path, self._schema, write_statistics=_STATISTICS, **_OPTIONS
            )
        return self._writer

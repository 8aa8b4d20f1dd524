"""One segment of the record store as a worker writes it: a Parquet file a log, the hits, the members."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sakimori.records.batch import Batch

BYTES_HELD = 16 << 20
ROWS_PER_GROUP = 1 << 17
PLACE = ("record", "offset", "clock", "clock_source")
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

    def flush(self) -> None:
        """Write the batches held as one row group."""
        if not self._batches:
            return
        # Parquet keeps one dictionary a row group; a second one would silently turn the column to plain text.
        table = pa.Table.from_batches(self._batches, self._schema).unify_dictionaries()
        self._open().write_table(table, row_group_size=max(1, self._rows))
        self._batches, self._rows, self.held = [], 0, 0

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


class SegmentWriter:
    """Writes the rows of one task into a directory of its own; memory stays within a byte budget.

    The same batches in the same order give the same bytes. Nothing counts before `Store.publish`.
    """

    def __init__(self, directory: Path, budget: int = BYTES_HELD) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._budget = budget
        self._files: dict[str, ColumnFile] = {}
        self._segment = pa.array([directory.name], pa.string())

    def append(self, member: int, batch: Batch) -> None:
        """Store the catalogue's columns of a batch, with `segment` and `member` before the place."""
        data = self._stored(member, batch)
        self._append(batch.stream.log.name, data)

    def hits(self, batch: pa.RecordBatch) -> None:
        """Add rows of rules that matched; every batch of a case has one schema."""
        self._append("hits", batch)

    def close(self, members: Iterable[Mapping[str, Any]]) -> None:
        """Finish all files and write members.json; `index` of an entry is the `member` of its rows."""
        for name in sorted(self._files):
            self._files[name].close()
        write_json(self.directory / "members.json", [dict(entry) for entry in members])

    def _append(self, name: str, data: pa.RecordBatch) -> None:
        file = self._files.get(name)
        if file is None:
            file = self._files[name] = ColumnFile(self.directory / f"{name}.parquet", data.schema)
        file.append(data)
        while sum(f.held for f in self._files.values()) > self._budget:
            max(self._files.values(), key=lambda f: f.held).flush()

    def _stored(self, member: int, batch: Batch) -> pa.RecordBatch:
        data, rows = batch.data, batch.data.num_rows
        first = len(PLACE)
        names = [*PLACE, *data.schema.names[first : first + batch.stream.stored]]
        segment = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), self._segment)
        arrays = [segment, pa.repeat(pa.scalar(member, pa.int32()), rows)]
        arrays += [data.column(name) for name in names]
        return pa.RecordBatch.from_arrays(arrays, names=["segment", "member", *names])


def write_json(path: Path, value: object) -> None:
    """Write a value as JSON with sorted keys, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1), encoding="utf-8")
    sync(partial)
    partial.replace(path)


def sync(path: Path) -> None:
    """Ask the system to put a file, or the names in a directory, on disk."""
    if path.is_dir() and os.name == "nt":  # Windows gives no handle to a directory
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

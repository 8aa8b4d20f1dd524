"""One segment of the record store as a worker writes it: rows by log, the hits, the members."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa

from sakimori.records import pending
from sakimori.records.batch import Batch
from sakimori.records.column_file import ColumnFile
from sakimori.records.durable import sync, write_json

BYTES_HELD = 8 << 20
FEW_BYTES = 1 << 20
HITS = "hits"
TALLY = "tally.json"
PLACE = ("record", "offset", "clock", "clock_source")


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
        """Store the catalogue's columns of a batch, with `segment` and `member` before the place.

        `member` is the one that is being read; a batch of several says of which its rows are.
        """
        self._append(batch.stream.log.name, self._stored(member, batch))

    def hits(self, batch: pa.RecordBatch) -> None:
        """Add rows of rules that matched; every batch of a case has one schema."""
        self._append(HITS, batch)

    def tally(self, tally: object) -> None:
        """Keep what rules' comparisons held on, in TALLY."""
        file = self.directory / TALLY
        file.write_bytes(orjson.dumps(tally))
        sync(file)

    def close(self, members: Iterable[Mapping[str, Any]]) -> None:
        """Finish all files and write members.json; `index` of an entry is the `member` of its rows."""
        few: dict[str, pa.Table] = {}
        for name in sorted(self._files):
            file = self._files[name]
            if name == HITS or file.begun or file.held > FEW_BYTES:
                file.close()
            else:
                few[name] = file.take()
        pending.write(self.directory, few)
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
        arrays = [segment, pa.array(batch.members(member))]
        arrays += [data.column(name) for name in names]
        return pa.RecordBatch.from_arrays(arrays, names=["segment", "member", *names])

"""Rows of one stream become one Arrow record batch, dictionary-encoded from the first moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter, methodcaller
from typing import Any

import numpy as np
import pyarrow as pa

from sakimori.records.clock import Zone, clocks
from sakimori.records.encoding import Column, Getter, constant_column, dictionary_of, encode, text_of
from sakimori.records.plan import Stream

__all__ = [
    "Batch",
    "BatchBuilder",
    "Builders",
    "Unread",
    "assemble",
    "column_name",
    "dictionary_of",
    "encode",
    "text_of",
]

ROWS_FOLDED = 250
ROWS_PER_BATCH = 16_384
BYTES_HELD = 12 << 20


@dataclass(frozen=True, slots=True)
class Unread:
    """A stretch of evidence that could not be read: where it stands and why.

    `lost` is false where its records were read all the same, but nothing vouches for them.
    """

    record: int
    offset: int
    reason: str
    lost: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one stream.

    `data` has `record` and `offset` (int64: the place), `clock` (int64, microseconds UTC, null if unknown),
    `clock_source` (name of the column the time came from), then the stream's columns as
    dictionary<int32, string>; `raw` (binary) last, where the stream asks for it. `raws` are the records as
    they stand in the evidence, row by row, as far as the reader has them at hand: they are not copied.
    """

    stream: Stream
    data: pa.RecordBatch
    raws: Sequence[bytes] = ()

    def originals(self, fired: pa.RecordBatch) -> list[bytes]:
        """The records of the rows that `fired` names in its column `row`; empty where readers gave none."""
        return [self.raws[row] for row in fired.column("row").to_pylist()] if self.raws else []


class BatchBuilder:
    """Collects rows of one stream; `take` gives them as a Batch and starts anew.

    A row is whatever `getters` know how to read: one getter per stream column, giving text, a number,
    a bool, None, or a list or mapping (kept as JSON text). Rows are encoded a hundred at a time, while they
    are warm, and let go.
    """

    __slots__ = ("_columns", "held", "offsets", "raws", "records", "rows", "stream", "zone")

    def __init__(self, stream: Stream, zone: Zone, getters: Sequence[Getter]) -> None:
        self.stream, self.zone = stream, zone
        fixed = dict(stream.constants)
        self._columns = [
            None if name in fixed else Column(get) for name, get in zip(stream.columns, getters, strict=True)
        ]
        self._empty()

    @classmethod
    def of_mappings(cls, stream: Stream, zone: Zone) -> BatchBuilder:
        """A builder whose rows are mappings from native names to values."""
        return cls(stream, zone, [methodcaller("get", name) for name in stream.columns])

    @classmethod
    def of_sequences(cls, stream: Stream, zone: Zone, names: Sequence[str]) -> BatchBuilder:
        """A builder whose rows are sequences in the order of `names`; columns not among them are null."""
        where = {name: index for index, name in enumerate(names)}
        return cls(stream, zone, [itemgetter(where[c]) if c in where else _nothing for c in stream.columns])

    def add(self, record: int, offset: int, row: Any, raw: bytes = b"", size: int = 0) -> bool:
        """Add a row of `size` bytes of evidence; True when the batch is full and should be taken."""
        rows, records = self.rows, self.records
        rows.append(row)
        records.append(record)
        self.offsets.append(offset)
        self.raws.append(raw)
        self.held += size
        if len(rows) >= ROWS_FOLDED:
            self._fold()
        return len(records) >= ROWS_PER_BATCH

    def take(self) -> Batch:
        """All rows since the last take, as one batch."""
        if self.rows:
            self._fold()
        fixed = dict(self.stream.constants)
        columns = {
            name: column.take() if column else constant_column(fixed[name], len(self.records))
            for name, column in zip(self.stream.columns, self._columns, strict=True)
        }
        batch = assemble(self.stream, self.zone, columns, self.records, self.offsets, self.raws)
        self._empty()
        return batch

    def _fold(self) -> None:
        rows = self.rows
        for column in self._columns:
            if column:
                column.fold(rows)
        rows.clear()

    def _empty(self) -> None:
        self.rows: list[Any] = []
        self.records: list[int] = []
        self.offsets: list[int] = []
        self.raws: list[bytes] = []
        self.held = 0  # bytes of evidence


def assemble(
    stream: Stream,
    zone: Zone,
    columns: Mapping[str, pa.DictionaryArray],
    records: Sequence[int],
    offsets: Sequence[int],
    raws: Sequence[bytes],
) -> Batch:
    """The batch of finished columns; for readers whose rows come column by column."""
    clock, source = clocks(stream.log.time, columns, len(records), zone)
    arrays: dict[str, pa.Array] = {
        "record": pa.array(np.array(records, np.int64)),
        "offset": pa.array(np.array(offsets, np.int64)),
        "clock": clock,
        "clock_source": source,
        **{column_name(name): array for name, array in columns.items()},
    }
    return Batch(stream, pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays)), raws)


class Builders:
    """The open builders of one reader: hands out batches when a stream is full or the byte budget is spent.

    `budget` is bytes of evidence held as rows over all streams. When it is spent, the largest builders are
    taken until half of it is free, so that rare streams wait and come as few batches.
    """

    def __init__(self, make: Callable[[Stream], BatchBuilder], budget: int = BYTES_HELD) -> None:
        self._make = make
        self._open: dict[int, BatchBuilder] = {}  # by the stream's identity: a plan has one object a stream
        self._budget = budget
        self._held = 0

    def add(
        self, stream: Stream, record: int, offset: int, row: Any, size: int, raw: bytes = b""
    ) -> Iterator[Batch]:
        """Add a row of `size` bytes of evidence; gives the batches that became due."""
        return self.due() if self.put(stream, record, offset, row, size, raw) else _NONE

    def put(self, stream: Stream, record: int, offset: int, row: Any, size: int, raw: bytes = b"") -> bool:
        """Add a row of `size` bytes of evidence; True when batches became due."""
        builder = self._open.get(id(stream))
        if builder is None:
            builder = self._open[id(stream)] = self._make(stream)
        self._held = held = self._held + size
        return builder.add(record, offset, row, raw, size) or held >= self._budget

    def due(self) -> Iterator[Batch]:
        """The full builders' rows, then the largest builders' until half the budget is free."""
        enough = self._budget // 2 if self._held >= self._budget else self._budget
        for builder in sorted(self._waiting(), key=lambda b: (-b.held, b.stream.key)):
            if len(builder.records) >= ROWS_PER_BATCH or self._held > enough:
                yield self._take(builder)

    def rest(self) -> Iterator[Batch]:
        """All rows held, stream by stream in order of their keys."""
        for builder in sorted(self._waiting(), key=lambda b: b.stream.key):
            yield self._take(builder)

    def _take(self, builder: BatchBuilder) -> Batch:
        self._held -= builder.held
        return builder.take()

    def _waiting(self) -> list[BatchBuilder]:
        return [builder for builder in self._open.values() if builder.records]


_NONE: Iterator[Batch] = iter(())


def column_name(name: str) -> str:
    """The batch column that holds a native field."""
    # A log may have a field of its own called "record" or "clock"; ours keep their names.
    return f"{name}_" if name.lower() in RESERVED else name


RESERVED = frozenset(
    {"record", "offset", "clock", "clock_source", "raw", "member", "segment", "row", "rules"}
)


def _nothing(row: Any) -> None:
    return None

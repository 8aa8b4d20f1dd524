"""Rows of one stream become one Arrow record batch, dictionary-encoded from the first moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from sakimori.records.clock import Zone, clocks
from sakimori.records.encoding import (
    Column,
    Getter,
    Key,
    Rows,
    constant_column,
    dictionary_of,
    encode,
    text_of,
)
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

Members = np.ndarray[Any, np.dtype[np.int32]]
Make = Callable[[Stream], "BatchBuilder"]
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
    `runs` are (member, rows) in the order of the rows, where members were read together; empty where all rows
    are of the member that is being read.
    """

    stream: Stream
    data: pa.RecordBatch
    raws: Sequence[bytes] = ()
    runs: Sequence[tuple[int, int]] = ()

    def originals(self, fired: pa.RecordBatch) -> list[bytes]:
        """The records of the rows that `fired` names in its column `row`; empty where readers gave none."""
        return [self.raws[row] for row in fired.column("row").to_pylist()] if self.raws else []

    def members(self, current: int) -> Members:
        """The member of each row; `current` is the one that is being read."""
        runs = self.runs or ((current, self.data.num_rows),)
        return np.repeat(*np.array(runs, np.int32).reshape(-1, 2).T)


class BatchBuilder:
    """Collects rows of one stream; `take` gives them as a Batch and starts anew.

    A row is whatever `getters` know how to read: one getter per stream column, giving text, a number,
    a bool, None, or a list or mapping (kept as JSON text). Rows are encoded a hundred at a time, while they
    are warm, and let go.
    """

    __slots__ = ("_columns", "_starts", "held", "offsets", "raws", "records", "rows", "stream", "zone")

    def __init__(self, stream: Stream, zone: Zone, getters: Sequence[Getter]) -> None:
        self.stream, self.zone = stream, zone
        fixed = dict(stream.constants)
        self._columns = [
            None if name in fixed else Column(get) for name, get in zip(stream.columns, getters, strict=True)
        ]
        self._starts: list[tuple[int, int]] = []  # members, and the row at which each begins
        self.rows = Rows()
        self._empty()

    @classmethod
    def of_mappings(cls, stream: Stream, zone: Zone) -> BatchBuilder:
        """A builder whose rows are mappings from native names to values."""
        return cls(stream, zone, list(map(Key, stream.columns)))

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

    def begin(self, member: int) -> None:
        """Rows added from now on are of this member; its number goes into `runs`."""
        self._starts.append((member, len(self.records)))

    def take(self) -> Batch:
        """All rows since the last take, as one batch."""
        if self.rows:
            self._fold()
        fixed = dict(self.stream.constants)
        columns = {
            name: column.take() if column else constant_column(fixed[name], len(self.records))
            for name, column in zip(self.stream.columns, self._columns, strict=True)
        }
        batch = assemble(self.stream, self.zone, columns, self.records, self.offsets, self.raws, self.runs())
        self._starts = [(self._starts[-1][0], 0)] if self._starts else []
        self._empty()
        return batch

    def runs(self) -> tuple[tuple[int, int], ...]:
        """(member, rows) of the rows that wait, in their order; nothing where no member ever began."""
        ends = [*(start for _, start in self._starts[1:]), len(self.records)]
        runs = ((one, end - start) for (one, start), end in zip(self._starts, ends, strict=False))
        return tuple(run for run in runs if run[1])

    def _fold(self) -> None:
        rows = self.rows
        for column in self._columns:
            if column:
                column.fold(rows)
        self.rows = Rows()

    def _empty(self) -> None:
        self.rows = Rows()
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
    runs: Sequence[tuple[int, int]] = (),
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
    return Batch(stream, pa.RecordBatch.from_arrays(list(arrays.values()), names=list(arrays)), raws, runs)


class Pool:
    """Open builders and the bytes of evidence that all of them may hold as rows.

    When these are spent, the largest builders are taken until half of them is free, so that rare streams wait
    and come as few batches. Readers of one task share a pool: rows of many small members come as one batch.
    """

    def __init__(self, budget: int = BYTES_HELD) -> None:
        self.budget, self.held = budget, 0
        self._builders: dict[tuple[object, int], BatchBuilder] = {}

    def builder(self, kind: object, stream: Stream, make: Make) -> BatchBuilder:
        """The builder of a stream, made when first asked for; rows of another `kind` have their own."""
        # A plan has one object a stream, and lives as long as its process.
        key = kind, id(stream)
        found = self._builders.get(key)
        if found is None:
            found = self._builders[key] = make(stream)
        return found

    def due(self) -> Iterator[Batch]:
        """The full builders' rows, then the largest builders' until half the budget is free."""
        enough = self.budget // 2 if self.held >= self.budget else self.budget
        for builder in sorted(self._waiting(), key=lambda b: (-b.held, b.stream.key)):
            if len(builder.records) >= ROWS_PER_BATCH or self.held > enough:
                yield self._take(builder)

    def rest(self) -> Iterator[Batch]:
        """All rows held, stream by stream in order of their keys."""
        for builder in sorted(self._waiting(), key=lambda b: b.stream.key):
            yield self._take(builder)

    def runs(self) -> Iterator[tuple[int, int]]:
        """(member, rows) of all rows held."""
        for builder in self._waiting():
            yield from builder.runs()

    def _take(self, builder: BatchBuilder) -> Batch:
        self.held -= builder.held
        return builder.take()

    def _waiting(self) -> list[BatchBuilder]:
        return [builder for builder in self._builders.values() if builder.records]


class Builders:
    """The builders of one reader and member: hands out batches when a stream is full or the budget is spent.

    With a `pool` the rows that are left stay there, for more of their kind to come from the next member;
    `kind` tells rows apart that are read differently, `member` is the number their rows get.
    """

    def __init__(
        self,
        make: Make,
        budget: int = BYTES_HELD,
        pool: Pool | None = None,
        kind: object = None,
        member: int = 0,
    ) -> None:
        self._make, self._kind, self._member = make, kind, member
        self._pool = pool or Pool(budget)
        self._shared = pool is not None
        self._open: dict[int, BatchBuilder] = {}

    def add(
        self, stream: Stream, record: int, offset: int, row: Any, size: int, raw: bytes = b""
    ) -> Iterator[Batch]:
        """Add a row of `size` bytes of evidence; gives the batches that became due."""
        return self.due() if self.put(stream, record, offset, row, size, raw) else _NONE

    def put(self, stream: Stream, record: int, offset: int, row: Any, size: int, raw: bytes = b"") -> bool:
        """Add a row of `size` bytes of evidence; True when batches became due."""
        builder = self._open.get(id(stream)) or self._begin(stream)
        pool = self._pool
        pool.held = held = pool.held + size
        return builder.add(record, offset, row, raw, size) or held >= pool.budget

    def _begin(self, stream: Stream) -> BatchBuilder:
        builder = self._open[id(stream)] = self._pool.builder(self._kind, stream, self._make)
        if self._shared:
            builder.begin(self._member)
        return builder

    def due(self) -> Iterator[Batch]:
        """The batches that are due, of other readers' rows too where they share a pool."""
        return self._pool.due()

    def rest(self) -> Iterator[Batch]:
        """All rows held, unless they stay in a pool for the next member."""
        return _NONE if self._shared else self._pool.rest()


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

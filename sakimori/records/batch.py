"""Rows of one stream become one Arrow record batch, dictionary-encoded from the first moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from operator import attrgetter, itemgetter, methodcaller
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from sakimori.records.clock import Zone, clocks
from sakimori.records.plan import Stream

ROWS_PER_BATCH = 16_384
BYTES_HELD = 24 << 20


@dataclass(frozen=True, slots=True)
class Unread:
    """A stretch of evidence that could not be read: where it stands and why."""

    record: int
    offset: int
    reason: str


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


@dataclass(slots=True)
class BatchBuilder:
    """Collects rows of one stream; `take` gives them as a Batch and starts anew.

    A row is whatever `getters` know how to read: one getter per stream column, giving text, a number,
    a bool, None, or a list or mapping (kept as JSON text).
    """

    stream: Stream
    zone: Zone
    getters: Sequence[Callable[[Any], Any]]
    rows: list[Any] = field(default_factory=list)
    records: list[int] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    raws: list[bytes] = field(default_factory=list)

    @classmethod
    def of_mappings(cls, stream: Stream, zone: Zone) -> BatchBuilder:
        """A builder whose rows are mappings from native names to values."""
        return cls(stream, zone, [_getter(name) for name in stream.columns])

    @classmethod
    def of_sequences(cls, stream: Stream, zone: Zone, names: Sequence[str]) -> BatchBuilder:
        """A builder whose rows are sequences in the order of `names`; columns not among them are null."""
        where = {name: index for index, name in enumerate(names)}
        return cls(stream, zone, [itemgetter(where[c]) if c in where else _nothing for c in stream.columns])

    @classmethod
    def of_objects(cls, stream: Stream, zone: Zone, attributes: Mapping[str, str]) -> BatchBuilder:
        """A builder whose rows are objects; `attributes` maps column names to attribute names."""
        return cls(
            stream, zone, [attrgetter(attributes[c]) if c in attributes else _nothing for c in stream.columns]
        )

    def add(self, record: int, offset: int, row: Any, raw: bytes = b"") -> bool:
        """Add a row; True when the batch is full and should be taken."""
        self.rows.append(row)
        self.records.append(record)
        self.offsets.append(offset)
        self.raws.append(raw)
        return len(self.rows) >= ROWS_PER_BATCH

    def take(self) -> Batch:
        """All rows since the last take, as one batch."""
        stream = self.stream
        columns = {
            name: encode(list(map(get, self.rows)))
            for name, get in zip(stream.columns, self.getters, strict=True)
        }
        batch = assemble(stream, self.zone, columns, self.records, self.offsets, self.raws)
        self.rows, self.records, self.offsets, self.raws = [], [], [], []
        return batch


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
        "record": pa.array(records, pa.int64()),
        "offset": pa.array(offsets, pa.int64()),
        "clock": clock,
        "clock_source": source,
        **{column_name(name): array for name, array in columns.items()},
    }
    if stream.raw:
        arrays["raw"] = pa.array(raws, pa.binary())
    return Batch(stream, pa.RecordBatch.from_pydict(arrays), raws)


class Builders:
    """The open builders of one reader: hands out a batch when a stream is full or the byte budget is spent.

    `budget` is bytes of evidence held as rows over all streams, so that a hundred rare streams stay small together.
    """

    def __init__(self, make: Callable[[Stream], BatchBuilder], budget: int = BYTES_HELD) -> None:
        self._make = make
        self._open: dict[str, BatchBuilder] = {}
        self._budget = budget
        self._held = 0

    def add(
        self, stream: Stream, record: int, offset: int, row: Any, size: int, raw: bytes = b""
    ) -> Iterator[Batch]:
        """Add a row of `size` bytes of evidence; gives the batches that became due."""
        builder = self._open.get(stream.key)
        if builder is None:
            builder = self._open[stream.key] = self._make(stream)
        full = builder.add(record, offset, row, raw)
        self._held += size
        if self._held >= self._budget:
            return self.rest()
        return iter((builder.take(),)) if full else _NONE

    def rest(self) -> Iterator[Batch]:
        """All rows held, stream by stream in order of their keys."""
        self._held = 0
        for key in sorted(self._open):
            if self._open[key].rows:
                yield self._open[key].take()


_NONE: Iterator[Batch] = iter(())


def column_name(name: str) -> str:
    """The batch column that holds a native field."""
    # A log may have a field of its own called "record" or "clock"; ours keep their names.
    return f"{name}_" if name.lower() in RESERVED else name


RESERVED = frozenset({"record", "offset", "clock", "clock_source", "raw", "member", "segment", "row", "rules"})


def _getter(name: str) -> Callable[[Any], Any]:
    return methodcaller("get", name)


def _nothing(row: Any) -> None:
    return None


def encode(values: list[Any]) -> pa.DictionaryArray:
    """dictionary<int32, string> of texts, null where a value is None.

    Numbers and bools become their JSON text, lists and mappings JSON text.
    """
    codes: defaultdict[Any, int] = defaultdict(count().__next__)
    try:
        indices = np.fromiter(map(codes.__getitem__, values), np.int32, len(values))
    except TypeError:
        return encode([_hashable(value) for value in values])
    return dictionary_of(list(codes), indices)


def dictionary_of(distinct: list[Any], indices: np.ndarray[Any, np.dtype[np.int32]]) -> pa.DictionaryArray:
    """The array of codes into `distinct`, null where that value is None (at most one may be)."""
    texts = [value if type(value) is str else text_of(value) for value in distinct]
    mask = None
    if None in texts:
        mask = indices == texts.index(None)
        texts[texts.index(None)] = ""
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=mask), _strings(texts))


def _strings(texts: Iterable[str | None]) -> pa.Array:
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:  # lone surrogates, as JSON may escape them
        return pa.array([(t or "").encode("utf-8", "replace").decode() for t in texts], pa.string())


def _hashable(value: Any) -> Any:
    return value if value.__hash__ is not None else text_of(value)


def text_of(value: Any) -> str | None:
    """A value as text: `true` for True, `8524` for 8524, JSON for lists and mappings, None for None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()

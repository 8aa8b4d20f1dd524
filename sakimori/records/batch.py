"""Rows of one stream become one Arrow record batch, dictionary-encoded from the first moment."""

from __future__ import annotations

import json
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


class First:
    """A getter that gives the first of its getters' values that is not None."""

    def __init__(self, *getters: Callable[[Any], Any]) -> None:
        self._first, *self._rest = getters

    def __call__(self, row: Any) -> Any:
        found = self._first(row)
        return found if found is not None else self._later(row)

    def column(self, rows: list[Any]) -> list[Any]:
        """The values of many rows."""
        values = list(map(self._first, rows))
        if None in values:
            later = self._later
            values = [later(row) if found is None else found for found, row in zip(values, rows, strict=True)]
        return values

    def _later(self, row: Any) -> Any:
        for get in self._rest:
            found = get(row)
            if found is not None:
                return found
        return None


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
    held: int = 0  # bytes of evidence

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

    def add(self, record: int, offset: int, row: Any, raw: bytes = b"", size: int = 0) -> bool:
        """Add a row of `size` bytes of evidence; True when the batch is full and should be taken."""
        self.rows.append(row)
        self.records.append(record)
        self.offsets.append(offset)
        self.raws.append(raw)
        self.held += size
        return len(self.rows) >= ROWS_PER_BATCH

    def take(self) -> Batch:
        """All rows since the last take, as one batch."""
        stream = self.stream
        columns = {
            name: self._column(name, get) for name, get in zip(stream.columns, self.getters, strict=True)
        }
        batch = assemble(stream, self.zone, columns, self.records, self.offsets, self.raws)
        self.rows, self.records, self.offsets, self.raws, self.held = [], [], [], [], 0
        return batch

    def _column(self, name: str, get: Callable[[Any], Any]) -> pa.DictionaryArray:
        for constant, value in self.stream.constants:
            if constant == name:
                return constant_column(value, len(self.rows))
        whole: Callable[[list[Any]], list[Any]] | None = getattr(get, "column", None)
        return encode(whole(self.rows) if whole else list(map(get, self.rows)))


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
            if len(builder.rows) >= ROWS_PER_BATCH or self._held > enough:
                yield self._take(builder)

    def rest(self) -> Iterator[Batch]:
        """All rows held, stream by stream in order of their keys."""
        for builder in sorted(self._waiting(), key=lambda b: b.stream.key):
            yield self._take(builder)

    def _take(self, builder: BatchBuilder) -> Batch:
        self._held -= builder.held
        return builder.take()

    def _waiting(self) -> list[BatchBuilder]:
        return [builder for builder in self._open.values() if builder.rows]


_NONE: Iterator[Batch] = iter(())


def column_name(name: str) -> str:
    """The batch column that holds a native field."""
    # A log may have a field of its own called "record" or "clock"; ours keep their names.
    return f"{name}_" if name.lower() in RESERVED else name


RESERVED = frozenset(
    {"record", "offset", "clock", "clock_source", "raw", "member", "segment", "row", "rules"}
)


def _getter(name: str) -> Callable[[Any], Any]:
    return methodcaller("get", name)


def _nothing(row: Any) -> None:
    return None


def encode(values: list[Any]) -> pa.DictionaryArray:
    """dictionary<int32, string> of texts, null where a value is None.

    Numbers and bools become their JSON text, lists and mappings JSON text.
    """
    if values and values[0] is None and values[-1] is None and values.count(None) == len(values):
        return pa.DictionaryArray.from_arrays(pa.nulls(len(values), pa.int32()), pa.array([], pa.string()))
    codes: defaultdict[Any, int] = defaultdict(count().__next__)
    try:
        indices = np.fromiter(map(codes.__getitem__, values), np.int32, len(values))
    except TypeError:
        return encode([_hashable(value) for value in values])
    if _mixed(codes):
        return encode([text_of(value) for value in values])
    distinct = list(codes)
    if (0 in codes or 1 in codes) and bool in set(map(type, values)):
        # 1 and True are one key to a dictionary; as texts they differ.
        return encode([text_of(value) if isinstance(value, bool) else value for value in values])
    return dictionary_of(distinct, indices)


def constant_column(value: str, rows: int) -> pa.DictionaryArray:
    """dictionary<int32, string> of one text in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([value], pa.string()))


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


def _mixed(distinct: Iterable[Any]) -> bool:
    # 1, 1.0 and True are one key to a dict but three texts in a log.
    kinds = {type(value) for value in distinct} & {bool, int, float}
    return len(kinds) > 1 or bool in kinds or float in kinds


def _hashable(value: Any) -> Any:
    return value if value.__hash__ is not None else text_of(value)


def text_of(value: Any) -> str | None:
    """A value as text: `true` for True, `8524` for 8524, JSON for lists and mappings, None for None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if type(value) is int:
        return str(value)
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError:  # numbers past 64 bits, lone surrogates, very deep nesting
        return _patient_text_of(value)


def _patient_text_of(value: Any) -> str:
    try:
        return json.dumps(value, default=str, separators=(",", ":"))
    except RecursionError:
        return f"[{type(value).__name__} nested too deeply to be written]"

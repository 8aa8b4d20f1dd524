"""Rows become batches: every value as text, the place kept, memory bounded by bytes of evidence."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import defstruct

from sakimori.records.batch import ROWS_PER_BATCH, Batch, BatchBuilder, Builders
from sakimori.records.catalogue import Log
from sakimori.records.clock import Zone
from sakimori.records.encoding import Cell, Column, First, Key, Rows, encode, text_of
from sakimori.records.plan import Plan, Stream, stored_only
from tests.rows import catalogue_of

LOG = Log(name="door", family="test", columns=("time", "who", "record"), time=("time",))
OTHER = Log(name="window", family="test", columns=("who",))


def stream(log: str = "door", **constants: str) -> Stream:
    return stored_only(catalogue_of(LOG, OTHER)).stream(log, constants)


def taken(*rows: dict[str, Any], of: Stream | None = None) -> Batch:
    builder = BatchBuilder.of_mappings(of or stream(), Zone())
    for number, row in enumerate(rows, 1):
        builder.add(number, number * 10, row)
    return builder.take()


def test_a_batch_holds_places_clock_and_columns() -> None:
    batch = taken({"time": "2026-03-01T09:12:00Z", "who": "a"}, {"who": "b", "record": 7})
    assert batch.data.to_pydict() == {
        "record": [1, 2],
        "offset": [10, 20],
        "clock": [1_772_356_320_000_000, None],
        "clock_source": ["time", None],
        "time": ["2026-03-01T09:12:00Z", None],
        "who": ["a", "b"],
        "record_": [None, "7"],  # the log's own field of that name
    }
    assert batch.data.schema.field("who").type == pa.dictionary(pa.int32(), pa.string())


def test_a_constant_of_the_stream_fills_its_column() -> None:
    batch = taken({"who": "A"}, {}, of=stream(who="a"))
    assert batch.data.column("who").to_pylist() == ["a", "a"]


def test_sequences_are_rows_too() -> None:
    builder = BatchBuilder.of_sequences(stream(), Zone(), ["who", "unknown"])
    builder.add(1, 0, ("a", "b"))
    assert builder.take().data.column("who").to_pylist() == ["a"]


def test_a_builder_starts_anew_after_each_take() -> None:
    builder = BatchBuilder.of_mappings(stream(), Zone())
    builder.add(1, 0, {"who": "a"})
    builder.take()
    builder.add(2, 5, {"who": "b"})
    batch = builder.take()
    assert (batch.data.column("who").to_pylist(), batch.data.column("record").to_pylist()) == (["b"], [2])
    assert batch.data.column("who").dictionary.to_pylist() == ["b"]
    assert builder.take().data.num_rows == 0


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.lists(st.one_of(st.text(), st.integers()), max_size=3),
    st.dictionaries(st.text(), st.booleans(), max_size=2),
)


@given(st.lists(values, max_size=30))
def test_every_value_is_its_text(given_values: list[Any]) -> None:
    wide = [text_of(value) for value in given_values]
    assert encode(given_values).to_pylist() == [
        None if text is None else text.encode("utf-8", "replace").decode() for text in wide
    ]


@given(st.lists(st.lists(values, min_size=1, max_size=5), max_size=8))
def test_a_column_grows_piece_by_piece(pieces: list[list[Any]]) -> None:
    column = Column(itemgetter(0))
    for piece in pieces:
        column.extend(piece)
    assert column.take().to_pylist() == encode([value for piece in pieces for value in piece]).to_pylist()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (8524, "8524"),
        (1.5, "1.5"),
        (10**30, "1" + "0" * 30),
        (["a", 1], '["a",1]'),
        ({"k": None}, '{"k":null}'),
        ([10**30], "[1" + "0" * 30 + "]"),
        (["\ud800"], '["\\ud800"]'),
        (b"x\xff", "x\ufffd"),
    ],
)
def test_values_that_are_no_text_become_json(value: Any, text: str) -> None:
    assert text_of(value) == text


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), values), max_size=6))
def test_columns_of_many_mappings_are_the_values_one_by_one(rows: list[dict[str, Any]]) -> None:
    assert [list(Key(name).column(Rows(rows))) for name in "abcde"] == [
        [Key(name)(row) for row in rows] for name in "abcde"
    ]


@given(st.lists(st.tuples(values, values), min_size=1, max_size=6))
def test_columns_of_many_structs_are_the_values_one_by_one(given_rows: list[tuple[Any, Any]]) -> None:
    pair = defstruct("Pair", ["f0", "f1"])
    rows = [pair(*values) for values in given_rows]
    assert [list(Cell(f"f{n}", n).column(Rows(rows))) for n in (0, 1)] == [
        [Cell(f"f{n}", n)(row) for row in rows] for n in (0, 1)
    ]


def test_a_column_without_values_may_be_long() -> None:
    assert encode([None] * 20_000).null_count == 20_000


def test_one_and_true_are_two_texts() -> None:
    assert encode([1, True, "1", 0, False, None]).to_pylist() == ["1", "true", "1", "0", "false", None]


def test_half_a_surrogate_pair_is_shown_as_lost() -> None:
    assert encode(["a\ud800"]).to_pylist() == ["a?"]


def test_nesting_without_end_is_named() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert text_of(deep) == "[list nested too deeply to be written]"


def test_the_first_value_that_is_there_counts() -> None:
    get = First(itemgetter(0), itemgetter(1), itemgetter(2))
    rows = [(None, "b", "c"), ("a", "b", "c"), (None, None, None)]
    assert [get(row) for row in rows] == ["b", "a", None]
    assert get.column(rows) == ["b", "a", None]
    assert get.column(rows[:1]) == ["b"]


def builders(budget: int) -> tuple[Plan, Builders]:
    plan = stored_only(catalogue_of(LOG, OTHER))
    return plan, Builders(lambda stream: BatchBuilder.of_mappings(stream, Zone()), budget)


def test_a_full_stream_comes_out_alone() -> None:
    plan, open_builders = builders(1 << 30)
    rare, common = plan.stream("window"), plan.stream("door")
    out = list(open_builders.add(rare, 1, 0, {}, 1))
    for number in range(ROWS_PER_BATCH):
        out += open_builders.add(common, number, 0, {}, 1)
    assert [(batch.stream.log.name, batch.data.num_rows) for batch in out] == [("door", ROWS_PER_BATCH)]
    assert [batch.stream.log.name for batch in open_builders.rest()] == ["window"]


def test_a_spent_budget_takes_the_largest_and_lets_rare_streams_wait() -> None:
    plan, open_builders = builders(100)
    rare, common = plan.stream("window"), plan.stream("door")
    out = list(open_builders.add(rare, 1, 0, {}, 10))
    for number in range(9):
        out += open_builders.add(common, number, 0, {}, 10)
    assert [(batch.stream.log.name, batch.data.num_rows) for batch in out] == [("door", 9)]
    assert [(batch.stream.log.name, batch.data.num_rows) for batch in open_builders.rest()] == [("window", 1)]
    assert list(open_builders.rest()) == []

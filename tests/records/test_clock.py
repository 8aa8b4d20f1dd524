"""Times of records: every notation, in bulk as one by one, and what no time is."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.records.clock import Zone, clocks, instant, instants
from sakimori.records.encoding import encode

NINE = 1_772_356_320_000_000  # 2026-03-01T09:12:00Z


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("2026-03-01T09:12:00Z", NINE),
        ("2026-03-01 09:12:00", NINE),
        ("2026/03/01 09:12:00", NINE),
        ("2026-03-01 09:12", NINE),
        ("20260301-091200", NINE),
        ("2026-03-01T09:12:00.5Z", NINE + 500_000),
        ("2026-03-01T09:12:00.123456789Z", NINE + 123_456),
        ("2026-03-01T18:12:00+09:00", NINE),
        ("2026-03-01T04:12:00-0500", NINE),
        ("2026-03-01 09:12:00 UTC", NINE),
        ("01/Mar/2026:18:12:00 +0900", NINE),
        ("Sun Mar  1 09:12:00 2026", NINE),
        ("1772356320", NINE),
        ("1772356320.000250", NINE + 250),
        ("1772356320000", NINE),
        ("1772356320000000", NINE),
        ("1772356320000000000", NINE),
        ("134168299200000000", NINE),
        ("1.772356320e9", NINE),
        ("Mar 1, 2026 9:12:00 AM", NINE),
        ("1969-12-31T23:59:59.250000Z", -750_000),
        ("20260301", NINE - (9 * 60 + 12) * 60_000_000),
    ],
)
def test_a_time_is_read_in_any_notation(text: str, micros: int) -> None:
    assert instant(text) == micros


@pytest.mark.parametrize(
    "text",
    ["", "-", "N/A", "yesterday", "2026-13-01 00:00:00", "2026-02-30 00:00:00", "2026-03-01 24:00:00",
     "2026-03-01", "1e99", "-9e98", "0x10", "99999999999999999999"],
)  # fmt: skip
def test_what_is_no_time_stays_unknown(text: str) -> None:
    assert instant(text) is None
    assert clocks(("T",), {"T": encode([text])}, 1, Zone())[0].to_pylist() == [None]


def test_a_time_without_zone_is_taken_in_the_source_zone() -> None:
    assert instant("2026-03-01 18:12:00", "Asia/Tokyo") == NINE
    assert instant("2026-03-01T09:12:00Z", "Asia/Tokyo") == NINE


def test_a_zone_before_the_first_year_does_not_stop_the_hunt() -> None:
    assert isinstance(instant("0001-01-01 00:00:00", "Asia/Tokyo"), int | None)
    assert isinstance(instant("9999-12-31 23:59:59", "America/New_York"), int | None)


moments = st.datetimes().map(lambda moment: moment.isoformat(sep=" ", timespec="seconds"))
shapes = st.tuples(
    st.sampled_from(["", ".1", ".123", ".1234567", ".123456789", ".999999"]),
    st.sampled_from(["", "Z", "+09:00", "-05:30"]),
)


@given(
    st.lists(moments, min_size=1, max_size=8),
    shapes,
    st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York"]),
)
def test_times_in_bulk_are_the_times_one_by_one(starts: list[str], shape: tuple[str, str], zone: str) -> None:
    texts = [start + "".join(shape) for start in starts]
    values, good = instants(pa.array(texts), zone)
    assert [v if g else None for v, g in zip(values.tolist(), good.tolist(), strict=True)] == [
        instant(text, zone) for text in texts
    ]


@given(
    st.lists(
        st.one_of(moments, st.text(max_size=12), st.sampled_from(["2026-03-01", "2026-03-01T09"])), min_size=1
    )
)
def test_one_that_is_no_time_spoils_no_other(texts: list[str]) -> None:
    values, good = instants(pa.array([text.encode("utf-8", "replace").decode() for text in texts]))
    assert [v if g else None for v, g in zip(values.tolist(), good.tolist(), strict=True)] == [
        instant(text) for text in texts
    ]


def test_each_row_takes_the_first_column_that_holds_a_time() -> None:
    columns = {
        "TimeCreated": encode(["2026-03-01T09:12:00Z", None, "broken", None]),
        "EventTime": encode(["2026-03-01 12:00:00", "2026-03-01 18:12:00", "2026-03-01 18:12:00", None]),
    }
    clock, source = clocks(("TimeCreated", "EventTime@local"), columns, 4, Zone("Asia/Tokyo"))
    assert clock.to_pylist() == [NINE, NINE, NINE, None]
    assert source.to_pylist() == ["TimeCreated", "EventTime", "EventTime", None]


def test_a_log_without_time_has_no_clock() -> None:
    clock, source = clocks((), {}, 2, Zone())
    assert clock.to_pylist() == [None, None]
    assert source.to_pylist() == [None, None]

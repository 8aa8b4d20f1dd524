"""Records that name two times which do not agree."""

from __future__ import annotations

import pytest

from sakimori.records.catalogue import Log
from sakimori.records.clock import Zone
from sakimori.records.disagreement import disagreement
from tests.rows import batch_of, catalogue_of

LOG = Log(name="log", family="small", columns=("A", "B", "C"), time=("A", "B", "C@local"))
NINE = "2026-03-01T09:00:00Z"


def apart(*rows: dict[str, str | None], zone: str = "UTC") -> tuple[str, int] | None:
    return disagreement(batch_of(catalogue_of(LOG), "log", rows).data, LOG.time, Zone(zone))


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ("2026-03-01T09:05:00Z", False),
        ("2026-03-01T09:05:01Z", True),
        ("2026-03-01T08:54:59Z", True),
        ("2026-03-01T18:00:20Z", False),
        ("2026-03-01T03:30:00Z", False),
        ("2026-03-01T18:07:00Z", True),
        ("2026-03-02T04:00:00Z", True),
        ("Mar 1, 2026 9:17:00 AM", True),
        ("yesterday", False),
        (None, False),
    ],
)
def test_times_more_than_five_minutes_apart_disagree_where_no_zone_explains_it(
    other: str | None, told: bool
) -> None:
    assert apart({"A": NINE, "B": other}) == (("A, B", 1) if told else None)


def test_the_first_two_columns_that_hold_anything_are_compared() -> None:
    rows = [{"A": NINE, "C": "2026-03-01 18:40:00"}, {"A": NINE, "C": "2026-03-01 18:00:00"}, {"C": NINE}]
    assert apart(*rows, zone="Asia/Tokyo") == ("A, C", 1)


def test_a_record_whose_first_time_is_none_is_left_out() -> None:
    assert apart({"A": "soon", "B": NINE}, {"A": NINE, "B": NINE}) is None


def test_one_time_column_cannot_disagree() -> None:
    assert apart({"B": NINE}, {"B": NINE}) is None


def test_nothing_disagrees_where_there_is_nothing() -> None:
    assert apart({}) is None

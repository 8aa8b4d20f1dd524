"""Times in words, always with their zone."""

from __future__ import annotations

import pytest

from sakimori.errors import UsageError
from sakimori.records.clock import instant
from sakimori.response.times import date_words, length_words, span_words

START, END = instant("2026-03-03T09:12:04Z"), instant("2026-03-03T20:30:00Z")


def test_a_moment_in_both_tongues() -> None:
    assert date_words(START, "en") == "3 March 2026 09:12 UTC"
    assert date_words(START, "ja", seconds=True) == "2026年3月3日 09:12:04 UTC"
    assert date_words(None, "ja") == "時刻なし"
    assert date_words(10**30, "en") == "no time given"


def test_a_second_zone_names_its_day_where_it_is_another() -> None:
    assert date_words(START, "en", zone="Asia/Tokyo") == "3 March 2026 09:12 UTC (18:12 Asia/Tokyo)"
    assert (
        date_words(END, "ja", zone="Asia/Tokyo") == "2026年3月3日 20:30 UTC (2026年3月4日 05:30 Asia/Tokyo)"
    )


def test_a_span_names_the_day_twice_only_where_it_changes() -> None:
    assert span_words(START, END, "en") == "3 March 2026 09:12 – 20:30 UTC · 11 h 17 min"
    assert span_words(START, None, "en") == "3 March 2026 09:12 UTC"
    tokyo = span_words(START, END, "en", zone="Asia/Tokyo")
    assert tokyo.endswith("UTC (3 March 2026 18:12 – 4 March 2026 05:30 Asia/Tokyo) · 11 h 17 min")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (61, "1 min"), (3720, "1 h 2 min"), (266_400, "3 d 2 h"), (-5, "0 s")],
)
def test_a_length_has_its_two_largest_units(seconds: int, words: str) -> None:
    assert length_words(seconds * 1_000_000, "en") == words


def test_an_unknown_zone_is_said_with_a_way_out() -> None:
    with pytest.raises(UsageError, match="Use a name such as Asia/Tokyo"):
        date_words(START, "en", zone="Mars/Olympus")

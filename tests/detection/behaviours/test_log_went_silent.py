"""Logs that stop while the host goes on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sakimori.detection.behaviours.log_went_silent import log_went_silent
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

DAYS = 12  # from Monday, with one weekend and the Thursday and Friday after it
Rows = list[dict[str, object]]


def log(channel: str, host: str = "pc1", works: Callable[[int, int], bool] = lambda day, hour: True) -> Rows:
    """An event each hour in which the log works."""
    return [
        at(day + hour / 24, host=host, channel=channel, number=24 * day + hour)
        for day in range(DAYS)
        for hour in range(24)
        if works(day, hour)
    ]


def by_day(day: int, hour: int) -> bool:
    """From 8 to 18 on working days."""
    return 8 <= hour < 18 and day % 7 < 5


def silent(day: int, hours: int) -> Callable[[int, int], bool]:
    """A log that works at all times but so many hours of a day."""
    return lambda d, hour: d != day or not 4 <= hour < 4 + hours


def test_a_log_that_stops_while_the_host_goes_on_is_a_finding(tmp_path: Path) -> None:
    rows = log("Security") + log("System", works=silent(3, 12))
    (found,) = heard(tmp_path, log_went_silent, numbered_event=rows).findings
    assert (found.subjects, found.count) == ((Subject("host", "pc1"),), 12)
    assert found.because == (
        "System of this host was silent from 2026-03-05T03:00:00Z to 2026-03-05T16:00:00Z while its other "
        "logs went on; in 12 of these hours it speaks on all other days."
    )


@pytest.mark.parametrize(("hours", "found"), [(7, 0), (8, 1)])
def test_a_short_pause_says_nothing(tmp_path: Path, hours: int, found: int) -> None:
    rows = log("Security") + log("System", works=silent(3, hours))
    assert len(heard(tmp_path, log_went_silent, numbered_event=rows).findings) == found


def test_nights_and_weekends_say_nothing(tmp_path: Path) -> None:
    rows = log("Security") + log("System", works=by_day)
    assert heard(tmp_path, log_went_silent, numbered_event=rows).findings == ()


def test_a_machine_that_is_off_says_nothing(tmp_path: Path) -> None:
    rows = log("Security", works=silent(3, 20)) + log("System", works=silent(3, 20))
    assert heard(tmp_path, log_went_silent, numbered_event=rows).findings == ()


@pytest.mark.parametrize(("hosts", "found"), [(1, 1), (4, 0)])
def test_a_holiday_of_most_hosts_says_nothing(tmp_path: Path, hosts: int, found: int) -> None:
    rows = [row for n in range(4) for row in log("Security", f"pc{n}")]
    rows += [
        row
        for n in range(4)
        for row in log("System", f"pc{n}", silent(3, 12) if n < hosts else lambda d, h: True)
    ]
    assert len(heard(tmp_path, log_went_silent, numbered_event=rows).findings) == found


def test_logs_of_other_systems_are_held_against_each_other_too(tmp_path: Path) -> None:
    works = silent(3, 12)
    starts = [at(d + h / 24, host="mac1") for d in range(DAYS) for h in range(24) if works(d, h)]
    flows = [at(d + h / 24, host="mac1") for d in range(DAYS) for h in range(24)]
    (found,) = heard(tmp_path, log_went_silent, process=starts, network_flow=flows).findings
    assert found.because.startswith("plain_process of this host was silent from 2026-03-05T03:00:00Z")


def test_a_log_that_ends_says_nothing(tmp_path: Path) -> None:
    rows = log("Security") + log("System", works=lambda day, hour: day < 6)
    assert heard(tmp_path, log_went_silent, numbered_event=rows).findings == ()

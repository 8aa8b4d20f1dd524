"""Logs whose numbers begin again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sakimori.detection.behaviours.log_began_anew import log_began_anew
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard


def log(
    numbers: Iterable[int], begin: float, channel: str = "Security", host: str = "dc1"
) -> list[dict[str, object]]:
    return [
        at(begin + n / 1440, host=host, channel=channel, number=number) for n, number in enumerate(numbers)
    ]


def test_a_log_that_began_anew_is_a_finding(tmp_path: Path) -> None:
    rows = [*log(range(5000, 5300), 0), *log(range(1, 60), 2)]
    (found,) = heard(tmp_path, log_began_anew, numbered_event=rows).findings
    assert found.subjects == (Subject("host", "dc1"),)
    assert found.because == (
        "Security began anew at number 1 on 2026-03-04T00:00:00Z; before, it had come to number 5299 "
        "(2026-03-02T04:59:00Z)."
    )
    assert [place.record for place in found.places] == [300, 301]


def test_a_log_that_was_emptied_counts_on_and_says_nothing(tmp_path: Path) -> None:
    rows = [*log(range(1, 300), 0), *log(range(300, 400), 2)]
    assert heard(tmp_path, log_began_anew, numbered_event=rows).findings == ()


@pytest.mark.parametrize(("number", "found"), [(100, 1), (101, 0)])
def test_a_machine_put_back_to_an_earlier_state_says_nothing(tmp_path: Path, number: int, found: int) -> None:
    rows = [*log(range(5000, 5300), 0), *log(range(number, number + 60), 2)]
    assert len(heard(tmp_path, log_began_anew, numbered_event=rows).findings) == found


def test_a_clock_that_was_wrong_at_the_first_start_says_nothing(tmp_path: Path) -> None:
    rows = [*log(range(1, 60), 3), *log(range(60, 900), 0)]
    assert heard(tmp_path, log_began_anew, numbered_event=rows).findings == ()


def test_a_machine_set_up_anew_begins_all_its_logs_anew_and_cannot_tell(tmp_path: Path) -> None:
    logs = ("Security", "System", "Application")
    rows = [row for name in logs for row in (*log(range(5000, 5300), 0, name), *log(range(1, 60), 2, name))]
    said = heard(tmp_path, log_began_anew, numbered_event=rows)
    assert (said.findings, [note.kind for note in said.notes]) == ((), ["cannot tell"])

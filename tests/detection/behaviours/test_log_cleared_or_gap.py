"""Events taken out of the middle of a log."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from sakimori.detection.behaviours.log_cleared_or_gap import log_cleared_or_gap
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard


def log(numbers: Iterable[int], host: str = "dc1", channel: str = "Security") -> list[dict[str, object]]:
    return [at(n / 1440, host=host, channel=channel, number=n) for n in numbers]


def test_a_few_events_missing_from_a_whole_log_are_found(tmp_path: Path) -> None:
    rows = log(n for n in range(5000, 6200) if n not in (5600, 5601, 5602))
    (found,) = heard(tmp_path, log_cleared_or_gap, numbered_event=rows).findings
    assert (found.subjects, found.count) == ((Subject("host", "dc1"),), 3)
    assert found.because == (
        "3 events after number 5599 are missing in Security, between 2026-03-05T21:19:00Z and "
        "2026-03-05T21:23:00Z; 1197 others are there."
    )
    assert [place.record for place in found.places] == [600, 601]


def test_a_whole_log_says_nothing(tmp_path: Path) -> None:
    said = heard(tmp_path, log_cleared_or_gap, numbered_event=log(range(1, 1201)))
    assert (said.findings, said.notes) == ((), ())


@pytest.mark.parametrize(("events", "found"), [(1000, 1), (999, 0)])
def test_a_short_log_says_nothing(tmp_path: Path, events: int, found: int) -> None:
    rows = log(n for n in range(1, events + 2) if n != 400)
    assert len(heard(tmp_path, log_cleared_or_gap, numbered_event=rows).findings) == found


@pytest.mark.parametrize(("gaps", "found"), [(3, 3), (4, 0)])
def test_many_gaps_are_not_the_hand_of_someone(tmp_path: Path, gaps: int, found: int) -> None:
    rows = log(n for n in range(1, 1301) if n not in range(100, 100 + 10 * gaps, 10))
    said = heard(tmp_path, log_cleared_or_gap, numbered_event=rows).findings
    assert sum(f.count for f in said) == found


def test_an_export_filtered_by_event_cannot_tell_and_says_so(tmp_path: Path) -> None:
    said = heard(tmp_path, log_cleared_or_gap, numbered_event=log(range(1, 12000, 7)))
    (note,) = said.notes
    assert (said.findings, note.kind, note.subjects) == ((), "cannot tell", (Subject("host", "dc1"),))
    assert note.reason.startswith("the records cannot tell for dc1: ")


def test_where_parts_of_the_log_were_unreadable_a_gap_says_nothing(tmp_path: Path) -> None:
    rows = log(n for n in range(1, 1200) if n != 600)
    said = heard(tmp_path, log_cleared_or_gap, numbered_event=rows, unread=1)
    assert (said.findings, [note.kind for note in said.notes]) == ((), ["cannot tell"])


def test_each_channel_of_each_host_is_numbered_by_itself(tmp_path: Path) -> None:
    rows = [
        *log(range(1, 1100)),
        *log(range(7000, 8100), host="dc2"),
        *log(range(90, 1200), channel="System"),
    ]
    said = heard(tmp_path, log_cleared_or_gap, numbered_event=rows)
    assert (said.findings, said.notes) == ((), ())

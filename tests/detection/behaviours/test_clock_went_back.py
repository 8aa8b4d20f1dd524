"""Times that fall while numbers rise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from sakimori.detection.behaviours.clock_went_back import clock_went_back
from sakimori.detection.run_behaviours import hear
from sakimori.engine.local import Local
from sakimori.findings import Subject
from sakimori.records.store import Store
from tests.detection.behaviours.told import at, heard, plain_logs
from tests.rows import batch_of, publish


def log(minutes: Sequence[float], local: bool = False, first: int = 1) -> list[dict[str, object]]:
    """Events at these minutes, numbered one by one; a log of local times says nothing in UTC."""
    utc = None if local else "2026-03-02T00:00:00Z"
    return [
        at(1 + minute / 1440, host="dc1", channel="Security", number=number, utc=utc)
        for number, minute in enumerate(minutes, first)
    ]


STEADY = list(range(100))


def test_a_clock_set_back_is_a_finding(tmp_path: Path) -> None:
    rows = log([*STEADY, *(minute - 500 for minute in range(100, 150))])
    (found,) = heard(tmp_path, clock_went_back, numbered_event=rows).findings
    assert (found.subjects, found.count) == ((Subject("host", "dc1"),), 1)
    assert found.because == (
        "In Security the time falls back by 499 minutes from event 100 to event 101, to "
        "2026-03-02T17:20:00Z: the clock of the host was set back, and times before and after do not "
        "follow each other."
    )


def test_a_steady_clock_says_nothing(tmp_path: Path) -> None:
    said = heard(tmp_path, clock_went_back, numbered_event=log(STEADY))
    assert (said.findings, said.notes) == ((), ())


@pytest.mark.parametrize(("minutes", "found"), [(11, 0), (12, 1)])
def test_a_small_correction_says_nothing(tmp_path: Path, minutes: int, found: int) -> None:
    # One minute passes from event to event; what falls back must stay back for two more.
    rows = log([*STEADY, *(minute - minutes - 2 for minute in range(100, 150))])
    assert len(heard(tmp_path, clock_went_back, numbered_event=rows).findings) == found


def test_events_written_late_say_nothing(tmp_path: Path) -> None:
    rows = log([*STEADY[:50], 3, 4, *STEADY[52:]])
    assert heard(tmp_path, clock_went_back, numbered_event=rows).findings == ()


@pytest.mark.parametrize(("local", "kinds"), [(True, ["cannot tell"]), (False, [])])
def test_the_end_of_summer_time_cannot_be_told_from_a_clock_set_back(
    tmp_path: Path, local: bool, kinds: list[str]
) -> None:
    rows = log([*STEADY, *(minute - 30 for minute in range(100, 150))], local)
    said = heard(tmp_path, clock_went_back, numbered_event=rows)
    assert (len(said.findings), [note.kind for note in said.notes]) == (0 if local else 1, kinds)


def test_a_zone_set_right_at_start_cannot_be_told_either(tmp_path: Path) -> None:
    rows = log([*STEADY, *(minute - 540 for minute in range(100, 150))])
    said = heard(tmp_path, clock_went_back, numbered_event=rows)
    assert (said.findings, [note.kind for note in said.notes]) == ((), ["cannot tell"])


def test_a_machine_put_back_to_an_earlier_state_says_nothing(tmp_path: Path) -> None:
    rows = [*log([2000 + minute for minute in STEADY]), *log(STEADY, first=50)]
    assert heard(tmp_path, clock_went_back, numbered_event=rows).findings == ()


def test_files_of_two_lives_of_a_machine_say_nothing(tmp_path: Path) -> None:
    later, earlier = log([5000 + minute for minute in STEADY]), log(STEADY, first=101)
    files = [
        (f"{name}.evtx", [batch_of(plain_logs(), "plain_numbered_event", rows)])
        for name, rows in (("first", later), ("second", earlier))
    ]
    with Store(tmp_path / "store").open() as store:
        publish(store, "one", *files)
        store.compact()
    with Local(store, plain_logs(), 200 << 20, tmp_path / "temp") as engine:
        assert hear(engine, [clock_went_back]).findings == ()

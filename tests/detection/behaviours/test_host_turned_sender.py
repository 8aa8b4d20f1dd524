"""A machine that fetches turned into one that sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.host_turned_sender import host_turned_sender
from tests.detection.behaviours.flows import flow
from tests.detection.behaviours.told import heard

PC = "10.0.0.5"


def week(last_out: float, last_back: float, usual: tuple[float, float] = (1, 9)) -> list[dict[str, object]]:
    out, back = usual
    days = [flow(n + 0.4, PC, "198.51.100.7", out=out, back=back) for n in range(6)]
    return [*days, flow(6.5, PC, out=last_out, back=last_back)]


def test_a_day_of_sending_by_a_machine_that_fetches_is_found(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, host_turned_sender, network_flow=week(30, 2)).findings
    assert found.because == (
        "10.0.0.5 sent 30 MB out on this day and fetched 2 MB (ratio +0.88); on the 7 days it "
        "is seen it fetches "
        "(median -0.80). Most went to 203.0.113.9."
    )


def test_a_machine_that_always_sends_says_nothing(tmp_path: Path) -> None:
    assert heard(tmp_path, host_turned_sender, network_flow=week(30, 2, usual=(9, 1))).findings == ()


@pytest.mark.parametrize(("out", "back", "found"), [(21, 11, 1), (21, 12, 0), (19, 1, 0)])
def test_just_beside_the_thresholds(tmp_path: Path, out: float, back: float, found: int) -> None:
    assert len(heard(tmp_path, host_turned_sender, network_flow=week(out, back)).findings) == found


def test_after_too_few_days_the_records_cannot_tell(tmp_path: Path) -> None:
    said = heard(tmp_path, host_turned_sender, network_flow=[flow(0, PC, out=30, back=1)])
    assert (said.findings, [note.kind for note in said.notes]) == ((), ["cannot tell"])

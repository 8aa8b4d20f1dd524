"""Clocks that someone set."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.clock_was_set import clock_was_set
from sakimori.engine.local import Local
from sakimori.findings import Subject
from sakimori.records.catalogue import catalogue
from tests.detection.behaviours.told import at, heard
from tests.rows import store_of

POWERSHELL = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"
NOON = 1_772_600_000_000_000
MINUTE = 60_000_000


def change(minutes: float, image: str = POWERSHELL) -> dict[str, object]:
    new = NOON + int(minutes * MINUTE)
    return at(2, host="PC1", account="EXAMPLE\\mei", image=image, old_time=NOON, new_time=new)


def test_a_clock_set_by_hand_is_a_finding(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, clock_was_set, clock_change=[change(-1440)]).findings
    assert found.subjects[0] == Subject("host", "pc1")
    assert found.because == (
        "The clock of this host was set by up to 1440 minutes, first on 2026-03-04T00:00:00Z, by "
        f"EXAMPLE\\mei with {POWERSHELL}: times in its logs around then do not mean what they say."
    )


@pytest.mark.parametrize(
    "image",
    ["C:\\Windows\\System32\\svchost.exe", "\\Device\\HarddiskVolume4\\VMware Tools\\vmtoolsd.exe", "-", ""],
)
def test_the_time_service_and_virtual_machines_say_nothing(tmp_path: Path, image: str) -> None:
    assert heard(tmp_path, clock_was_set, clock_change=[change(-1440, image)]).findings == ()


@pytest.mark.parametrize(("minutes", "found"), [(5, 0), (-5, 0), (5.1, 1), (-5.1, 1)])
def test_a_small_correction_says_nothing(tmp_path: Path, minutes: float, found: int) -> None:
    assert len(heard(tmp_path, clock_was_set, clock_change=[change(minutes)]).findings) == found


@pytest.mark.parametrize(
    ("log", "row"),
    [
        ("windows_security_time_changed", {"PreviousTime": "2026-03-04T12:00:00.000941900Z"}),
        ("windows_system_time_changed", {"OldTime": "2026-03-04T12:00:00.000941900Z"}),
    ],
)
def test_both_events_of_windows_tell_of_it(tmp_path: Path, log: str, row: dict[str, object]) -> None:
    given = {**row, "Computer": "pc1", "NewTime": "2026-03-03T12:00:00.0000000Z", "ProcessName": "a.exe"}
    store = store_of(tmp_path / "store", catalogue(), {log: [given]})
    with Local(store, catalogue(), 200 << 20, tmp_path / "temp") as local:
        (found,) = local.query(
            "SELECT host, image, new_time - old_time AS moved FROM clock_change"
        ).to_pylist()
    assert found == {"host": "pc1", "image": "a.exe", "moved": -86_400_000_941}

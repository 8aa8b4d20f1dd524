"""One machine turns to many."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.administration_fan_out import administration_fan_out
from tests.detection.behaviours.flows import flow
from tests.detection.behaviours.told import heard


def turned(day: float, many: int, state: str = "SF", port: int = 445) -> list[dict[str, object]]:
    return [flow(day + n / 1000, "10.0.0.1", f"10.0.1.{n}", port, state=state) for n in range(many)]


def test_many_within_an_hour_are_found_answered_or_not(tmp_path: Path) -> None:
    rows = [*turned(1, 2), *turned(5, 8), *turned(5.01, 3, "REJ", 139)]
    (found,) = heard(tmp_path, administration_fan_out, network_flow=rows).findings
    assert found.because == (
        "10.0.0.1 turned to 8 machines by SMB within an hour from 2026-03-07T00:00:00Z and "
        "reached 8 of them; on "
        "other days it turned to 2 in its widest hour."
    )


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (turned(5, 8, "S0"), 1),
        (turned(5, 7), 0),
        ([*turned(1, 3), *turned(5, 8)], 0),
        (turned(5, 9, port=443), 0),
    ],
    ids=["nobody answered", "seven", "as on another day", "no administration"],
)
def test_just_beside_the_thresholds(tmp_path: Path, rows: list[dict[str, object]], found: int) -> None:
    assert len(heard(tmp_path, administration_fan_out, network_flow=rows).findings) == found

"""Many connections at once to one address."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.many_streams_at_once import many_streams_at_once
from tests.detection.behaviours.flows import flow
from tests.detection.behaviours.told import heard

PC = "10.0.0.5"
SECOND = 1 / 86400


def streams(n: int, apart: float = 1, lasts: float = 60, out: float = 20) -> list[dict[str, object]]:
    """Connections that begin so many seconds after each other and last so long."""
    return [
        flow(1 + i * apart * SECOND, PC, out=out, source_port=50000 + i, duration=lasts) for i in range(n)
    ]


def test_many_open_at_once_are_found(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, many_streams_at_once, network_flow=streams(6)).findings
    assert found.because == (
        "10.0.0.5 sent 120 MB to 203.0.113.9 over up to 6 connections that were open at the "
        "same time (6 in all); "
        "1 machines send to it."
    )
    assert len(found.places) == 6


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (streams(5), 1),
        (streams(4), 0),
        (streams(8, apart=60), 0),
        (streams(50, out=0.9), 0),
        (streams(5, out=9), 0),
    ],
    ids=["five", "four", "one after another", "small ones", "too little in all"],
)
def test_just_beside_the_thresholds(tmp_path: Path, rows: list[dict[str, object]], found: int) -> None:
    assert len(heard(tmp_path, many_streams_at_once, network_flow=rows).findings) == found


def test_copies_within_the_house_say_nothing(tmp_path: Path) -> None:
    rows = [{**row, "destination_address": "10.0.0.9"} for row in streams(9)]
    assert heard(tmp_path, many_streams_at_once, network_flow=rows).findings == ()

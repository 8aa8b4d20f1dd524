"""From one machine to a second, and from there to a third."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.administration_chain import administration_chain
from sakimori.findings import Subject
from tests.detection.behaviours.flows import flow
from tests.detection.behaviours.told import heard

HOUR = 1 / 24


def fortnight(*extra: dict[str, object]) -> list[dict[str, object]]:
    return [*(flow(day + 0.4, f"10.0.0.{n}") for day in range(10) for n in range(5)), *extra]


def chain(apart: float, day: float = 5) -> list[dict[str, object]]:
    first = flow(day, "10.0.0.1", "10.0.0.2", 3389)
    return fortnight(first, flow(day + apart * HOUR, "10.0.0.2", "10.0.0.3", 22))


def test_a_chain_is_found_with_all_three(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, administration_chain, network_flow=chain(1.5)).findings
    assert found.because == (
        "10.0.0.1 reached 10.0.0.2 by RDP for the first time, and 1.5 hours later 10.0.0.2 "
        "reached 10.0.0.3 by SSH "
        "(port 22), which it never did before, either."
    )
    assert {s.value for s in found.subjects} == {"10.0.0.1", "10.0.0.2", "10.0.0.3"}
    assert found.subjects[0] == Subject("address", "10.0.0.2")


@pytest.mark.parametrize(
    ("rows", "found"),
    [(chain(71), 1), (chain(73), 0), (chain(-1), 0), (chain(1, day=2.5), 0)],
    ids=["within three days", "later", "the other way round", "while everything is new"],
)
def test_just_beside_the_thresholds(tmp_path: Path, rows: list[dict[str, object]], found: int) -> None:
    assert len(heard(tmp_path, administration_chain, network_flow=rows).findings) == found


def test_there_and_back_is_no_chain(tmp_path: Path) -> None:
    rows = fortnight(flow(5, "10.0.0.1", "10.0.0.2", 22), flow(5.1, "10.0.0.2", "10.0.0.1", 22))
    assert heard(tmp_path, administration_chain, network_flow=rows).findings == ()

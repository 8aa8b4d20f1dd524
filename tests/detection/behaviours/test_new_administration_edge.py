"""A machine administers another for the first time."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.new_administration_edge import new_administration_edge
from tests.detection.behaviours.flows import flow
from tests.detection.behaviours.told import heard


def fortnight(*extra: dict[str, object]) -> list[dict[str, object]]:
    """Machines that call out every day."""
    return [*(flow(day + 0.4, f"10.0.0.{n}") for day in range(10) for n in range(10)), *extra]


def test_a_new_way_of_administration_is_found(tmp_path: Path) -> None:
    rows = fortnight(flow(6, "10.0.0.1", "10.0.0.2", 3389))
    (found,) = heard(tmp_path, new_administration_edge, network_flow=rows).findings
    assert found.because == (
        "10.0.0.1 reached 10.0.0.2 by RDP (port 3389) for the first time on "
        "2026-03-08T00:00:00Z, 1 connections; in "
        "5 days before, 10.0.0.1 reached 0 other machines by RDP, and 0 machines reached 10.0.0.2 so."
    )
    assert len(found.places) == 1


@pytest.mark.parametrize(
    "extra",
    [
        [flow(1, "10.0.0.1", "10.0.0.2", 3389), flow(6, "10.0.0.1", "10.0.0.2", 3389)],
        [flow(6, "10.0.0.1", "10.0.0.2", 3389, state="REJ")],
        [flow(6, "10.0.0.1", "10.0.0.2", 8080)],
        [flow(6, "10.0.0.1", "203.0.113.2", 22)],
        [flow(6, "10.0.0.99", "10.0.0.2", 22)],
        [flow(3.2, "10.0.0.1", "10.0.0.2", 22)],
    ],
    ids=["known", "refused", "another port", "outside", "a new machine", "the first days"],
)
def test_what_is_known_or_does_not_arrive_says_nothing(
    tmp_path: Path, extra: list[dict[str, object]]
) -> None:
    assert heard(tmp_path, new_administration_edge, network_flow=fortnight(*extra)).findings == ()


@pytest.mark.parametrize(("others", "found"), [(4, 1), (5, 0)])
def test_a_jump_host_is_learned(tmp_path: Path, others: int, found: int) -> None:
    past = [flow(1, "10.0.0.1", f"10.0.0.{3 + n}", 22) for n in range(others)]
    rows = fortnight(*past, flow(6, "10.0.0.1", "10.0.0.2", 22))
    assert len(heard(tmp_path, new_administration_edge, network_flow=rows).findings) == found


@pytest.mark.parametrize(("clients", "found"), [(2, 1), (3, 0)])
def test_a_file_server_is_learned(tmp_path: Path, clients: int, found: int) -> None:
    past = [flow(1, f"10.0.0.{3 + n}", "10.0.0.2", 445) for n in range(clients)]
    rows = fortnight(*past, flow(6, "10.0.0.1", "10.0.0.2", 445))
    assert len(heard(tmp_path, new_administration_edge, network_flow=rows).findings) == found


def test_in_short_evidence_the_records_cannot_tell(tmp_path: Path) -> None:
    said = heard(
        tmp_path,
        new_administration_edge,
        network_flow=[flow(0, "10.0.0.1", "10.0.0.2", 22), flow(2, "10.0.0.1")],
    )
    assert (said.findings, [note.kind for note in said.notes]) == ((), ["cannot tell"])

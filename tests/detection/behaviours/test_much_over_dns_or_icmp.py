"""Bytes by ways meant for questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.much_over_dns_or_icmp import much_over_dns_or_icmp
from tests.detection.behaviours.flows import OUT, flow
from tests.detection.behaviours.told import heard

PC = "10.0.0.5"


def asked(out: float, other: float = 0.1, clients: int = 0) -> list[dict[str, object]]:
    rows = [
        flow(1.5, PC, OUT, 53, out=out, protocol="udp"),
        flow(1.5, "10.0.0.6", OUT, 53, out=other, protocol="udp"),
    ]
    return rows + [flow(1, f"10.0.2.{n}", PC, 53, protocol="udp") for n in range(clients)]


def test_much_by_dns_to_a_server_outside_is_found(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, much_over_dns_or_icmp, network_flow=asked(7)).findings
    assert found.because == (
        "10.0.0.5 sent 7.0 MB by DNS to 203.0.113.9 on this day (1 connections, 7000000 bytes "
        "each); the next "
        "largest of 2 machines sent 0.1 MB by DNS."
    )


@pytest.mark.parametrize(
    ("out", "other", "clients", "found"),
    [(5, 0.9, 0, 1), (4.9, 0.1, 0, 0), (5, 1.1, 0, 0), (7, 0.1, 2, 1), (7, 0.1, 3, 0)],
)
def test_just_beside_the_thresholds(
    tmp_path: Path, out: float, other: float, clients: int, found: int
) -> None:
    rows = asked(out, other, clients)
    assert len(heard(tmp_path, much_over_dns_or_icmp, network_flow=rows).findings) == found


@pytest.mark.parametrize(("out", "found"), [(1.1, 1), (0.9, 0)])
def test_icmp_has_a_lower_floor(tmp_path: Path, out: float, found: int) -> None:
    rows = [flow(1, PC, OUT, 0, out=out, protocol="icmp")]
    assert len(heard(tmp_path, much_over_dns_or_icmp, network_flow=rows).findings) == found

"""Names that carry data."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sakimori.detection.behaviours.dns_tunnel import dns_tunnel
from sakimori.findings import Subject
from tests.detection.behaviours.flows import flow, lookup
from tests.detection.behaviours.told import heard

PC = "10.0.0.5"


def label(n: int, size: int = 40) -> str:
    """An inert stand-in for a carried piece: digits of a hash of its number."""
    return hashlib.sha256(str(n).encode()).hexdigest()[:size]


def tunnel(n: int, size: int = 40, host: str = PC, **more: object) -> list[dict[str, object]]:
    facts = {"query_type": "TXT", "response_code": "NXDOMAIN", **more}
    return [lookup(1 + i / 10000, host, f"{label(i, size)}.t.example.com", **facts) for i in range(n)]


def test_many_random_names_for_roomy_types_are_found(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, dns_tunnel, dns_query=tunnel(60)).findings
    assert found.because.startswith(
        "10.0.0.5 asked for 60 different names under t.example.com on this day, of 40 characters and 3."
    )
    assert found.because.endswith(
        "100% for types that carry much, 100% without an answer, 0% of those answered were never called. "
        "1 machines ask for names there."
    )
    assert found.subjects[:2] == (Subject("address", PC), Subject("domain", "t.example.com"))
    assert found.count == 60


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (tunnel(50), 1),
        (tunnel(49), 0),
        (tunnel(60, size=18), 0),
        (tunnel(60, response_code="NOERROR"), 0),
        (tunnel(200, response_code="NOERROR"), 1),
        ([row for n in range(3) for row in tunnel(60, host=f"10.0.0.{n}")], 0),
        (
            [
                lookup(1, PC, f"the.quite.ordinary.host.number.aaaaaaaaa{'a' * i}.example.com")
                for i in range(60)
            ],
            0,
        ),
    ],
    ids=["fifty", "forty-nine", "short", "one sign", "many names", "everybody's", "no entropy"],
)
def test_just_beside_the_thresholds(tmp_path: Path, rows: list[dict[str, object]], found: int) -> None:
    assert len(heard(tmp_path, dns_tunnel, dns_query=rows).findings) == found


@pytest.mark.parametrize(("called", "found"), [(False, 1), (True, 0)])
def test_answers_that_nobody_calls_are_a_sign(tmp_path: Path, called: bool, found: int) -> None:
    rows = [
        lookup(1 + i / 10000, PC, f"{label(i)}.t.example.com", f"203.0.113.{i}", query_type="TXT")
        for i in range(60)
    ]
    flows = [flow(1.5, PC, f"203.0.113.{i}" if called else "198.51.100.1") for i in range(60)]
    assert len(heard(tmp_path, dns_tunnel, dns_query=rows, network_flow=flows).findings) == found


def test_reverse_lookups_are_no_tunnel(tmp_path: Path) -> None:
    rows = [
        lookup(1, PC, f"{'.'.join(label(i, 24))}.ip6.arpa", query_type="PTR", response_code="NXDOMAIN")
        for i in range(300)
    ]
    assert heard(tmp_path, dns_tunnel, dns_query=rows).findings == ()

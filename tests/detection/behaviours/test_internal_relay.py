"""What comes into a machine leaves it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.internal_relay import internal_relay
from tests.detection.behaviours.flows import OUT, flow
from tests.detection.behaviours.told import heard

HOUR = 1 / 24
SIGNING, RELAY = "10.0.4.1", "10.0.0.2"


def relayed(hours: int, out: float = 0.2, back: float = 0.1, ratio: float = 1.0) -> list[dict[str, object]]:
    """A machine that may not go out speaks by way of another, an amount a little different each hour."""
    rows = []
    for n in range(hours):
        sent = out + n / 100
        rows.append(flow(1 + n * HOUR, SIGNING, RELAY, 8080, out=sent, back=back))
        rows.append(flow(1 + n * HOUR, RELAY, OUT, 443, out=sent * ratio, back=back))
    return rows


def test_the_same_bytes_in_and_out_are_found(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, internal_relay, network_flow=relayed(4)).findings
    assert found.because == (
        "What 10.0.4.1 exchanged with 10.0.0.2 on port 8080, 10.0.0.2 exchanged with "
        "203.0.113.9 on port 443: in 4 "
        "hours the bytes were the same both ways, 1 MB in all; 1 machines use that entrance."
    )
    assert len(found.places) == 4


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (relayed(3), 1),
        (relayed(2), 0),
        (relayed(1, out=12), 1),
        (relayed(4, ratio=1.1), 0),
        (relayed(4, out=0.02, back=0.01), 0),
        ([*relayed(4), *(flow(1, f"10.0.0.{n}", RELAY, 8080) for n in (7, 8))], 0),
    ],
    ids=["three hours", "two hours", "one large hour", "a tenth more", "small talk", "a proxy"],
)
def test_just_beside_the_thresholds(tmp_path: Path, rows: list[dict[str, object]], found: int) -> None:
    assert len(heard(tmp_path, internal_relay, network_flow=rows).findings) == found

"""Much was sent in small daily portions."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.sent_little_on_many_days import sent_little_on_many_days
from tests.detection.behaviours.flows import flow
from tests.detection.behaviours.told import heard

PC = "10.0.0.5"


def portions(days: int, each: float, back: float = 0.1, hosts: int = 1) -> list[dict[str, object]]:
    return [flow(n + 0.5, f"10.0.0.{5 + h}", out=each, back=back) for n in range(days) for h in range(hosts)]


def test_small_portions_that_come_to_much_are_found(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, sent_little_on_many_days, network_flow=portions(8, 20)).findings
    assert found.because == (
        "10.0.0.5 sent 160 MB to 203.0.113.9 over 8 days, at most 20 MB on any of them, and fetched 0 MB; "
        "1 of 1 machines send to it."
    )
    assert len(found.places) == 8


@pytest.mark.parametrize(
    ("days", "each", "back", "hosts", "found"),
    [(5, 20, 0.1, 1, 1), (4, 26, 0.1, 1, 0), (5, 19, 0.1, 1, 0), (5, 51, 0.1, 1, 0), (5, 30, 10, 1, 1),
     (5, 30, 11, 1, 0), (5, 20, 0.1, 2, 2), (5, 20, 0.1, 3, 0)],
)  # fmt: skip
def test_just_beside_the_thresholds(
    tmp_path: Path, days: int, each: float, back: float, hosts: int, found: int
) -> None:
    rows = portions(days, each, back, hosts)
    assert len(heard(tmp_path, sent_little_on_many_days, network_flow=rows).findings) == found

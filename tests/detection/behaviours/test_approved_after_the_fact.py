"""A release that came after the money had gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.approved_after_the_fact import approved_after_the_fact
from sakimori.detection.run_behaviours import Heard
from sakimori.findings import Subject
from tests.detection.behaviours.payments import Row, ordinary, stage
from tests.detection.behaviours.told import heard


def said(tmp_path: Path, *rows: Row, life: tuple[str, ...] = ("approved", "sent")) -> Heard:
    return heard(tmp_path, approved_after_the_fact, payment=[*ordinary(*life), *rows])


def test_an_approval_of_the_next_day_is_found(tmp_path: Path) -> None:
    (found,) = said(tmp_path, stage(10.0, "sent", "T1"), stage(11.0, "approved", "T1")).findings
    assert found.because == (
        "swift has 1000 USD to C1 under T1 on 2026-03-12T00:00:00Z; mei approved it only 24 hours later."
    )
    assert Subject("account", "mei") in found.subjects


def test_an_ordinary_month_says_nothing(tmp_path: Path) -> None:
    assert said(tmp_path).findings == ()


@pytest.mark.parametrize(
    "rows",
    [
        [stage(10.0, "sent", "T1"), stage(10.5, "approved", "T1")],
        [stage(9.9, "approved", "T1"), stage(10.0, "sent", "T1"), stage(11.0, "approved", "T1")],
        [stage(10.0, "sent", "T1"), stage(11.0, "approved", "T1", creditor="C2")],
    ],
    ids=["twelve hours", "approved before too", "another payment"],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, rows: list[Row]) -> None:
    assert said(tmp_path, *rows).findings == ()


def test_a_house_that_always_does_so_says_nothing(tmp_path: Path) -> None:
    rows = [stage(day, "sent", f"L{day}", system="late") for day in range(9)]
    rows += [stage(day + 1, "approved", f"L{day}") for day in range(9)]
    assert said(tmp_path, *rows).findings == ()

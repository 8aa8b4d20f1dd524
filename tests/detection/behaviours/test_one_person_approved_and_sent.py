"""Two pairs of eyes that are one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.one_person_approved_and_sent import one_person_approved_and_sent
from sakimori.detection.run_behaviours import Heard
from sakimori.findings import Subject
from tests.detection.behaviours.payments import Row, ordinary, stage
from tests.detection.behaviours.told import heard


def said(tmp_path: Path, *rows: Row) -> Heard:
    life = ordinary("approved", "sent")
    return heard(tmp_path, one_person_approved_and_sent, payment=[*life, *rows])


def pair(approver: str | None, sender: str | None, more: Row | None = None) -> list[Row]:
    rows = [stage(10.0, "approved", "T1", account=approver), stage(10.1, "sent", "T1", account=sender)]
    return [*rows, more] if more else rows


def test_one_person_on_both_sides_is_found(tmp_path: Path) -> None:
    (found,) = said(tmp_path, *pair("Ken", "ken")).findings
    assert found.because == (
        "ken both approved and sent 1000 USD to C1 under T1 on 2026-03-12T02:24:00Z; of this system's "
        "payments 5% are so."
    )
    assert found.subjects[0] == Subject("account", "ken")


def test_an_ordinary_month_says_nothing(tmp_path: Path) -> None:
    assert said(tmp_path).findings == ()


@pytest.mark.parametrize(
    "rows",
    [
        pair("mei", "ken"),
        pair(None, "ken"),
        pair("ken", None),
        pair("ken", "ken", stage(10.05, "approved", "T1", account="mei")),
    ],
    ids=["two persons", "approver not named", "sender not named", "a second approval"],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, rows: list[Row]) -> None:
    assert said(tmp_path, *rows).findings == ()


def test_where_one_person_is_the_rule_nothing_is_said(tmp_path: Path) -> None:
    shop = {"system": "shop", "account": "aya"}
    rows = [stage(day, "approved", f"L{day}", **shop) for day in range(9)]
    rows += [stage(day, "sent", f"L{day}", **shop) for day in range(9)]
    assert said(tmp_path, *rows).findings == ()

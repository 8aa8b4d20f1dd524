"""Coins that left without a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.withdrawal_without_approval import withdrawal_without_approval
from sakimori.detection.run_behaviours import Heard
from tests.detection.behaviours.payments import Row, stage
from tests.detection.behaviours.told import heard

COIN = {"system": "cold wallet", "currency": "ETH", "debtor": "0xhouse"}


def coins(day: float, name: str, reference: str | None, **more: object) -> Row:
    return stage(day, name, reference, **{**COIN, **more})


def ordinary() -> list[Row]:
    rows = []
    for day in range(20):
        rows += [coins(day + 0.4, "approved", f"R{day}"), coins(day + 0.5, "withdrawn", f"R{day}")]
    return rows


THEFT = coins(10.6, "withdrawn", "0xhash", amount="401346.768858404", creditor="0xthief")


def said(tmp_path: Path, *rows: Row) -> Heard:
    return heard(tmp_path, withdrawal_without_approval, payment=[*ordinary(), *rows])


def test_a_withdrawal_nobody_approved_is_found(tmp_path: Path) -> None:
    (found,) = said(tmp_path, THEFT).findings
    assert found.because == (
        "401346.768858404 ETH left 0xhouse for 0xthief on 2026-03-12T14:24:00Z (cold wallet, 0xhash), and no "
        "approval of it is on record."
    )


def test_an_approval_of_the_reference_for_another_address_is_none(tmp_path: Path) -> None:
    assert len(said(tmp_path, THEFT, coins(10.5, "approved", "0xhash", creditor="0xcustomer")).findings) == 1


def test_ordinary_withdrawals_say_nothing(tmp_path: Path) -> None:
    everything = said(tmp_path)
    assert (everything.findings, everything.notes) == ((), ())


@pytest.mark.parametrize(
    "beside",
    [
        coins(9.0, "approved", "R99", amount="401346.768858404", creditor="0xThief"),
        coins(11.1, "approved", "0xhash", amount="401346.768858404", creditor="0xthief"),
        coins(10.7, "reversed", "0xhash"),
    ],
    ids=["under another name", "in another time zone", "reversed"],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, beside: Row) -> None:
    assert said(tmp_path, THEFT, beside).findings == ()


def test_without_approvals_the_records_cannot_tell(tmp_path: Path) -> None:
    heard_ = heard(tmp_path, withdrawal_without_approval, payment=[THEFT])
    assert (heard_.findings, [note.kind for note in heard_.notes]) == ((), ["cannot tell"])

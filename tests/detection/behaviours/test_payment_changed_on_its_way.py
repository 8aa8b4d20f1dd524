"""One reference, two payments."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.payment_changed_on_its_way import payment_changed_on_its_way
from sakimori.detection.run_behaviours import Heard
from tests.detection.behaviours.payments import Row, ordinary, stage
from tests.detection.behaviours.told import heard


def said(tmp_path: Path, *rows: Row) -> Heard:
    life = ordinary("approved", "booked", "sent")
    return heard(tmp_path, payment_changed_on_its_way, payment=[*life, *rows])


def test_a_payment_that_goes_to_another_account_than_was_approved_is_found(tmp_path: Path) -> None:
    rows = [stage(10.4, "approved", "T1"), stage(10.5, "sent", "T1", amount="9000.5", creditor="C9")]
    (found,) = said(tmp_path, *rows).findings
    assert found.because == (
        "swift has T1 as 9000.5 USD to C9 on 2026-03-12T12:00:00Z; earlier, as approved, it was 1000 USD "
        "to C1."
    )


@pytest.mark.parametrize(
    "change", [{"amount": "1000.01"}, {"currency": "EUR"}, {"creditor": "C2"}], ids=lambda c: next(iter(c))
)
def test_each_of_amount_currency_and_creditor_counts(tmp_path: Path, change: Row) -> None:
    rows = [stage(10.4, "approved", "T1"), stage(10.5, "sent", "T1", **change)]
    assert len(said(tmp_path, *rows).findings) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [stage(10.4, "approved", "T1"), stage(10.5, "sent", "T1")],
        [stage(10.4, "approved", "T1", creditor="c 1", currency="usd"), stage(10.5, "sent", "T1")],
        [stage(10.4, "approved", "T1", creditor=None), stage(10.5, "sent", "T1", creditor="C9")],
        [stage(2.0, "approved", "T1", amount="7"), stage(10.5, "sent", "T1")],
        [
            stage(9.4, "approved", "T1", amount="7"),
            stage(10.4, "approved", "T1"),
            stage(10.5, "sent", "T1"),
        ],
        [
            stage(10.4, "approved", "T1"),
            stage(10.5, "sent", "T1", amount="7"),
            stage(10.6, "reversed", "T1"),
        ],
    ],
    ids=["same", "written otherwise", "not said", "an old one", "reference used again", "reversed"],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, rows: list[Row]) -> None:
    everything = said(tmp_path, *rows)
    assert (everything.findings, everything.notes) == ((), ())


def test_where_stages_seldom_agree_the_records_cannot_tell(tmp_path: Path) -> None:
    rows = [stage(day, "sent", f"K{day}", system="fees", amount="990") for day in range(5)]
    rows += [stage(day - 0.1, "approved", f"K{day}") for day in range(5)]
    heard_ = said(tmp_path, *rows)
    assert (heard_.findings, [note.kind for note in heard_.notes]) == ((), ["cannot tell"])

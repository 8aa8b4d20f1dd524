"""Messages the core knows nothing of."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.sent_but_never_booked import sent_but_never_booked
from sakimori.detection.run_behaviours import Heard
from tests.detection.behaviours.payments import Row, ordinary, stage
from tests.detection.behaviours.told import heard

THEFT = stage(10.9, "sent", "T1", amount="20000000", creditor="C9", account="night")


def said(tmp_path: Path, *rows: Row, life: tuple[str, ...] = ("booked", "sent")) -> Heard:
    return heard(tmp_path, sent_but_never_booked, payment=[*ordinary(*life), *rows])


def test_a_message_without_a_booking_is_found(tmp_path: Path) -> None:
    (found,) = said(tmp_path, THEFT).findings
    assert found.because == (
        "swift sent 20000000 USD to C9 under T1 on 2026-03-12T21:36:00Z; the core has no booking of that "
        "reference."
    )


def test_an_ordinary_month_says_nothing(tmp_path: Path) -> None:
    everything = said(tmp_path)
    assert (everything.findings, everything.notes) == ((), ())


@pytest.mark.parametrize(
    "beside", [stage(13.0, "booked", "T1"), stage(10.95, "reversed", "T1")], ids=["booked later", "reversed"]
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, beside: Row) -> None:
    assert said(tmp_path, THEFT, beside).findings == ()


def test_without_bookings_the_records_cannot_tell(tmp_path: Path) -> None:
    heard_ = said(tmp_path, life=("approved", "sent"))
    assert (heard_.findings, [note.kind for note in heard_.notes]) == ((), ["cannot tell"])

"""Payments without an approval, and all that only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.sent_without_approval import sent_without_approval
from sakimori.detection.run_behaviours import Heard
from sakimori.findings import Place, Subject
from tests.detection.behaviours.payments import Row, ordinary, stage
from tests.detection.behaviours.told import heard

THEFT = stage(10.9, "sent", "T1", amount="20000000", creditor="C9", account="night")


def said(tmp_path: Path, *rows: Row, life: tuple[str, ...] = ("approved", "sent")) -> Heard:
    return heard(tmp_path, sent_without_approval, payment=[*ordinary(*life), *rows])


def test_a_message_at_night_that_nobody_approved_is_found(tmp_path: Path) -> None:
    (found,) = said(tmp_path, THEFT).findings
    assert found.because == (
        "swift has 20000000 USD to C9 under T1, on 2026-03-12T21:36:00Z, and no approval of that reference "
        "is on record in the days before."
    )
    assert found.subjects == (Subject("service", "swift"), Subject("account", "night"))
    assert found.places == (Place("evidence.json", 41, 4000),)


def test_thirty_five_messages_of_one_night_are_one_finding(tmp_path: Path) -> None:
    rows = [stage(10.9 + n / 2000, "sent", f"T{n}", creditor=f"C{n}") for n in range(35)]
    (found,) = said(tmp_path, *rows).findings
    assert (found.count, len(found.places)) == (35, 35)


def test_an_ordinary_month_says_nothing(tmp_path: Path) -> None:
    everything = said(tmp_path, life=("requested", "approved", "booked", "sent"))
    assert (everything.findings, everything.notes) == ((), ())


@pytest.mark.parametrize(
    "beside",
    [
        [stage(6.0, "approved", "T1")],
        [stage(10.8, "approved", " t 1 ")],
        [stage(11.4, "approved", "T1")],
        [stage(10.95, "reversed", "T1")],
        [stage(10.8, "approved", "T1"), stage(10.85, "sent", "T1")],
    ],
    ids=["approved days before", "written otherwise", "in another time zone", "reversed", "sent twice"],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, beside: list[Row]) -> None:
    assert said(tmp_path, THEFT, *beside).findings == ()


def test_a_refused_message_is_none(tmp_path: Path) -> None:
    assert said(tmp_path, {**THEFT, "result": "Rejected"}).findings == ()


def test_an_approval_of_last_month_under_the_same_reference_is_none(tmp_path: Path) -> None:
    assert len(said(tmp_path, THEFT, stage(1.0, "approved", "T1")).findings) == 1


@pytest.mark.parametrize("day", [0.5, 25.0], ids=["first day", "after the last approval"])
def test_at_the_edges_of_the_approvals_the_records_cannot_tell(tmp_path: Path, day: float) -> None:
    heard_ = said(tmp_path, stage(day, "sent", "T1"))
    assert (heard_.findings, [note.kind for note in heard_.notes]) == ((), ["cannot tell"])


def test_in_a_hole_of_the_approvals_the_records_cannot_tell(tmp_path: Path) -> None:
    rows = [
        row for row in ordinary("approved", "sent") if row["stage"] == "sent" or not 5 <= day_of(row) < 15
    ]
    heard_ = heard(tmp_path, sent_without_approval, payment=rows)
    assert {note.kind for note in heard_.notes} == {"cannot tell"}
    assert [f.first_seen for f in heard_.findings] == []


def day_of(row: Row) -> int:
    return int(str(row["reference"])[1:])


def test_without_approvals_the_records_cannot_tell(tmp_path: Path) -> None:
    heard_ = said(tmp_path, life=("sent",))
    assert [(note.kind, note.subjects) for note in heard_.notes] == [
        ("cannot tell", (Subject("service", "swift"),))
    ]


def test_a_system_of_which_the_evidence_has_no_approvals_cannot_be_judged(tmp_path: Path) -> None:
    cards = [stage(day + 0.5, "sent", f"K{day}", system="cards") for day in range(3, 15)]
    heard_ = said(tmp_path, *cards)
    assert (heard_.findings, heard_.notes[0].subjects) == ((), (Subject("service", "cards"),))


def test_what_everything_is_called_by_is_no_reference(tmp_path: Path) -> None:
    rows = [stage(10 + n / 5000, "sent", "N/A") for n in range(1001)]
    assert said(tmp_path, *rows).findings == ()

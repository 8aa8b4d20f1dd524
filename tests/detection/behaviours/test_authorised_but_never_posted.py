"""Cash given out on a yes the core never gave."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.authorised_but_never_posted import authorised_but_never_posted
from sakimori.detection.run_behaviours import Heard
from sakimori.findings import Subject
from tests.detection.behaviours.payments import Row, stage
from tests.detection.behaviours.told import heard


def cash(day: float, reference: str | None, **more: object) -> Row:
    told = {"system": "switch", "creditor": None, "account": None, "debtor": "card1", "channel": "ATM1"}
    return stage(day, "authorised", reference, **{**told, **more})


def posting(day: float, reference: str | None, **more: object) -> Row:
    return stage(day, "posted", reference, **{"creditor": None, "account": None, "debtor": "card1", **more})


def ordinary() -> list[Row]:
    rows = []
    for n in range(120):
        rows += [cash(n / 24, f"A{n}"), posting(n / 24 + 0.01, f"A{n}")]
    return rows


def raid(count: int, terminals: int = 5, result: str = "00") -> list[Row]:
    """Withdrawals within minutes, one terminal after another."""
    return [
        cash(3.05 + n / 2000, f"T{n}", channel=f"ATM{n % terminals}", debtor="card9", result=result)
        for n in range(count)
    ]


def said(tmp_path: Path, *rows: Row) -> Heard:
    return heard(tmp_path, authorised_but_never_posted, payment=[*ordinary(), *rows])


def test_a_raid_over_many_terminals_is_found(tmp_path: Path) -> None:
    (found,) = said(tmp_path, *raid(10)).findings
    assert found.because == (
        "switch authorised 10 withdrawals of card9 between 2026-03-05T01:12:00Z and "
        "2026-03-05T01:18:28.800000Z that the core never posted; within the hour there were 10 such at 5 "
        "terminals."
    )
    assert found.subjects == (Subject("service", "switch"), Subject("account", "card9"))
    assert len(found.places) == 10


def test_ordinary_days_say_nothing(tmp_path: Path) -> None:
    everything = said(tmp_path)
    assert everything.findings == ()


@pytest.mark.parametrize(
    "rows",
    [
        raid(2),
        raid(10, terminals=1),
        raid(10, result="51"),
        [*raid(10), *(posting(4.5, f"T{n}") for n in range(10))],
        [*raid(10), *(stage(3.1, "reversed", f"T{n}") for n in range(10))],
    ],
    ids=["two breaks", "one terminal", "declined", "posted next day", "reversed"],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, rows: list[Row]) -> None:
    assert said(tmp_path, *rows).findings == ()


def test_without_postings_the_records_cannot_tell(tmp_path: Path) -> None:
    heard_ = heard(tmp_path, authorised_but_never_posted, payment=raid(10))
    assert (heard_.findings, [note.kind for note in heard_.notes]) == ((), ["cannot tell"])


def test_after_the_last_posting_the_records_cannot_tell(tmp_path: Path) -> None:
    late = [{**row, "When": stage(6.0, "x", None)["When"]} for row in raid(10)]
    assert said(tmp_path, *late).findings == ()

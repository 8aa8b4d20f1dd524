"""A further factor, added from where the account never was."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.factor_from_new_place import factor_from_new_place
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

HOME, AWAY = "203.0.113.9", "198.51.100.77"


def signed(day: float, address: str) -> dict[str, object]:
    return at(day, account="mei@example.com", source_address=address, result="success")


def added(day: float, **more: object) -> dict[str, object]:
    row = {"account": "mei@example.com", "target": "mei@example.com", "action": "user.mfa.factor.activate",
           "source_address": AWAY, "result": "success"}  # fmt: skip
    return at(day, **{**row, **more})


LIFE = [signed(day, HOME) for day in range(4)]


def test_a_factor_added_an_hour_after_the_first_sign_in_there_is_found(tmp_path: Path) -> None:
    found = heard(
        tmp_path, factor_from_new_place, sign_in=[*LIFE, signed(4, AWAY)], account_change=[added(4 + 1 / 24)]
    ).findings
    assert [one.because for one in found] == [
        "mei@example.com added or changed a way to confirm sign-ins (user.mfa.factor.activate) from "
        f"{AWAY}, a network that account was first met in 1.0 hours before."
    ]
    assert found[0].subjects == (Subject("account", "example\\mei"), Subject("address", AWAY))


@pytest.mark.parametrize(
    "change",
    [
        added(4.1, source_address=HOME),
        added(4.1, action="user.mfa.factor.deactivate"),
        added(4.1, result="failure"),
        added(4.1, account="admin@example.com"),
        added(4.1, action="user.account.update_profile"),
        added(6),
    ],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, change: dict[str, object]) -> None:
    rows = [*LIFE, signed(4, AWAY)]
    assert heard(tmp_path, factor_from_new_place, sign_in=rows, account_change=[change]).findings == ()


def test_in_an_accounts_first_days_every_place_is_new(tmp_path: Path) -> None:
    rows = [*LIFE[:2], signed(4, AWAY)]
    assert heard(tmp_path, factor_from_new_place, sign_in=rows, account_change=[added(4.1)]).findings == ()

"""One device, several people."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.device_of_many_accounts import device_of_many_accounts
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard


def signed(who: str, device: str, result: str = "success") -> dict[str, object]:
    return at(0, account=f"{who}@example.com", device=device, result=result)


LIFE = [signed(f"p{n}", f"laptop{n}") for n in range(40)]


def test_three_accounts_with_one_device_are_found(tmp_path: Path) -> None:
    rows = [*LIFE, *(signed(who, "farm1") for who in ("aoi", "ken", "rei"))]
    (found,) = heard(tmp_path, device_of_many_accounts, sign_in=rows).findings
    assert found.because == (
        "3 accounts signed in with the device farm1, among them aoi@example.com; 40 of 41 devices are used "
        "by one account."
    )
    assert found.subjects[0] == Subject("host", "farm1")


@pytest.mark.parametrize(
    "rows",
    [
        [*LIFE, *(signed(who, "home") for who in ("aoi", "ken"))],
        [*LIFE, *(signed(f"k{n}", "kiosk") for n in range(6))],
        [*LIFE, *(signed(who, "farm1", "failure") for who in ("aoi", "ken", "rei"))],
        [*LIFE[:10], *(signed(who, "farm1") for who in ("aoi", "ken", "rei"))],
    ],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    assert heard(tmp_path, device_of_many_accounts, sign_in=rows).findings == ()

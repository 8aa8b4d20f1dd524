"""Repositories copied by the dozen."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.repositories_copied_at_once import repositories_copied_at_once
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

MINUTE = 1 / 1440


def copies(day: float, many: int, **more: object) -> list[dict[str, object]]:
    row = {"account": "mei-gh", "source_address": "198.51.100.7", "action": "git.clone"}
    return [at(day + n * MINUTE, **{**row, "repository": f"example/r{n}", **more}) for n in range(many)]


def test_eight_in_an_hour_by_one_who_copies_one_a_day_is_found(tmp_path: Path) -> None:
    rows = [*copies(0, 1), *copies(1, 2), *copies(3, 8)]
    (found,) = heard(tmp_path, repositories_copied_at_once, repository_event=rows).findings
    assert found.because == (
        "mei-gh copied 8 repositories within an hour from 198.51.100.7; on other days it was at most 2."
    )
    assert (found.count, found.subjects[0]) == (8, Subject("account", "mei-gh"))


@pytest.mark.parametrize(
    "rows",
    [
        copies(3, 7),
        [*copies(1, 3), *copies(3, 8)],  # who copies three a day copies eight on a busy one
        [*copies(1, 9), *copies(3, 9)],  # a robot
        copies(3, 8, repository="example/one"),
        copies(3, 8, action="git.push"),
        [row for hour in range(8) for row in copies(3 + hour / 24, 1, repository=f"example/r{hour}")],
    ],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    assert heard(tmp_path, repositories_copied_at_once, repository_event=rows).findings == ()

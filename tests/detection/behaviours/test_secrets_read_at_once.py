"""Secrets read by the dozen."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.secrets_read_at_once import secrets_read_at_once
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

MINUTE = 1 / 1440
WHO = "arn:aws:iam::111122223333:user/mei"


def reads(day: float, many: int, **more: object) -> list[dict[str, object]]:
    row = {
        "account": WHO,
        "source_address": "198.51.100.7",
        "operation": "GetSecretValue",
        "result": "success",
    }
    return [at(day + n * MINUTE, **{**row, "resource": f"secret{n}", **more}) for n in range(many)]


def test_five_different_secrets_in_an_hour_are_found(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, secrets_read_at_once, api_activity=[*reads(0, 1), *reads(3, 5)]).findings
    assert found.because == (
        f"{WHO} read 5 secrets within an hour from 198.51.100.7; on other days it was at most 1."
    )
    assert (found.count, found.subjects[0]) == (5, Subject("account", WHO))


@pytest.mark.parametrize(
    "rows",
    [
        reads(3, 4),
        [*reads(1, 2), *reads(3, 5)],
        [*reads(1, 6), *reads(3, 6)],  # a workload at each start
        reads(3, 9, resource="one"),
        reads(3, 9, result="failure"),
        reads(3, 9, operation="ListSecrets"),
    ],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    assert heard(tmp_path, secrets_read_at_once, api_activity=rows).findings == ()

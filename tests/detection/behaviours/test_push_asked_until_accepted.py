"""Requests to confirm a sign-in, until one is confirmed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.push_asked_until_accepted import push_asked_until_accepted
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

MINUTE = 1 / 1440


def asked(minute: float, result: str = "failure", **more: object) -> dict[str, object]:
    row = {"account": "mei@example.com", "source_address": "198.51.100.7", "factor": "push", "result": result}
    reason = "DENIED" if result == "failure" else None
    return at(minute * MINUTE, **{**row, "failure_reason": reason, **more})


def test_five_refused_and_one_accepted_is_found(tmp_path: Path) -> None:
    rows = [*(asked(minute) for minute in range(5)), asked(6, "success")]
    (found,) = heard(tmp_path, push_asked_until_accepted, sign_in=rows).findings
    assert found.because == (
        "mei@example.com refused or ignored 5 requests to confirm a sign-in within 5 minutes, and then a "
        "sign-in from 198.51.100.7 went through."
    )
    assert (found.count, found.subjects[0]) == (5, Subject("account", "example\\mei"))


def test_entras_number_says_it_without_words(tmp_path: Path) -> None:
    rows = [*(asked(m, factor=None, failure_reason="500121") for m in range(5)), asked(6, "success")]
    assert len(heard(tmp_path, push_asked_until_accepted, sign_in=rows).findings) == 1


@pytest.mark.parametrize(
    "rows",
    [
        [*(asked(minute) for minute in range(4)), asked(6, "success")],
        [*(asked(minute) for minute in range(5))],
        [*(asked(minute) for minute in range(5)), asked(16, "success")],
        [*(asked(minute * 3) for minute in range(5)), asked(13, "success")],
        [*(asked(minute) for minute in range(5)), asked(6, "success", account="ken@example.com")],
        [
            *(asked(m, factor="password", failure_reason="bad password") for m in range(9)),
            asked(9.5, "success"),
        ],
    ],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, rows: list[dict[str, object]]) -> None:
    assert heard(tmp_path, push_asked_until_accepted, sign_in=rows).findings == ()

"""Sessions and keys that are used where their owner never was."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.session_used_elsewhere import session_used_elsewhere
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

HOME, AWAY = "203.0.113.9", "198.51.100.77"
MAC, TOOL = "Mozilla/5.0 (Macintosh) Safari/605.1", "python-requests/2.32"


def used(day: float, address: str, agent: str, **more: object) -> dict[str, object]:
    row = {"account": "mei@example.com", "session": "s1", "source_address": address, "user_agent": agent}
    return at(day, **{**row, **more})


def test_a_session_in_another_network_with_another_client_is_found(tmp_path: Path) -> None:
    rows = [
        used(0, HOME, MAC, session="s0"),
        used(1, HOME, MAC),
        used(1.1, AWAY, TOOL),
        used(1.2, AWAY, TOOL),
    ]
    (found,) = heard(tmp_path, session_used_elsewhere, sign_in=rows).findings
    assert found.because == (
        f"A session or key of mei@example.com that began at {HOME} was used from {AWAY} with another client "
        f"({TOOL}); the account was never in that network before."
    )
    assert (found.count, found.subjects[0]) == (2, Subject("account", "example\\mei"))


def test_a_sign_in_and_a_call_to_an_interface_share_a_session(tmp_path: Path) -> None:
    rows = heard(
        tmp_path, session_used_elsewhere, sign_in=[used(1, HOME, MAC)], api_activity=[used(1.1, AWAY, TOOL)]
    )
    assert len(rows.findings) == 1


@pytest.mark.parametrize(
    "later",
    [
        used(1.1, "203.0.200.1", TOOL),  # another line in the same network
        used(1.1, AWAY, MAC.replace("605.1", "618.2")),  # an update on the road
        used(1.1, AWAY, TOOL, session="s2"),  # a session of its own
        used(1.1, AWAY, TOOL, result="failure"),
        used(1.1, AWAY, TOOL, account="ken@example.com"),
        used(1.1, "AWS Internal", TOOL),
    ],
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, later: dict[str, object]) -> None:
    rows = [used(1, HOME.replace("113.9", "9.9"), MAC), later]
    assert heard(tmp_path, session_used_elsewhere, sign_in=rows).findings == ()


def test_a_network_the_account_knows_says_nothing(tmp_path: Path) -> None:
    rows = [used(0, AWAY, MAC, session="s0"), used(1, HOME, MAC), used(1.1, AWAY, TOOL)]
    assert heard(tmp_path, session_used_elsewhere, sign_in=rows).findings == ()

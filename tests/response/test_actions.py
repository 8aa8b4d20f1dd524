"""First steps name what the incident names, and never everybody's accounts."""

from __future__ import annotations

from dataclasses import replace

from sakimori.findings import Subject
from sakimori.response.actions import actions
from sakimori.response.sentences import plain
from tests.response.sample_case import make_case

INCIDENT = make_case().incidents[0]


def said(lang: str = "en", *subjects: Subject) -> list[str]:
    incident = replace(INCIDENT, subjects=subjects) if subjects else INCIDENT
    return [plain(action.what, lang) for action in actions(incident)]


def test_evidence_is_kept_before_anything_is_switched_off() -> None:
    assert said()[:2] == [
        "Keep the evidence of dev-07, sign-01: memory first, then disk and logs, all before a shutdown.",
        "Take dev-07, sign-01 off the network, but leave them running.",
    ]


def test_system_accounts_are_not_signed_out() -> None:
    steps = said("en", Subject("account", "nt authority\\system"), Subject("account", "example\\m.sato"))
    assert "End all sessions of example\\m.sato, revoke their tokens and set new secrets." in steps


def test_steps_without_an_entity_are_left_out() -> None:
    assert said("en", Subject("file", "c:\\x.exe")) == [
        "Keep the logs named under evidence where they cannot be overwritten.",
        "Tell the person who decides, outside of mail and chat of the hosts and accounts named here.",
    ]


def test_every_step_says_its_price_and_the_way_back_in_both_tongues() -> None:
    for action in actions(INCIDENT):
        for what in (action.what, action.breaks, action.undo):
            assert plain(what, "en") != plain(what, "ja")

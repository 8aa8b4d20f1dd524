"""The page for paper: everything on it, nothing that runs, no name that a shell would read."""

from __future__ import annotations

from sakimori.response.respond.guard import Guard, Own
from sakimori.response.respond.pages import checklists, command, page
from sakimori.response.respond.platforms import evidence_of
from sakimori.response.respond.proposing import proposals
from sakimori.response.respond.steps import platforms
from tests.response.sample_case import make_case

CASE = make_case()
FOUND = proposals(CASE.incidents, evidence_of(CASE.manifest, CASE.coverage), Guard(Own()))


def test_the_page_holds_evidence_funds_and_steps_in_both_tongues() -> None:
    text = page(FOUND, CASE.incidents)
    assert "do not reboot" in text and "再起動" in text
    assert "Freeze the funds" in text and "資金を凍結する" in text
    assert next(one.name for one in checklists(FOUND)) == "wallets and exchanges"
    assert "<script" not in text
    assert "default-src" in text


def test_a_name_is_put_into_a_command_only_where_it_is_harmless() -> None:
    (step, *_) = platforms()["active_directory"].steps
    assert "example\\mei" in command(step, ["example\\mei"])
    assert "$(" not in command(step, ["$(reboot)"]) and "WHO" in command(step, ["$(reboot)"])

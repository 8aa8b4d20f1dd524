"""What to export, from where, and how long it is kept."""

from __future__ import annotations

import re

import pytest

from sakimori.errors import UsageError
from sakimori.knowledge.sources import READ, RECALLED, chosen, log_sources, products
from sakimori.tongue import TONGUES

SOURCES = log_sources()
CHANGES = re.compile(
    r"\b(Set-|Remove-|New-|Update-|rm |del |delete|put-|create-(?!time)|modify-|PATCH|DELETE)"
)


def test_sources_come_in_order_of_expiry() -> None:
    assert [one.soonest for one in SOURCES] == sorted(one.soonest for one in SOURCES)


def test_every_source_has_its_own_id() -> None:
    assert len({one.id for one in SOURCES}) == len(SOURCES)


def test_a_retention_that_was_read_names_its_page_and_one_that_was_not_names_none() -> None:
    assert {one.id for one in SOURCES if (one.standing == READ) != one.page.startswith("http")} == set()
    assert {one.standing for one in SOURCES} == {READ, RECALLED}


def test_a_retention_in_days_that_nobody_overrode_is_the_expiry() -> None:
    known = {one.id: one.soonest for one in SOURCES}
    assert known["entra_sign_in"] == 7
    assert known["github_git_events"] == 7
    assert known["okta_system_log"] == 90
    assert known["defender_hunting"] == 30


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.id)
def test_every_word_for_people_stands_in_both_tongues(source) -> None:
    words = [source.title, source.licence, source.clicks, source.why, *(one.under for one in source.kept)]
    assert [word for word in words for lang in TONGUES if not word.of(lang).strip()] == []
    assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", source.why.ja)


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.id)
def test_no_command_changes_anything_in_the_console(source) -> None:
    assert CHANGES.findall(source.command) == []


def test_a_choice_keeps_products_and_what_expires_in_time() -> None:
    assert {one.of for one in chosen(["entra", " M365 "])} == {"entra", "m365"}
    assert max(one.soonest for one in chosen([], within=7)) == 7
    assert chosen([""]) == SOURCES


def test_an_unknown_product_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError, match=f"entrra.*{', '.join(products())}"):
        chosen(["entrra"])

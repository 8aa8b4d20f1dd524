"""Proposals of a case, approved, published, withdrawn and expired."""

from __future__ import annotations

import json
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from sakimori.errors import UsageError
from sakimori.findings import Subject
from sakimori.response.contract import write_contract
from sakimori.response.respond.deciding import A_DAY, Word, approve, withdraw
from sakimori.response.respond.entry import entry
from sakimori.response.respond.guard import BLOCK, SPARED, WATCH, Guard, Own
from sakimori.response.respond.journal import read_log
from sakimori.response.respond.platforms import evidence_of
from sakimori.response.respond.proposal import KINDS, Proposal
from sakimori.response.respond.proposing import proposals
from sakimori.response.respond.publishing import INDEX, publish
from sakimori.response.respond.reading import read_case
from sakimori.response.respond.steps import platforms
from sakimori.response.sentences import plain
from tests.response.sample_case import make_case

CASE = make_case()
FREE = Guard(Own())
NOW = 1_790_000_000
WORD = Word(by="M. Sato", reason="seen on two hosts", now=NOW)


def found(guard: Guard = FREE) -> tuple[Proposal, ...]:
    return proposals(CASE.incidents, evidence_of(CASE.manifest, CASE.coverage), guard)


def of(value: str, guard: Guard = FREE) -> Proposal:
    return next(one for one in found(guard) if one.value == value)


def test_proposals_come_in_the_order_in_which_victims_need_them() -> None:
    kinds = [KINDS.index(one.kind) for one in found()]
    assert kinds == sorted(kinds)
    assert [one.value for one in found()[:3]] == ["evidence", "funds", "wallets"]


def test_a_case_read_from_its_folder_proposes_the_same(tmp_path: Path) -> None:
    write_contract(CASE, tmp_path)
    read = read_case(tmp_path)
    assert [one.id for one in proposals(read.incidents, read.evidence, FREE)] == [one.id for one in found()]


def test_ids_do_not_depend_on_the_guard_or_on_other_incidents() -> None:
    alone = proposals(CASE.incidents[:1], evidence_of(CASE.manifest, CASE.coverage), FREE)
    assert {one.id for one in alone} <= {one.id for one in found()}


def test_every_proposal_speaks_both_tongues() -> None:
    for one in found():
        for what in (one.what, one.breaks, one.undo, one.owner):
            assert plain(what, "en") != plain(what, "ja")


@pytest.mark.parametrize(
    ("type_", "value", "use"),
    [
        ("address", "10.0.0.1", SPARED), ("address", "8.8.8.8", SPARED), ("address", "203.0.113.5", BLOCK),
        ("address", "192.0.2.9", SPARED), ("address", "104.16.3.3", WATCH), ("domain", "github.io", SPARED),
        ("domain", "evil.github.io", BLOCK), ("domain", "co.jp", SPARED), ("domain", "example.com", SPARED),
        ("domain", "a.own.example.com", SPARED), ("domain", "b.s3.amazonaws.com", WATCH),
        ("url", "https://github.com/evil/x", BLOCK), ("url", "https://github.com/", SPARED),
        ("url", "http://10.0.0.3/a.sh", SPARED), ("hash", "d41d8cd98f00b204e9800998ecf8427e", SPARED),
        ("domain", "printer.local", SPARED), ("domain", "login.microsoftonline.com", SPARED),
    ],
)  # fmt: skip
def test_the_guard_spares_what_is_ones_own_and_everybodys(type_: str, value: str, use: str) -> None:
    own = Own(names=frozenset({"own.example.com"}), ranges=(ip_network("192.0.2.0/28"),))
    assert Guard(own).judge(entry(type_, value)).use == use


def test_what_is_approved_is_published_and_what_is_withdrawn_empties_the_feeds(tmp_path: Path) -> None:
    case, feeds, one = tmp_path / "case", tmp_path / "feeds", of("203.0.113.77")
    case.mkdir()
    approve(case, found(), [one.id], WORD)
    assert publish(case, feeds, "M. Sato", "", FREE, NOW + 1).entries[0].owner == "M. Sato"
    assert (feeds / "edl-address.txt").read_text() == "203.0.113.77\n"
    assert {file.stat().st_mode & 0o777 for file in feeds.iterdir()} == {0o644}
    withdraw(case, [one.id], WORD)
    publish(case, feeds, "M. Sato", "", FREE, NOW + 2)
    assert (feeds / "edl-address.txt").read_bytes() == b""
    assert json.loads((feeds / INDEX).read_bytes())["entries"] == []
    assert [act.act for act in read_log(case).acts] == ["approve", "publish", "withdraw", "publish"]


def test_entries_that_are_over_drop_out(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    approve(tmp_path / "case", found(), [of("203.0.113.77").id], WORD, until=NOW + A_DAY)
    done = publish(tmp_path / "case", tmp_path / "feeds", "a", "", FREE, NOW + A_DAY)
    assert done.entries == ()


def test_the_guard_has_the_last_word_at_publication(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    approve(tmp_path / "case", found(), [of("203.0.113.77").id], WORD)
    ours = Guard(Own(ranges=(ip_network("203.0.113.0/24"),)))
    done = publish(tmp_path / "case", tmp_path / "feeds", "a", "", ours, NOW + 1)
    assert ([one.value for one in done.left_out], done.entries) == (["203.0.113.77"], ())


def test_strangers_files_and_the_private_case_are_left_alone(tmp_path: Path) -> None:
    case, feeds = tmp_path / "case", tmp_path / "feeds"
    case.mkdir(), feeds.mkdir()
    (feeds / "stix.json").write_text("mine")
    (feeds / "other.txt").write_text("mine")
    with pytest.raises(UsageError, match="not written by"):
        publish(case, feeds, "a", "", FREE, NOW)
    with pytest.raises(UsageError, match="private"):
        publish(case, case / "feeds", "a", "", FREE, NOW)
    assert (feeds / "stix.json").read_text() == "mine"


def test_what_is_not_proposed_spared_or_unexplained_is_not_approved(tmp_path: Path) -> None:
    ours = Guard(Own(ranges=(ip_network("203.0.113.0/24"),)))
    for guard, name, word in (
        (FREE, "p-0000000000", WORD),
        (ours, of("203.0.113.77").id, WORD),
        (FREE, of("203.0.113.77").id, replace(WORD, reason=" ")),
    ):
        with pytest.raises(UsageError):
            approve(tmp_path, found(guard), [name], word)
    assert read_log(tmp_path).acts == ()


def test_links_inside_of_what_a_finding_quotes_are_proposed() -> None:
    first = CASE.incidents[0]
    quoted = replace(
        first.findings[0], facts={"field.command_line": "curl http://files.example.org/x/y.sh; id"}
    )
    incident = replace(first, findings=(quoted,))
    values = {one.value for one in proposals([incident], evidence_of(CASE.manifest, CASE.coverage), FREE)}
    assert {"http://files.example.org/x/y.sh", "files.example.org"} <= values


def test_the_hash_of_a_program_of_the_system_is_left_alone() -> None:
    first = CASE.incidents[0]
    both = (*first.findings[0].subjects, Subject("hash", "a" * 64))
    incident = replace(first, findings=(replace(first.findings[0], subjects=both),))
    kinds = {o.value: o.kind for o in proposals([incident], evidence_of(CASE.manifest, CASE.coverage), FREE)}
    assert kinds["a" * 64] == "spared"


def test_every_step_has_both_tongues_a_source_and_an_honest_standing() -> None:
    for platform in platforms().values():
        for step in platform.steps:
            for words in (step.title, step.do, step.breaks, step.undo):
                assert words.en and words.ja and words.en != words.ja
            assert step.page.startswith("https://") and step.standing in ("read", "recalled")

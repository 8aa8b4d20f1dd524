"""An incident in words: the story, what speaks against it, what to hunt next; in both tongues."""

import re
from pathlib import Path

import pytest

import sakimori.incidents
from sakimori.incidents import against, hunts, reasons, story, title
from sakimori.incidents.build import incidents
from sakimori.incidents.context import Context
from sakimori.incidents.incident import Incident
from sakimori.tongue import Tongue, tongue
from tests.incidents.scene import found, intrusion

SAY, JA = tongue("en"), tongue("ja")


def one(*findings_: object) -> Incident:
    (incident,) = incidents(findings_ or intrusion("ws-1", "srv-1"), Context(hosts=50))  # type: ignore[arg-type]
    return incident


def test_the_story_goes_in_order_of_time() -> None:
    told = [sentence.text for sentence in story.story(one(), SAY)]
    assert told == [
        "On 2026-03-02 09:12 UTC something came in on ws-1: archive lure.",
        "On 2026-03-02 09:14 UTC something was hidden or made to last on ws-1: rundll32 data dll.",
        "On 2026-03-02 10:40 UTC tools, rights or credentials were gathered on ws-1: lsass dump.",
        "On 2026-03-02 11:20 UTC it moved between hosts, seen on srv-1: remote service.",
        "On 2026-03-02 13:05 UTC something was erased or destroyed on srv-1: log cleared.",
        "2 further findings belong to it.",
        "It was last seen on 2026-03-02 13:05 UTC; 2 hosts are linked to it.",
    ]


def test_every_sentence_leads_to_findings_of_the_incident() -> None:
    incident = one()
    ids = {finding.id for finding in incident.findings}
    told = story.story(incident, SAY)
    assert all(sentence.findings and set(sentence.findings) <= ids for sentence in told)
    assert {id_ for sentence in told for id_ in sentence.findings} == ids


def test_a_lone_finding_is_told_in_three_sentences() -> None:
    lone = one(found("lsass-dump", "ws-1", "03-02 09:00", "high", techniques=("T1003.001",)))
    assert [sentence.text for sentence in story.story(lone, SAY)] == [
        "On 2026-03-02 09:00 UTC tools, rights or credentials were gathered on ws-1: lsass dump.",
        "One record bears this out.",
        "It was last seen on 2026-03-02 09:00 UTC; no other host is linked to it.",
    ]


def test_findings_without_a_time_are_told_as_such() -> None:
    lone = one(found("lsass-dump", "ws-1", None, "high", techniques=("T1003.001",)))
    told = story.story(lone, SAY)
    assert told[0].text == "At an unknown time this was seen on ws-1: lsass dump."
    assert told[-1].text == "The records carry no time, so its order is unknown."


def test_a_rules_own_japanese_title_is_told_in_japanese() -> None:
    facts = {"title_ja": "LSASSのダンプ"}
    lone = one(found("lsass-dump", "ws-1", "03-02 09:00", "high", techniques=("T1003.001",), facts=facts))
    assert title.title(lone.facts, JA) == "ws-1でのLSASSのダンプ"
    assert story.story(lone, JA)[0].text.startswith("2026年3月2日 09:00 UTC、ws-1で")
    assert title.title(one().facts, JA) == "ws-1からsrv-1に及ぶ認証情報の窃取と横展開"


def test_against_names_benign_explanations_with_a_check() -> None:
    doubts = against.against(one(), SAY)
    assert "Backup, password-manager and security products read the same secrets." in [d.text for d in doubts]
    assert all(doubt.check and doubt.findings for doubt in doubts)


def test_against_says_what_is_missing() -> None:
    lone = one(
        found("lsass-dump", "ws-1", "03-02 09:00", "high", confidence="low", techniques=("T1003.001",))
    )
    assert [doubt.text for doubt in against.against(lone, SAY)][:3] == [
        "Only one detector speaks; nothing else found here bears it out.",
        "The rules that spoke are new or doubted by their authors.",
        "It stayed on one host, and nothing shows that data was reached.",
    ]


def test_hunts_ask_for_the_same_artefacts_then_the_next_stages_then_the_missing_ones() -> None:
    half = [f for f in intrusion("ws-1", "srv-1") if f.techniques[0] in ("T1003.001", "T1021.002")]
    asked = hunts.hunts(one(*half), SAY)
    assert [hunt.key for hunt in asked] == [
        "beside", "reach_the_goal", "erase_or_destroy", "hide_and_persist", "look_round", "foothold",
    ]  # fmt: skip
    assert asked[0].look == "Search every host for: ws-1-mgr."
    assert [subject.value for subject in asked[0].subjects] == ["ws-1-mgr"]


def test_score_parts_are_told_in_both_tongues() -> None:
    parts = {part.name: part for part in one().score_parts}
    assert reasons.because(parts["stages"], SAY) == parts["stages"].because
    assert reasons.because(parts["spread"], JA) == "2台のホストがつながっているため（srv-1, ws-1）。"
    assert reasons.because(parts["goal"], JA).endswith("（認証情報、痕跡の消去、データの収集）。")
    assert reasons.name(parts["order"], JA) == "段階の順序"


# --- the Japanese catalogue --------------------------------------------------------------------------------

LISTED = [
    *reasons.SENTENCES, *title.SENTENCES, *story.SENTENCES, *against.SENTENCES, *hunts.SENTENCES,
]  # fmt: skip


@pytest.mark.parametrize("sentence", sorted(set(LISTED)))
def test_every_sentence_has_its_japanese_with_the_same_places(sentence: str) -> None:
    japanese = Tongue("ja", JA._messages)(sentence)
    assert japanese != sentence
    assert sorted(re.findall(r"\{\w+\}", japanese)) == sorted(re.findall(r"\{\w+\}", sentence))


def test_no_sentence_is_said_that_is_not_listed() -> None:
    said = set()
    for file in Path(sakimori.incidents.__file__).parent.glob("*.py"):
        said |= set(re.findall(r'say\(\s*"([^"]+)"', file.read_text("utf-8")))
    assert said <= set(LISTED)


def test_what_is_only_alike_is_not_told_as_linked() -> None:
    same = [found("odd-driver", f"ws-{n}", f"03-0{n} 09:00", "high") for n in range(1, 5)]
    alike = one(*same)
    last = "The same was seen on 4 hosts, last on 2026-03-04 09:00 UTC; nothing else links them."
    assert story.story(alike, SAY)[-1].text == last
    assert title.title(alike.facts, JA) == "ws-1ほか3台でのodd driver"

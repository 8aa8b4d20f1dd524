"""The parts of the page: lanes, heat map, lists of rules, texts in the reader's tongue, and shrinking."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from sakimori.coverage import Blind, Coverage, RuleState
from sakimori.findings import Severity
from sakimori.response.answers import what_could_not_be_seen
from sakimori.response.localised import finding_because, finding_title, incident_title
from sakimori.response.report.heat import heat_map
from sakimori.response.report.labels import label_style
from sakimori.response.report.lanes import drawing
from sakimori.response.report.room import Room
from sakimori.response.report.rules import SHOWN, rule_lists
from sakimori.response.report.shapes import line_width, outline, radius_of
from sakimori.response.sentences import plain
from sakimori.response.words import KINDS, kind_of, telling
from tests.response.sample_case import finding_with, make_case

INCIDENT = make_case().incidents[0]
ROWS = frozenset(finding.id for finding in INCIDENT.findings)


def state(name: str, was: str, *techniques: str, level: str = "high", events: int = 0) -> RuleState:
    return RuleState(
        detector=name, title=name, level=level, state=was, events=events, reason="", techniques=techniques
    )


def coverage(*states: RuleState) -> Coverage:
    return Coverage(rules=len(states), able=0, spoke=0, refused=0, logs=(), blind=(), states=states)


def test_marks_stand_in_order_of_time_in_the_lane_of_their_host() -> None:
    drawn = drawing(INCIDENT, ROWS)
    assert drawn is not None
    assert [mark.finding for mark in drawn.marks] == list(INCIDENT.findings)
    assert all(a.x <= b.x for a, b in pairwise(drawn.marks))
    lines = {lane.subject.value: lane.line for lane in drawn.lanes}
    assert {abs(mark.y - lines[mark.finding.subjects[0].value]) for mark in drawn.marks} <= {0, 7}
    assert min(m.x for m in drawn.marks) >= 0 and max(m.x for m in drawn.marks) <= 1000


def test_hosts_have_lanes_first_and_bands_follow_the_stages() -> None:
    drawn = drawing(INCIDENT, ROWS)
    assert drawn is not None
    assert [lane.name for lane in drawn.lanes[:2]] == ["dev-07", "sign-01"]
    assert [band.stage for band in drawn.bands] == list(INCIDENT.stages)


def test_lanes_without_any_time_are_not_drawn() -> None:
    timeless = finding_with(first_seen=None, last_seen=None)
    assert drawing(replace(INCIDENT, findings=(timeless,)), frozenset({timeless.id})) is None


def test_kinds_and_severities_differ_without_colour() -> None:
    assert len({outline(kind, 6) for kind in KINDS}) == len(KINDS)
    widths = [line_width(level) for level in Severity]
    assert widths == sorted(set(widths))
    assert radius_of(1) == 5 < radius_of(100) < radius_of(10**9) == 11


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Script host started from a downloaded archive", "program"),
        ("First contact with an address nobody else talks to", "network"),
        ("Service installed with a random name", "setting"),
        ("Wallet key store copied to a temporary folder", "file"),
        ("Security event log cleared", "account"),
    ],
)
def test_a_finding_is_drawn_as_the_most_telling_thing_it_names(title: str, kind: str) -> None:
    assert [kind_of(finding) for finding in INCIDENT.findings if finding.title == title] == [kind]


def test_the_heat_map_has_three_states_under_each_tactic() -> None:
    heat = heat_map(
        coverage(
            state("a", "spoke", "T1059.001"),
            state("b", "silent", "T1059.003", "T1021.002"),
            state("c", "blind", "T1110"),
            state("d", "refused", "T1110"),
            state("e", "silent", "T9999"),
        )
    )
    rows = {
        tactic: [(c.technique, c.state, c.spoke, c.silent, c.blind) for c in cells]
        for tactic, cells in heat.rows
    }
    assert rows == {
        "execution": [("T1059", "seen", 1, 1, 0)],
        "credential-access": [("T1110", "blind", 0, 0, 2)],
        "lateral-movement": [("T1021", "could", 0, 1, 0)],
        "other": [("T9999", "could", 0, 1, 0)],
    }
    assert heat.totals == {"seen": 1, "could": 2, "blind": 1}


def test_rules_are_listed_by_state_the_gravest_and_loudest_first() -> None:
    lists = rule_lists(
        coverage(
            state("low", "spoke", level="low", events=900),
            state("quiet", "spoke", events=1),
            state("loud", "spoke", events=9),
            *(state(f"s{n:04}", "silent") for n in range(SHOWN + 7)),
        )
    )
    assert [(one.state, one.total, one.left_out) for one in lists] == [
        ("spoke", 3, 0),
        ("silent", SHOWN + 7, 7),
        ("blind", 0, 0),
        ("refused", 0, 0),
    ]
    assert [rule.title for rule in lists[0].rules] == ["loud", "quiet", "low"]


def test_titles_and_reasons_come_in_japanese_where_a_rule_gives_them() -> None:
    own = finding_with(facts={"title_ja": "題名", "because_ja": "理由。"})
    assert (finding_title(own, "ja"), finding_because(own, "ja")) == ("題名", "理由。")
    assert (finding_title(own, "en"), finding_because(own, "en")) == (own.title, own.because)


def test_a_finding_that_the_organisation_accounts_for_says_so_first() -> None:
    own = finding_with(facts={"suppressed": "Hushed.", "suppressed_ja": "抑制。", "because_ja": "理由。"})
    assert finding_because(own, "en") == f"Hushed. {own.because}"
    assert finding_because(own, "ja") == "抑制。 理由。"


def test_a_sigma_finding_without_japanese_is_told_from_its_fields() -> None:
    told = finding_with(count=3, facts={"field.Image": "C:\\a.exe", "field.CommandLine": "a -b"})
    assert finding_because(told, "ja") == (
        "3件のイベントがこのルールに一致：Imageが「C:\\a.exe」、CommandLineが「a -b」。"
    )


def test_an_incident_without_title_facts_keeps_its_written_title() -> None:
    assert incident_title(replace(INCIDENT, facts={}, title="As written"), "ja") == "As written"


def test_entities_people_know_by_name_come_first() -> None:
    kinds = [subject.type for subject in telling(INCIDENT.subjects)]
    assert kinds[:4] == ["host", "host", "account", "account"]
    assert "session" not in kinds


def test_room_shrinks_to_an_end_and_whole_incidents_go_last() -> None:
    steps = [Room()]
    while steps[-1] != steps[-1].smaller():
        steps.append(steps[-1].smaller())
    assert len(steps) < 40
    assert [room.pages for room in steps[:3]] == [50, 50, 50]
    assert (steps[-1].pages, steps[-1].rows) == (5, 10)


def test_words_of_the_style_sheet_end_no_string() -> None:
    for line in label_style().splitlines():
        assert line.count('"') == 2 and "<" not in line and "\\" not in line


@pytest.mark.parametrize(
    ("kinds", "english", "japanese"),
    [
        (7, "One more kind of log was not given.", "ほかにも1種類のログがありません。"),
        (8, "2 more kinds of log were not given.", "ほかにも2種類のログがありません。"),
    ],
)
def test_kinds_of_log_beyond_the_six_costliest_are_counted(kinds: int, english: str, japanese: str) -> None:
    blind = tuple(Blind(logsource=f"windows/{n}", rules=1, logs=(f"Log {n}",)) for n in range(kinds))
    case = make_case()
    case = replace(case, coverage=replace(case.coverage, blind=blind))
    said = what_could_not_be_seen(case)
    assert [plain(said[6], lang) for lang in ("en", "ja")] == [english, japanese]

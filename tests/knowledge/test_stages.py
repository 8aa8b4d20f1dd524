"""Techniques become stages as a victim sees them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sakimori.incidents.incident import STAGES
from sakimori.knowledge.stages import attack, stage_map, stages_of


def test_every_stage_named_in_the_data_is_one_of_the_eight() -> None:
    named = {*stage_map().order, *stage_map().tactics.values(), *stage_map().techniques.values()}
    assert named == set(STAGES)
    assert sorted(stage_map().order) == sorted(stage_map().telling) == sorted(STAGES)


def test_every_technique_has_a_stage() -> None:
    assert [technique for technique in attack().tactics if not stages_of([technique])] == []


def test_techniques_that_override_exist_in_the_table() -> None:
    assert [technique for technique in stage_map().techniques if technique not in attack().tactics] == []


@pytest.mark.parametrize(
    ("technique", "stage"),
    [
        ("T1566.002", "way_in"),
        ("T1204.002", "way_in"),
        ("T1059.001", "foothold"),
        ("T1071.001", "foothold"),
        ("T1087.002", "look_round"),
        ("T1003.001", "tool_up"),
        ("T1105", "tool_up"),
        ("T1547.001", "hide_and_persist"),
        ("T1218.011", "hide_and_persist"),
        ("T1021.002", "spread"),
        ("T1550.002", "spread"),
        ("T1041", "reach_the_goal"),
        ("T1657", "reach_the_goal"),
        ("T1485", "erase_or_destroy"),
        ("T1070.001", "erase_or_destroy"),
        ("T1070.006", "hide_and_persist"),
    ],
)
def test_one_technique_speaks_of_one_stage(technique: str, stage: str) -> None:
    assert stages_of([technique]) == (stage,)


def test_a_replaced_id_and_its_newer_one_speak_of_the_same_stage() -> None:
    pairs = attack().replaced_by.items()
    assert [(old, new) for old, new in pairs if stages_of([old]) != stages_of([new])] == []
    assert attack().current("T1070.001") == "T1685.005"
    assert attack().current("T1059.001") == "T1059.001"


def test_the_rules_own_tactic_decides_where_a_technique_serves_several() -> None:
    assert stages_of(["T1078"]) == ("way_in",)
    assert stages_of(["T1078"], ["persistence"]) == ("hide_and_persist",)
    assert stages_of(["T1053.005"], ["execution"]) == ("foothold",)


def test_a_tactic_the_technique_does_not_serve_changes_nothing() -> None:
    assert stages_of(["T1003.001"], ["stealth", "defense_evasion"]) == ("tool_up",)


def test_lateral_movement_speaks_even_where_the_technique_is_filed_elsewhere() -> None:
    assert stages_of(["T1047"], ["execution"]) == ("foothold",)
    assert stages_of(["T1047"], ["execution", "lateral_movement"]) == ("spread", "foothold")


def test_tactics_speak_alone_where_no_technique_is_known() -> None:
    assert stages_of([], ["lateral_movement", "execution"]) == ("spread", "foothold")
    assert stages_of(["T9999"], ["exfiltration"]) == ("reach_the_goal",)


def test_of_several_stages_the_most_telling_stands_first() -> None:
    assert stages_of(["T1036.005", "T1059.001", "T1003.001"]) == ("tool_up", "hide_and_persist", "foothold")


def test_nothing_known_gives_no_stage() -> None:
    assert stages_of([]) == ()
    assert stages_of(["T9999", "nonsense"], ["nonsense"]) == ()


def test_an_unknown_sub_technique_takes_its_parents_stage() -> None:
    assert stages_of(["T1021.099"]) == ("spread",)


def test_the_table_agrees_with_the_published_one(shared: Callable[[str], Path]) -> None:
    published = json.loads((shared("intel") / "attack_enterprise_v18_1.json").read_text("utf-8"))
    theirs = {t["id"]: tuple(t["tactics"]) for t in published["techniques"]}
    assert {t: attack().tactics[t] for t in theirs} == theirs

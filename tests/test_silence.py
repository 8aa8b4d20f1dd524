"""Why rules of a hunt were silent: the report's account, counted while the evidence was read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sakimori.coverage import RuleState, Why
from sakimori.detection.sigma.explain import Explaining
from sakimori.evidence.reading import batches_of
from sakimori.pipeline import hunt
from sakimori.records.catalogue import catalogue
from sakimori.records.clock import Zone
from sakimori.response.report.write import page
from sakimori.setting import Setting
from tests.small_evidence import RULE, lines, rules, started

PARTS = {
    "image": {"Image|endswith": "\\notepad.exe"},
    "parent": {"ParentImage|endswith": "\\wscript.exe"},
    "company": {"Company": "Example"},
    "filter": {"User": "EXAMPLE\\mei"},
}


def rule(number: int, condition: str) -> dict[str, object]:
    """A rule over some of PARTS."""
    used = {name: part for name, part in PARTS.items() if name in condition}
    return yaml.safe_load(RULE) | {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "detection": {**used, "condition": condition},
    }


RULES = [
    rule(1, "image and parent and not filter"),
    rule(2, "image and company"),
    rule(3, "parent and filter"),
    rule(4, "1 of image* or not parent"),
]


def hunted(folder: Path, *events: dict[str, object]) -> dict[str, RuleState]:
    """The states of RULES after a hunt, by the last digit of their ids."""
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "a.json").write_bytes(lines(events))
    pack = rules(folder / "rules", yaml.safe_dump_all(RULES, sort_keys=False))
    case = hunt(setting(folder, pack), lambda *_: None, lambda _: None)
    assert "Silent: one selection alone stood in the way" in page(case)
    return {s.detector[-1]: s for s in case.coverage.states if s.detector.startswith("sigma:")}


def setting(folder: Path, pack: Path) -> Setting:
    return Setting(evidence=(folder / "evidence",), case=folder / "case", rules=(pack,), workers=1)


EVENTS = (started(1), started(2), started(3, image="calc.exe", User="x"))


def test_each_selection_is_counted_and_what_alone_stood_in_the_way_is_named(tmp_path: Path) -> None:
    states = hunted(tmp_path, *EVENTS)
    assert {name: state.why for name, state in states.items()} == {
        "1": Why(3, (("image", 2), ("parent", 3), ("filter", 2)), (("filter", 2), ("image", 1)), ()),
        "2": Why(3, (("image", 2), ("company", 0)), (("company", 2),), ("Company",)),
        "3": Why(3, (("parent", 3), ("filter", 2)), (("filter", 1),), ()),
        "4": Why(3, (("image", 2), ("parent", 3)), (("image", 1), ("parent", 1)), ()),
    }
    assert {name: state.state for name, state in states.items()} == {
        "1": "silent",
        "2": "silent",
        "3": "spoke",
        "4": "spoke",
    }


def test_a_second_hunt_that_reads_nothing_anew_says_the_same(tmp_path: Path) -> None:
    assert hunted(tmp_path, *EVENTS) == hunted(tmp_path, *EVENTS)


@pytest.mark.parametrize("document", RULES, ids=lambda one: str(one["detection"]["condition"]))
def test_the_command_counts_the_same_as_the_hunt(tmp_path: Path, document: dict[str, object]) -> None:
    why = hunted(tmp_path, *EVENTS)[str(document["id"])[-1]].why
    explaining = Explaining(document, catalogue())
    for batch in batches_of([tmp_path / "evidence"], explaining.plan(), Zone()):
        explaining.look(batch)
    assert explaining.explanation().why == why

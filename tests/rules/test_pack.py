"""The pack as a data set: every rule is whole, sourced, bilingual, and proven by its cases."""

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from sigma.rule import SigmaRule

from sakimori.knowledge.stages import attack, stage_map, stages_of
from tests.detection.sigma.plain import matches, parse
from tests.docs.pack_page import coverage

PACKS = Path(__file__).resolve().parents[2] / "rules"
FILES = {file.stem: file for file in sorted(PACKS.glob("*/*.yml")) if not file.name.endswith(".cases.yml")}
RULES: dict[str, dict[str, Any]] = {
    name: yaml.safe_load(file.read_text(encoding="utf-8")) for name, file in FILES.items()
}
CASES: dict[str, dict[str, list[dict[str, str]]]] = {
    name: yaml.safe_load(file.with_suffix(".cases.yml").read_text(encoding="utf-8"))
    for name, file in FILES.items()
}
OF_THE_GROUP = [name for name, file in FILES.items() if file.parent.name == "lazarus"]
# file name -> category or service, product
SHAPES = {
    "proc_creation": "process_creation",
    "file_event": "file_event",
    "image_load": "image_load",
    "driver_load": "driver_load",
    "registry_set": "registry_set",
    "process_access": "process_access",
    "create_remote_thread": "create_remote_thread",
    "pipe_created": "pipe_created",
    "ps_script": "ps_script",
    "file_delete": "file_delete",
    "file_access": "file_access",
    "dns_query": "dns_query",
    "network_connection": "network_connection",
    "proxy": "proxy",
}
SYSTEMS = {"win": "windows", "macos": "macos", "lin": "linux", "any": None}

every_rule = pytest.mark.parametrize("name", RULES)


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(name, event, id=f"{name}-{at}")
        for name, both in CASES.items()
        for at, event in enumerate(both[kind])
    ]


def test_there_are_about_thirty_and_more() -> None:
    assert len(RULES) >= 30


def test_every_rule_has_its_cases_and_every_case_its_rule() -> None:
    assert {file.name.removesuffix(".cases.yml") for file in PACKS.glob("*/*.cases.yml")} == set(RULES)
    assert len(FILES) == len({file.name for file in FILES.values()})


@every_rule
def test_pysigma_reads_it(name: str) -> None:
    rule = SigmaRule.from_yaml(FILES[name].read_text(encoding="utf-8"))
    assert rule.errors == []


def test_ids_are_unique_random_uuids() -> None:
    ids = Counter(UUID(rule["id"]) for rule in RULES.values())
    assert [id_ for id_, times in ids.items() if times > 1 or id_.version != 4] == []


def test_titles_are_unique_in_both_tongues() -> None:
    titles = Counter(rule["title"] for rule in RULES.values())
    titles.update(rule["sakimori"]["ja"]["title"] for rule in RULES.values())
    assert [title for title, times in titles.items() if times > 1] == []


@every_rule
def test_it_says_everything_a_rule_must_say(name: str) -> None:
    rule = RULES[name]
    assert list(rule) == [
        "title", "id", "status", "description", "references", "author", "date", "tags", "logsource",
        "detection", "falsepositives", "level", "sakimori",
    ]  # fmt: skip
    assert (rule["author"], rule["status"]) == ("Sakimori", "experimental")
    assert isinstance(rule["date"], date)
    assert rule["level"] in ("low", "medium", "high", "critical")
    assert all(url.startswith("https://") for url in rule["references"])
    assert rule["falsepositives"]


@every_rule
def test_it_says_what_it_misses_in_both_tongues(name: str) -> None:
    last = RULES[name]["description"].split(". ")[-1]
    assert last.startswith("Misses ")
    assert RULES[name]["sakimori"]["ja"]["description"].endswith("見逃します。")


@every_rule
def test_its_japanese_is_japanese(name: str) -> None:
    assert all(
        re.search(r"[ぁ-んァ-ン]", RULES[name]["sakimori"]["ja"][key]) for key in ("title", "description")
    )


@every_rule
def test_its_techniques_exist_and_speak_of_a_stage(name: str) -> None:
    tags = [tag.removeprefix("attack.") for tag in RULES[name]["tags"]]
    techniques = [tag.upper() for tag in tags if re.fullmatch(r"t\d{4}(\.\d{3})?", tag)]
    tactics = {tag for tag in tags if not tag.startswith("t1")}
    assert techniques
    assert [technique for technique in techniques if technique not in attack().tactics] == []
    served = {aim for technique in techniques for aim in attack().tactics[technique]}
    assert tactics <= served | stage_map().alone
    assert stages_of(techniques, tactics)


@every_rule
def test_its_file_is_named_after_its_log_source(name: str) -> None:
    source = RULES[name]["logsource"]
    shape = next((shape for shape in SHAPES if name.startswith(f"{shape}_")), None)
    if shape:
        system = name.removeprefix(f"{shape}_").split("_")[0]
        assert (source["category"], source.get("product")) == (SHAPES[shape], SYSTEMS[system])
    else:
        product = name.split("_", 1)[0]
        assert source["product"] == SYSTEMS.get(product, product)
        assert name.startswith(f"{product}_{source['service']}_")


@pytest.mark.parametrize("name", OF_THE_GROUP)
def test_it_stands_on_behaviours_of_the_coverage(name: str) -> None:
    known = {*coverage()["names"], *coverage()["in_part"]}
    assert RULES[name]["sakimori"]["behaviours"]
    assert set(RULES[name]["sakimori"]["behaviours"]) <= known


@every_rule
def test_it_has_a_case_that_speaks_and_one_that_stays_silent(name: str) -> None:
    assert list(CASES[name]) == ["speaks", "silent"]
    assert CASES[name]["speaks"]
    assert CASES[name]["silent"]


@pytest.mark.parametrize(("name", "event"), cases("speaks"))
def test_it_speaks(name: str, event: dict[str, str]) -> None:
    assert matches(parse(RULES[name]), event)


@pytest.mark.parametrize(("name", "event"), cases("silent"))
def test_it_stays_silent(name: str, event: dict[str, str]) -> None:
    assert not matches(parse(RULES[name]), event)


def test_cases_hold_only_invented_addresses_and_names() -> None:
    text = "\n".join(file.read_text(encoding="utf-8") for file in PACKS.glob("*/*.cases.yml"))
    addresses = set(re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b", text))
    allowed = ("10.", "127.", "192.0.2.", "198.51.100.", "203.0.113.")
    assert [address for address in addresses if not address.startswith(allowed)] == []
    hosts = set(re.findall(r"https?://([^/:\s\"']+)", text))
    named = {host for host in hosts if not host[0].isdigit()}
    assert [host for host in named if not re.search(r"(^|\.)example\.(com|org|net)$", host)] == []

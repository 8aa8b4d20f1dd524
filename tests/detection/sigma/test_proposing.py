"""Proposed filters: two conditions or more, never by host, and proved on what the rule must go on seeing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sakimori.cli import run
from sakimori.detection.sigma.events import look
from sakimori.detection.sigma.positives import Positives, positives_of
from sakimori.detection.sigma.proposing import Proposal, Proposing
from sakimori.detection.sigma.selecting import Condition, row_of, selections, written
from sakimori.evidence.reading import batches_of
from sakimori.records.catalogue import catalogue
from sakimori.records.clock import Zone
from tests.small_evidence import RULE, lines, rules, started

DOCUMENT: dict[str, Any] = {**yaml.safe_load(RULE), "detection": {
    "s": {"Image|endswith": "\\notepad.exe"}, "condition": "s"}}  # fmt: skip
AGENT = {"ParentImage": "C:\\Program Files\\Agent\\agent.exe", "CommandLine": "notepad.exe --report"}
USUAL = [started(n, host=f"ws-{n % 3:02}.example.com", **AGENT) for n in range(6)]
LURE = {"Image": "C:\\Windows\\System32\\notepad.exe", "ParentImage": "C:\\Windows\\System32\\wscript.exe",
        "CommandLine": "notepad.exe --report"}  # fmt: skip
NOTHING = Positives({}, {})


def proposal(
    folder: Path,
    events: Sequence[Mapping[str, object]],
    *positive: Mapping[str, object],
    filters: Sequence[Mapping[str, Any]] = (),
    samples: Mapping[str, Path] | None = None,
) -> Proposal:
    (folder / "base.json").write_bytes(lines(events))
    proposing = Proposing(DOCUMENT, filters, catalogue(), lambda files, plan: batches_of(files, plan, Zone()))
    cases = {f"case {at}": event for at, event in enumerate(positive, 1)}
    return proposing.propose([folder / "base.json"], Positives(cases, samples or {}))


def selection(found: Proposal) -> dict[str, str]:
    assert found.document
    return dict(found.document["filter"]["selection"])


def test_what_the_hits_share_becomes_a_filter_that_sigma_reads(tmp_path: Path) -> None:
    found = proposal(tmp_path, USUAL, LURE)
    assert (found.taken, found.hits, found.positives, found.lost) == (6, 6, 1, ())
    assert found.document
    assert [*found.document] == ["title", "id", "logsource", "filter"]
    assert UUID(found.document["id"]).version == 4
    assert found.document["logsource"] == DOCUMENT["logsource"]
    assert (found.document["filter"]["rules"], found.document["filter"]["condition"]) == (
        [DOCUMENT["id"]], "not selection",
    )  # fmt: skip
    assert look([DOCUMENT, found.document], [LURE, {**LURE, **AGENT}]) == [{DOCUMENT["id"]}, set()]


def test_it_stands_on_two_fields_or_more_and_never_on_the_host(tmp_path: Path) -> None:
    names = {name.partition("|")[0] for name in selection(proposal(tmp_path, USUAL, LURE))}
    assert names == {"Image", "ParentImage", "CommandLine"}


def test_hits_of_one_host_that_share_nothing_else_get_no_filter(tmp_path: Path) -> None:
    events = [
        started(n, ParentImage=f"C:\\{n}{n}\\parent{n}.exe", CommandLine=f"{n}{n} {n}") for n in range(20)
    ]
    assert proposal(tmp_path, events) == Proposal(None, 0, 20, 0)


def test_a_shell_as_parent_of_the_rules_own_program_is_too_broad(tmp_path: Path) -> None:
    shell = {"ParentImage": "C:\\Windows\\System32\\cmd.exe"}
    events = [started(n, CommandLine=f"{n}{n} {n}", **shell) for n in range(20)]
    assert proposal(tmp_path, events).document is None


def test_a_case_that_would_fall_silent_is_named_and_the_filter_refused(tmp_path: Path) -> None:
    same = {**LURE, **AGENT}
    found = proposal(tmp_path, USUAL, LURE, same)
    assert (found.lost, found.taken) == (("case 2",), 0)


def test_a_narrower_filter_is_taken_where_the_widest_would_lose_a_case(tmp_path: Path) -> None:
    rare = [started(n, ParentImage="C:\\Tools\\daily.exe", CommandLine="notepad daily") for n in (10, 11)]
    found = proposal(tmp_path, [*USUAL, *rare], {**LURE, **AGENT})
    assert (found.taken, found.hits, found.lost) == (2, 8, ())
    assert selection(found)["ParentImage"] == "C:\\Tools\\daily.exe"


def test_a_case_of_which_the_rule_does_not_speak_anyway_proves_nothing(tmp_path: Path) -> None:
    assert proposal(tmp_path, USUAL, {"Image": "C:\\x\\calc.exe"}).positives == 0


def test_a_recorded_sample_is_a_case_too(tmp_path: Path) -> None:
    (tmp_path / "sample.json").write_bytes(lines([started(1, **AGENT), started(2)]))
    found = proposal(tmp_path, USUAL, samples={"sample": tmp_path / "sample.json"})
    assert found.lost == ("sample",)
    (tmp_path / "sample.json").write_bytes(lines([started(2)]))
    found = proposal(tmp_path, USUAL, samples={"sample": tmp_path / "sample.json"})
    assert (found.lost, found.positives, found.taken) == ((), 1, 6)


def test_what_a_filter_takes_already_is_not_proposed_again(tmp_path: Path) -> None:
    first = proposal(tmp_path, USUAL, LURE).document
    assert first
    assert proposal(tmp_path, USUAL, LURE, filters=[first]) == Proposal(None, 0, 0, 1)


def test_a_path_in_somebodys_home_is_everybodys(tmp_path: Path) -> None:
    homes = [started(n, ParentImage=f"C:\\Users\\u{n}\\AppData\\Local\\Agent\\agent.exe") for n in range(4)]
    found = selection(proposal(tmp_path, homes, LURE))
    assert found["ParentImage|endswith"] == "\\AppData\\Local\\Agent\\agent.exe"


def test_command_lines_that_begin_alike_are_held_to_whole_words() -> None:
    same = {"Image": "C:\\x\\copy.exe", "ParentImage": "C:\\y\\agent.exe"}
    rows = [{**same, "CommandLine": f"copy D:\\f\\log-{n}"} for n in (11, 12)]
    first = next(selections(rows, ()))
    assert Condition("CommandLine", "copy D:\\f\\", "startswith") in first


def test_host_session_numbers_and_times_are_no_candidates() -> None:
    log = catalogue()["windows_sysmon_1"]
    fields = dict.fromkeys(log.columns, "C:\\x\\a.exe")
    left = {
        "Computer",
        "LogonId",
        "ProcessId",
        "ProcessGuid",
        "UtcTime",
        "EventRecordID",
        "Hashes",
        "Channel",
    }
    assert left & row_of(log, fields, ()).keys() == set()


@given(st.text(st.sampled_from("ab\\*?%"), min_size=1, max_size=8))
def test_a_written_value_is_that_value_and_nothing_else(value: str) -> None:
    rule = {**DOCUMENT, "detection": {"s": {"f": written(value)}, "condition": "s"}}
    events = [{"f": value}, {"f": value + "x"}, {"f": value.replace("*", "x").replace("?", "y")}]
    same = [True, False, not set(value) & {"*", "?"}]
    assert [bool(ids) for ids in look([rule], events)] == same


def test_cases_beside_the_rule_and_labelled_samples_are_found(tmp_path: Path) -> None:
    folder = rules(tmp_path / "rules")
    (folder / "rule-0.cases.yml").write_text("speaks: [{Image: a}, {Image: b}]\nsilent: [{Image: c}]")
    label = {
        "rule_metadata": [{"id": "r"}],
        "regression_tests_info": [{"path": "regression_data/x/s.evtx"}, {"path": "gone.evtx"}],
    }
    (tmp_path / "data/x").mkdir(parents=True)
    (tmp_path / "data/x/info.yml").write_text(yaml.safe_dump(label))
    (tmp_path / "data/x/s.evtx").write_bytes(b"")
    found = positives_of("r", folder / "rule-0.yml", (tmp_path / "data",))
    assert found.events == {
        "rule-0.cases.yml, speaks 1": {"Image": "a"},
        "rule-0.cases.yml, speaks 2": {"Image": "b"},
    }
    assert [*found.samples.values()] == [tmp_path / "data/x/s.evtx"]
    assert positives_of("other", folder / "gone.yml", (tmp_path / "data",)) == NOTHING


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.json").write_bytes(lines(USUAL))
    rules(tmp_path / "rules", yaml.safe_dump(DOCUMENT))
    return tmp_path


def proposed(folder: Path, *options: str) -> int:
    words = ["rules", "propose", DOCUMENT["id"], str(folder / "base.json"), "--lang", "en"]
    return run([*words, "--rules", str(folder / "rules"), *options])


def test_what_the_command_prints_can_be_saved_and_works(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "rules/rule-0.cases.yml").write_text(yaml.safe_dump({"speaks": [LURE]}))
    assert proposed(folder) == 0
    said = capsys.readouterr().out
    assert said.startswith("# It takes 6 of the rule's 6 hits in this evidence away.\n# Every positive case")
    (folder / "rules/filter.yml").write_text(said)
    assert proposed(folder) == 3
    assert "there is nothing to take away" in capsys.readouterr().err


def test_the_command_refuses_what_would_lose_a_case(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "rules/rule-0.cases.yml").write_text(yaml.safe_dump({"speaks": [{**LURE, **AGENT}]}))
    assert proposed(folder) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "Refused" in said.err and "rule-0.cases.yml, speaks 1" in said.err


def test_the_command_says_where_nothing_proves_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert proposed(folder) == 3
    assert "# Not proved" in capsys.readouterr().out


def test_a_rule_that_is_not_there_and_one_that_is_refused_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", "propose", "nobody", str(folder), "--rules", str(folder / "rules")]) == 2
    assert "no rule of that id or name" in capsys.readouterr().err
    rules(folder / "rules", RULE.replace("status: test", "status: deprecated"))
    assert proposed(folder) == 2
    assert "the rule is refused" in capsys.readouterr().err

"""What can be told of rules before they are run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sakimori.cli import run
from sakimori.detection.sigma.check import check, cost
from sakimori.detection.sigma.pack import load_pack, own_rules, pack_of
from sakimori.records.catalogue import catalogue
from tests.small_evidence import RULE, rules

BASE: dict[str, Any] = yaml.safe_load(RULE)


def remarks(*changes: dict[str, Any]) -> list[tuple[str, str]]:
    documents = [
        BASE | {"id": f"0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b{n:02}"} | c for n, c in enumerate(changes)
    ]
    return [(one.kind, one.text) for one in check(pack_of(documents), catalogue()).remarks]


def of(**detection: Any) -> dict[str, Any]:
    return {"detection": {**detection, "condition": " and ".join(detection)}}


def test_a_sound_rule_has_no_remarks() -> None:
    assert remarks({}) == []


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (of(a={"Image": "x"}, b={"Image": "y"}), "never", "two values of one field"),
        ({"logsource": {"product": "toaster"}}, "blind", "toaster"),
        (of(a={"Imgae": "x"}), "field", "a field Imgae"),
        ({"status": "deprecated"}, "refused", "its author marks it deprecated"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], kind: str, words: str) -> None:
    ((found, text),) = remarks(change)
    assert (found, words in text) == (kind, True)


def test_the_same_condition_twice_is_seen_whatever_its_order() -> None:
    first = of(a={"Image": "x"}, b={"CommandLine": "y"})
    second = of(b={"CommandLine": "y"}, a={"Image": "x"})
    ((kind, text),) = remarks(first, second)
    assert (kind, text.startswith("it says the same as")) == ("twice", True)


def test_the_same_condition_of_another_log_is_not_the_same() -> None:
    assert remarks({}, {"logsource": {"category": "process_creation", "product": "macos"}}) == []


def test_expressions_cost_more_than_texts() -> None:
    texts, expressions = (
        pack_of([BASE | of(a={"Image": "x"})]).rules,
        pack_of([BASE | of(a={"Image|re": "x"})]).rules,
    )
    assert cost(texts[0]) < cost(expressions[0])


def test_our_own_rules_are_sound() -> None:
    found = check(load_pack([own_rules()]), catalogue())
    assert [one for one in found.remarks if one.kind in ("refused", "never", "blind", "twice")] == []


def test_the_command_ends_with_3_where_something_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", "check", str(rules(tmp_path / "good")), "--lang", "en"]) == 0
    assert "The costliest of 1 rules" in capsys.readouterr().out
    assert run(["rules", "check", str(rules(tmp_path / "bad", "title: [")), "--cases", "--lang", "en"]) == 3
    assert "refused: rule-0.yml" in capsys.readouterr().out


def test_rules_without_cases_are_named_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = rules(tmp_path / "rules")
    run(["rules", "check", str(folder), "--cases", "--lang", "en"])
    assert "no cases show" in capsys.readouterr().out
    (folder / "rule-0.cases.yml").write_text("speaks: []")
    run(["rules", "check", str(folder), "--cases", "--lang", "en"])
    assert "no cases show" not in capsys.readouterr().out

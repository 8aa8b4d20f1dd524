"""Why a rule spoke or was silent, counted in the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sakimori.cli import run
from sakimori.detection.sigma.explain import Explaining, Explanation
from sakimori.evidence.reading import batches_of
from sakimori.records.catalogue import catalogue
from sakimori.records.clock import Zone
from tests.small_evidence import RULE, lines, rules, started

DOCUMENT: dict[str, Any] = yaml.safe_load(RULE) | {
    "detection": {
        "image": {"Image|endswith": "\\notepad.exe"},
        "parent": {"ParentImage|endswith": "\\wscript.exe"},
        "filter": {"User": "EXAMPLE\\mei"},
        "condition": "image and parent and not filter",
    }
}


def explained(folder: Path, document: dict[str, Any], *events: dict[str, object]) -> Explanation:
    (folder / "a.json").write_bytes(lines(events))
    explaining = Explaining(document, catalogue())
    for batch in batches_of([folder / "a.json"], explaining.plan(), Zone()):
        explaining.look(batch)
    return explaining.explanation()


def test_it_fired_and_says_how_often_each_selection_held(tmp_path: Path) -> None:
    found = explained(tmp_path, DOCUMENT, started(1, User="x"), started(2), started(3, image="calc.exe"))
    assert (found.fired, dict(found.selections)) == (1, {"image": 2, "parent": 3, "filter": 2})
    assert sum(found.logs.values()) == 3


def test_one_selection_stood_in_the_way(tmp_path: Path) -> None:
    found = explained(tmp_path, DOCUMENT, started(1), started(2), started(3, image="calc.exe", User="x"))
    assert (found.fired, dict(found.one_away)) == (0, {"filter": 2, "image": 1})


def test_fields_that_no_record_fills_are_known(tmp_path: Path) -> None:
    document = DOCUMENT | {"detection": {"s": {"Company": "x", "Image": "y"}, "condition": "s"}}
    found = explained(tmp_path, document, started(1))
    assert found.empty == ("Company",)


def test_without_its_log_it_could_not_run(tmp_path: Path) -> None:
    document = DOCUMENT | {"logsource": {"product": "okta", "service": "okta"}}
    found = explained(tmp_path, document, started(1))
    assert (dict(found.logs), bool(found.answering)) == ({}, True)


def test_a_rule_that_asks_only_for_what_the_log_always_says_speaks_of_every_record(tmp_path: Path) -> None:
    document = DOCUMENT | {"detection": {"s": {"EventID": 1}, "condition": "s"}}
    found = explained(tmp_path, document, started(1), started(2))
    assert (found.fired, dict(found.selections)) == (2, {"s": 2})


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ("x", "It fired on 1 records."),
        ("EXAMPLE\\mei", "One selection alone stood in the way:\n  filter: 1 records"),
    ],
)
def test_the_command_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], user: str, words: str
) -> None:
    (tmp_path / "a.json").write_bytes(lines([started(1, User=user)]))
    folder = rules(tmp_path / "rules", yaml.safe_dump(DOCUMENT))
    words_ = [
        "rules",
        "explain",
        str(DOCUMENT["id"]),
        str(tmp_path / "a.json"),
        "--rules",
        str(folder),
        "--lang",
        "en",
    ]
    assert run(words_) == 0
    assert words in capsys.readouterr().out


def test_a_rule_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = rules(tmp_path / "rules")
    assert run(["rules", "explain", "nobody", str(tmp_path), "--rules", str(folder)]) == 2
    assert "no rule of that id or name" in capsys.readouterr().err

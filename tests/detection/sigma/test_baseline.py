"""Noise: what rules say on ordinary days, counted by host and day, with what they said it of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from sakimori.cli import run
from sakimori.detection.sigma.baseline import Noise, hits_in, noise_of
from sakimori.detection.sigma.engine import Engine
from sakimori.detection.sigma.pack import pack_of
from sakimori.evidence.reading import batches_of
from sakimori.records.catalogue import catalogue
from sakimori.records.clock import Zone
from tests.small_evidence import CORRELATION, RULE, lines, rules, started

DOCUMENT: dict[str, Any] = yaml.safe_load(RULE)
SECOND = {**DOCUMENT, "id": "0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b12", "title": "Calculator",
          "detection": {"s": {"Image|endswith": "\\calc.exe"}, "condition": "s"}}  # fmt: skip
ELSEWHERE = "ws-02.example.com"


def noise(folder: Path, *events: dict[str, object], documents: tuple[Any, ...] = (DOCUMENT,)) -> list[Noise]:
    (folder / "a.json").write_bytes(lines(events))
    engine = Engine(pack_of(documents), catalogue())
    return [*noise_of(hits_in(batches_of([folder / "a.json"], engine.plan(), Zone()), engine), engine)]


def test_events_hosts_days_and_host_days_are_counted(tmp_path: Path) -> None:
    later = {"EventTime": "2026-03-03 09:00:00", "UtcTime": "2026-03-03 09:00:00.000"}
    events = [started(1), started(2), started(3, **later), started(4, host=ELSEWHERE)]
    (found,) = noise(tmp_path, *events)
    assert (found.events, found.hosts, found.days, found.host_days) == (4, 2, 2, 3)
    assert found.per_host_day == pytest.approx(4 / 3)


def test_the_commonest_values_of_its_fields_come_first(tmp_path: Path) -> None:
    other = "C:\\Temp\\notepad.exe"
    (found,) = noise(tmp_path, started(1, Image=other), started(2), started(3))
    assert found.values["Image"] == (("C:\\Windows\\System32\\notepad.exe", 2), (other, 1))


def test_a_silent_rule_makes_no_noise(tmp_path: Path) -> None:
    assert noise(tmp_path, started(1, image="calc.exe")) == []


def test_an_event_exported_twice_counts_once(tmp_path: Path) -> None:
    (found,) = noise(tmp_path, started(1), started(1), started(2))
    assert found.events == 2


def test_what_speaks_on_most_hosts_comes_first_however_often_another_speaks(tmp_path: Path) -> None:
    many = [started(n) for n in range(10)]
    wide = [started(50, image="calc.exe"), started(51, image="calc.exe", host=ELSEWHERE)]
    found = noise(tmp_path, *many, *wide, documents=(DOCUMENT, SECOND))
    assert [(one.rule.title, one.hosts) for one in found] == [("Calculator", 2), (DOCUMENT["title"], 1)]


def test_a_rule_that_only_serves_a_correlation_is_left_out(tmp_path: Path) -> None:
    documents = (DOCUMENT, yaml.safe_load(CORRELATION))
    assert noise(tmp_path, started(1), documents=documents) == []


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAKIMORI_CACHE", str(tmp_path / "cache"))
    (tmp_path / "a.json").write_bytes(lines([started(1), started(2, Image="C:\\\x1b[31m\\notepad.exe")]))
    rules(tmp_path / "rules")
    return tmp_path


def test_the_command_says_it_and_nothing_in_it_acts_on_a_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rules", "noise", str(folder / "rules"), str(folder / "a.json"), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "1 of 1 rules spoke here." in said and "2 events on 1 hosts and 1 days, 2.0 a host-day" in said
    assert "\x1b" not in said


def test_the_command_writes_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["rules", "noise", str(folder / "rules"), str(folder / "a.json"), "--format", "json"])
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["id"], found["events"], found["events_per_host_day"]) == (DOCUMENT["id"], 2, 2.0)
    assert [one["events"] for one in found["values"]["Image"]] == [1, 1]


def test_the_command_speaks_japanese(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["rules", "noise", str(folder / "rules"), str(folder / "a.json"), "--lang", "ja"])
    assert "ルール" in capsys.readouterr().out

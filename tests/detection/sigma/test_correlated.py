"""Correlations end to end: evidence in several files, hits on disk, findings with names and places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sakimori.cli import run
from tests.small_evidence import CORRELATION, RULE, lines, rules, started

PLAIN = CORRELATION.replace("group-by: [Computer]", "group-by: [Computer, User]")


def hunted(folder: Path, *texts: str, files: dict[str, bytes], options: tuple[str, ...] = ()) -> list[dict]:
    evidence = folder / "evidence"
    evidence.mkdir()
    for name, data in files.items():
        (evidence / name).write_bytes(data)
    rules(folder / "rules", *texts)
    words = [
        "hunt",
        evidence,
        "--case",
        folder / "case",
        "--rules",
        folder / "rules",
        "--lang",
        "en",
        "--workers",
        "1",
    ]
    assert run([str(word) for word in (*words, *options)]) == 0
    return [json.loads(line) for line in (folder / "case" / "findings.jsonl").read_text().splitlines()]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKIMORI_CACHE", str(tmp_path / "cache"))


def test_five_events_in_two_files_within_five_minutes(tmp_path: Path) -> None:
    files = {
        "a.json": lines(started(n) for n in (3, 1, 5)),
        "b.json": lines([*(started(n) for n in (2, 4)), started(30), started(2, host="ws-02.example.com")]),
    }
    (found,) = hunted(tmp_path, RULE, PLAIN, files=files)
    assert found["because"] == (
        "5 events within 5m for Computer ws-01.example.com, User EXAMPLE\\mei: "
        "Notepad Started By A Script Host."
    )
    assert (found["detector"], found["count"]) == ("sigma:3f0d2a34-6a0b-4b43-9d4e-4f1d6b7a9c10", 5)
    assert (found["first_seen"], found["last_seen"]) == ("2026-03-02T09:01:00Z", "2026-03-02T09:05:00Z")
    assert found["severity"] == "high"
    assert found["subjects"][0] == {"type": "host", "value": "ws-01"}
    assert [(p["file"], p["record"]) for p in found["places"]] == [
        ("a.json", 1), ("a.json", 2), ("a.json", 3), ("b.json", 1), ("b.json", 2),
    ]  # fmt: skip


def test_an_export_given_twice_counts_once(tmp_path: Path) -> None:
    files = {
        "a.json": lines(started(n) for n in (1, 2, 3)),
        "b.json": lines(started(n) for n in (1, 2, 3, 30)),
    }
    assert hunted(tmp_path, RULE, PLAIN, files=files) == []


def test_the_rule_speaks_for_itself_where_the_author_wants_it(tmp_path: Path) -> None:
    files = {"a.json": lines(started(n) for n in (1, 2, 3))}
    loud = PLAIN.replace("    timespan", "    generate: true\n    timespan")
    (found,) = hunted(tmp_path, RULE, loud, files=files)
    assert found["count"] == 3


def test_a_field_no_rule_and_no_table_asks_for_is_brought_along(tmp_path: Path) -> None:
    files = {"a.json": lines(started(n, IntegrityHint=f"h{n % 2}") for n in range(1, 7))}
    counted = PLAIN.replace("type: event_count", "type: value_count")
    counted = counted.replace("condition: {gte: 5}", "condition: {field: IntegrityHint, gte: 2}")
    (found,) = hunted(tmp_path, RULE, counted, files=files)
    assert "in which the number of different values of IntegrityHint is 2" in found["because"]


def test_absence_needs_leave(tmp_path: Path) -> None:
    other = (
        RULE.replace("0d3c7d1e", "0d3c7d1f")
        .replace("notepad", "calc")
        .replace("title: N", "name: calc\ntitle: N2")
    )
    absent = PLAIN.replace("type: event_count", "type: temporal")
    absent = absent.replace("rules: [0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b11]", "rules: [note, calc]")
    absent = absent.replace("condition: {gte: 5}", "condition: note and not calc")
    named = RULE.replace("title: N", "name: note\ntitle: N")
    files = {
        "a.json": lines([started(1), started(30), started(31, image="calc.exe"), started(50, image="x.exe")])
    }
    (tmp_path / "without").mkdir()
    assert {f["detector"][6:14] for f in hunted(tmp_path / "without", named, other, absent, files=files)} == {
        "0d3c7d1e", "0d3c7d1f",
    }  # fmt: skip
    (tmp_path / "with").mkdir()
    (found,) = hunted(tmp_path / "with", named, other, absent, files=files, options=("--absence",))
    assert (found["detector"][6:14], found["first_seen"]) == ("3f0d2a34", "2026-03-02T09:01:00Z")

"""What `hunt --out` writes besides the case: each in the form its readers import."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from sakimori.cli.hunting import Export
from sakimori.findings import moment
from sakimori.response.exports import EXPORTS
from tests.response.sample_case import make_case

CASE = make_case()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_command_offers_what_there_is() -> None:
    assert set(get_args(Export)) == set(EXPORTS)


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_the_same_bytes_again(tmp_path: Path, name: str) -> None:
    first = EXPORTS[name](CASE, tmp_path).read_bytes()
    assert EXPORTS[name](CASE, tmp_path).read_bytes() == first


def test_timesketch_finds_the_fields_it_needs_in_order_of_time(tmp_path: Path) -> None:
    found = lines(EXPORTS["timesketch"](CASE, tmp_path))
    assert all(row["message"] and row["datetime"] and row["timestamp_desc"] for row in found)
    assert [row["datetime"] for row in found] == sorted(row["datetime"] for row in found)
    begun = [row["finding"] for row in found if row["timestamp_desc"] == "First seen"]
    assert sorted(begun) == sorted(f.id for f in CASE.findings if f.first_seen is not None)


def test_the_timeline_is_a_table_that_calculates_nothing(tmp_path: Path) -> None:
    evil = replace(CASE.findings[0], title="=HYPERLINK(1)")
    path = EXPORTS["timeline"](replace(CASE, findings=(evil,)), tmp_path)
    header, first, *_ = csv.reader(path.read_text("utf-8-sig").splitlines())
    assert header[:3] == ["datetime", "timestamp_desc", "message"]
    assert first[0] == moment(evil.first_seen)
    assert not any(cell.startswith("=") for cell in first)


def test_the_navigator_gets_three_states_and_the_version_of_the_ids(tmp_path: Path) -> None:
    found = json.loads(EXPORTS["navigator"](CASE, tmp_path).read_text("utf-8"))
    assert found["versions"] == {"attack": "18", "navigator": "5.1.0", "layer": "4.5"}
    by_id = {entry["techniqueID"]: entry for entry in found["techniques"]}
    seen = {technique for finding in CASE.findings for technique in finding.techniques}
    assert {name for name, entry in by_id.items() if entry["comment"] == "seen"} == seen
    assert all(by_id[name]["score"] >= 1 for name in seen)
    assert {entry["comment"] for entry in by_id.values()} <= {"seen", "could have been seen", "blind"}


def test_ecs_alerts_say_what_when_and_who(tmp_path: Path) -> None:
    found = lines(EXPORTS["ecs"](CASE, tmp_path))
    assert [row["event"]["id"] for row in found] == [finding.id for finding in CASE.findings]
    first, finding = found[0], CASE.findings[0]
    assert first["@timestamp"] == moment(finding.first_seen)
    assert first["threat"]["technique"]["id"] == list(finding.techniques)
    hosts = [subject.value for subject in finding.subjects if subject.type == "host"]
    assert first["related"]["hosts"] == hosts

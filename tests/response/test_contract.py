"""The output contract: shapes by schema, the same bytes for the same case, private files, harmless text."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import stat
import unicodedata
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sakimori.errors import UsageError
from sakimori.response.case import Case
from sakimori.response.contract import write_contract
from sakimori.response.folder import write_file
from sakimori.response.ocsf import write_ocsf
from tests.response.corpus import HOSTILE
from tests.response.sample_case import make_case, nothing_found, poisoned

hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def schema(name: str) -> Draft202012Validator:
    document = json.loads(files("sakimori.response.schemas").joinpath(f"{name}.json").read_text())
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("case", [make_case(), nothing_found()], ids=["a case", "a quiet case"])
def test_every_output_keeps_its_schema(case: Case, tmp_path: Path) -> None:
    write_contract(case, tmp_path)
    found = lines(tmp_path / "findings.jsonl")
    assert [list(schema("finding").iter_errors(one)) for one in found] == [[]] * len(case.findings)
    assert list(schema("incidents").iter_errors(json.loads((tmp_path / "incidents.json").read_text()))) == []
    assert list(schema("manifest").iter_errors(json.loads((tmp_path / "manifest.json").read_text()))) == []


def test_a_schema_notices_a_missing_key(tmp_path: Path) -> None:
    write_contract(make_case(), tmp_path)
    one = lines(tmp_path / "findings.jsonl")[0]
    del one["because"]
    assert [error.message for error in schema("finding").iter_errors(one)] == [
        "'because' is a required property"
    ]


def test_a_finding_reads_as_it_was_found(tmp_path: Path) -> None:
    case = make_case()
    write_contract(case, tmp_path)
    first = lines(tmp_path / "findings.jsonl")[0]
    known = case.findings[0]
    assert first["id"] == known.id
    assert first["subjects"][0] == {"type": "host", "value": known.subjects[0].value}
    assert first["first_seen"] == "2026-03-01T08:00:00Z"
    assert first["count"] == 1 and len(first["places"]) == 1
    assert first["facts"] == dict(known.facts) and first["source"]["license"] == "Apache-2.0"


def test_incidents_are_a_ranked_list_that_names_nobody(tmp_path: Path) -> None:
    write_contract(make_case(), tmp_path)
    incidents = json.loads((tmp_path / "incidents.json").read_text())
    assert [i["rank"] for i in incidents] == [1, 2, 3]
    told = [i["known_activity"] for i in incidents]
    assert [(one["level"], one["similar"], one["hunts"]) for one in told] == [
        ("L1", [], []), ("L0", [], []), ("L0", [], []),
    ]  # fmt: skip
    assert [[option["kind"] for option in one["options"]] for one in told] == [["unknown"]] * 3
    assert [i["score"] for i in incidents] == [sum(p["points"] for p in i["score_parts"]) for i in incidents]


def test_the_order_of_findings_and_files_does_not_change_a_byte(tmp_path: Path) -> None:
    case = make_case()
    shuffled = list(case.findings)
    random.Random(7).shuffle(shuffled)
    other = replace(
        case,
        findings=tuple(shuffled),
        incidents=case.incidents[::-1],
        manifest=replace(case.manifest, files=case.manifest.files[::-1], unread=case.manifest.unread[::-1]),
    )
    left, right = tmp_path / "left", tmp_path / "right"
    names = [path.name for path in write_contract(case, left)]
    write_contract(other, right)
    assert {n: (left / n).read_bytes() for n in names} == {n: (right / n).read_bytes() for n in names}


def test_the_folder_is_private_and_holds_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    written = (*write_contract(make_case(), folder), write_ocsf(make_case(), folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in written} == {0o600}
    assert sorted(folder.iterdir()) == sorted(written)
    assert sorted(tmp_path.iterdir()) == [folder]


def test_a_link_in_the_case_folder_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    folder = tmp_path / "case"
    folder.mkdir()
    (folder / "findings.jsonl").symlink_to(tmp_path / "mine.txt")
    write_contract(make_case(), folder)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not (folder / "findings.jsonl").is_symlink()


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", ".."])
def test_a_name_that_leads_outside_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not the name of a file in the case folder"):
        write_file(tmp_path, name, [b"x"])


def test_a_broken_write_leaves_the_old_file(tmp_path: Path) -> None:
    def half() -> Any:
        yield b"half"
        raise OSError(28, os.strerror(28))

    write_file(tmp_path, "a.json", [b"old"])
    with pytest.raises(UsageError, match="cannot be written"):
        write_file(tmp_path, "a.json", half())
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a.json", b"old")]


@hostile
def test_hostile_text_survives_in_json_and_acts_on_nothing(text: str, tmp_path: Path) -> None:
    case = poisoned(text)
    paths = (*write_contract(case, tmp_path), write_ocsf(case, tmp_path))
    raw = {p.name: p.read_bytes().decode() for p in paths}
    assert {
        name: re.findall(
            r"[^\S\r\n ]|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", body
        )
        for name, body in raw.items()
    } == {key: [] for key in raw}
    (found,) = lines(tmp_path / "findings.jsonl")
    whole = text.replace("\ud800", "\ufffd")
    assert (found["title"], found["because"], found["places"][0]["file"]) == (whole, whole, whole)
    assert json.loads((tmp_path / "incidents.json").read_text())[0]["title"] == whole
    (event,) = lines(tmp_path / "findings.ocsf.jsonl")
    assert event["finding_info"]["title"] == whole


@hostile
def test_hostile_text_stays_in_its_csv_cell_and_is_not_calculated(text: str, tmp_path: Path) -> None:
    write_contract(poisoned(text), tmp_path)
    with (tmp_path / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [len(row) for row in rows] == [15, 15]
    for cell in rows[1]:
        assert not re.match(r"[\s\"']*(?<!')[=+\-@\t\r]", cell)
        assert [c for c in cell if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")] == []


def test_csv_names_the_incident_of_each_finding(tmp_path: Path) -> None:
    case = make_case()
    write_contract(case, tmp_path)
    with (tmp_path / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(case.findings)
    in_first = {f.id for f in case.incidents[0].findings}
    assert {row["id"] for row in rows if row["incidents"] == case.incidents[0].id} == in_first
    assert rows[0]["subjects"].startswith("host: ")


def test_ocsf_events_are_detection_findings_with_their_class_and_time(tmp_path: Path) -> None:
    write_ocsf(make_case(), tmp_path)
    events = lines(tmp_path / "findings.ocsf.jsonl")
    assert {(e["class_uid"], e["category_uid"], e["type_uid"], e["metadata"]["version"]) for e in events} == {
        (2004, 2, 200401, "1.5.0")
    }
    worst = next(e for e in events if e["finding_info"]["title"] == "Memory of the security process is read")
    assert (worst["severity_id"], worst["severity"], worst["time"]) == (5, "Critical", 1772537418000)
    assert worst["finding_info"]["attacks"] == [
        {"technique": {"uid": "T1003"}, "sub_technique": {"uid": "T1003.001"}}
    ]
    assert worst["observables"][0] == {
        "name": "unmapped.subjects[0].value",
        "type_id": 1,
        "type": "Hostname",
        "value": "dev-07",
    }

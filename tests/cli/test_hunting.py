"""`sakimori hunt` as its users meet it: exit codes, the case folder, the same answer every time."""

from __future__ import annotations

import json
import re
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sakimori.cli import run
from tests.small_evidence import CORRELATION, RULE, lines, rules, started


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Two exports of one host and one of another, the last inside a zip."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "b.json").write_bytes(lines(started(n) for n in range(1, 6)))
    (folder / "a.json").write_bytes(lines(started(n, image="calc.exe") for n in range(10, 40)))
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("inner.json", lines(started(n, host="ws-02.example.com") for n in range(3)))
    return folder


@pytest.fixture
def hunt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs a hunt into the case folder `case` with the test's rule."""
    monkeypatch.setenv("SAKIMORI_CACHE", str(tmp_path / "cache"))
    rules(tmp_path / "rules")

    def run_hunt(*arguments: object, case: str = "case") -> int:
        options = ["--rules", tmp_path / "rules", "--workers", 1, "--lang", "en"]
        words = ["hunt", *arguments, "--case", tmp_path / case, *([] if "--rules" in arguments else options)]
        return run([str(word) for word in words])

    return run_hunt


def findings(case: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (case / "findings.jsonl").read_text().splitlines()]


def test_findings_stand_on_the_records_that_made_them(hunt, evidence: Path, tmp_path: Path) -> None:
    assert hunt(evidence) == 0
    found = {(f["subjects"][0]["value"], f["count"]): f for f in findings(tmp_path / "case")}
    assert set(found) == {("ws-01", 5), ("ws-02", 3)}
    assert [place["file"] for place in found["ws-02", 3]["places"]] == ["c.zip!inner.json"] * 3
    assert [place["record"] for place in found["ws-01", 5]["places"]] == [1, 2, 3, 4, 5]
    assert found["ws-01", 5]["first_seen"] == "2026-03-02T09:01:00Z"


def test_the_case_is_the_same_whatever_the_order_and_the_workers(
    hunt, evidence: Path, tmp_path: Path
) -> None:
    turned = tmp_path / "turned" / "evidence"
    turned.mkdir(parents=True)
    for name in ("c.zip", "b.json", "a.json"):
        shutil.copy(evidence / name, turned / name)
    hunt(evidence, case="one")
    hunt(turned, "--workers", 3, "--rules", tmp_path / "rules", "--lang", "en", case="two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def contents(case: Path) -> dict[str, bytes]:
    """Every file of a case but its lock; the manifest and the page without the seconds."""
    found = {}
    for file in sorted(case.rglob("*")):
        if file.is_file() and file.name != "lock":
            found[file.relative_to(case).as_posix()] = file.read_bytes()
    manifest = json.loads(found["manifest.json"])
    del manifest["seconds"]
    found["manifest.json"] = json.dumps(manifest).encode()
    found["report.html"] = re.sub(rb"\d+\.\d\s?(s|\xe7\xa7\x92)", b"", found["report.html"])
    return found


def test_the_same_evidence_twice_adds_nothing(hunt, evidence: Path, tmp_path: Path) -> None:
    hunt(evidence)
    before = findings(tmp_path / "case")
    hunt(evidence)
    assert findings(tmp_path / "case") == before
    assert len(list((tmp_path / "case/store/segments").iterdir())) == 1


def test_a_hunt_goes_on_where_it_was_interrupted(hunt, evidence: Path, tmp_path: Path) -> None:
    hunt(evidence, case="whole")
    half = tmp_path / "case" / "store" / "staging" / "half-written"
    half.mkdir(parents=True)
    (half / "windows_sysmon_1.parquet").write_bytes(b"PAR1 cut off")
    hunt(evidence)
    assert findings(tmp_path / "case") == findings(tmp_path / "whole")
    assert not half.exists()


def test_overlapping_exports_count_an_event_once(hunt, evidence: Path, tmp_path: Path) -> None:
    (evidence / "again.json").write_bytes(lines(started(n) for n in range(3, 8)))
    hunt(evidence)
    counts = {f["subjects"][0]["value"]: f["count"] for f in findings(tmp_path / "case")}
    assert counts == {"ws-01": 7, "ws-02": 3}
    assert json.loads((tmp_path / "case/manifest.json").read_text())["totals"]["duplicates"] == 3


def test_a_copy_of_a_file_is_named_and_not_read_twice(hunt, evidence: Path, tmp_path: Path) -> None:
    shutil.copy(evidence / "b.json", evidence / "b-copy.json")
    hunt(evidence)
    files = {f["path"]: f for f in json.loads((tmp_path / "case/manifest.json").read_text())["files"]}
    assert (files["b.json"]["format"], files["b.json"]["records"]) == ("copy", 0)
    assert "b-copy.json" in files["b.json"]["note"]


def test_incidents_can_fail_a_script(hunt, evidence: Path) -> None:
    assert hunt(evidence, "--fail-on", "incidents") == 10


def test_damaged_evidence_is_read_as_far_as_it_goes(hunt, evidence: Path, tmp_path: Path, capsys) -> None:
    (evidence / "cut.json").write_bytes(lines([started(49), started(50)])[:-40])
    assert hunt(evidence) == 3
    (unread,) = json.loads((tmp_path / "case/manifest.json").read_text())["unread"]
    assert unread["file"] == "cut.json"


@pytest.mark.parametrize(
    ("made", "code", "words"),
    [
        (lambda folder: None, 2, "does not exist"),
        (lambda folder: folder.mkdir(), 2, "no file"),
        (
            lambda folder: (
                folder.mkdir(),
                (folder / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(90)),
            )[0],
            0,  # no log, but a file like any other: it is hashed and told apart
            "",
        ),
    ],
    ids=["missing", "empty", "pictures"],
)
def test_nothing_to_read_gets_one_clear_sentence(hunt, tmp_path, capsys, made, code, words) -> None:
    made(tmp_path / "given")
    assert hunt(tmp_path / "given") == code
    said = capsys.readouterr()
    assert words in said.err
    assert "Traceback" not in said.err + said.out


def test_wrong_options_are_usage(hunt, evidence: Path, tmp_path: Path, capsys) -> None:
    assert hunt(evidence, "--zone", "Mars/Olympus") == 2
    assert hunt(evidence, "--since", "yesterday") == 2
    assert hunt(evidence, "--memory", "1MB") == 2
    assert hunt(evidence, "--frobnicate") == 2
    assert hunt(evidence, "--rules", tmp_path / "absent") == 2


def test_rules_that_cannot_be_honoured_are_refused_by_name(hunt, evidence: Path, tmp_path: Path) -> None:
    pack = rules(tmp_path / "pack", RULE, CORRELATION, "title: [broken", RULE)
    hunt(evidence, "--rules", pack, "--workers", 1)
    told = json.loads((tmp_path / "case/manifest.json").read_text())["rules"]
    assert told["loaded"] == 1
    assert [refused["name"] for refused in told["refused"]] == [
        "0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b11", "rule-2.yml",
    ]  # fmt: skip


def test_since_and_until_bound_the_findings(hunt, evidence: Path, tmp_path: Path) -> None:
    hunt(evidence, "--since", "2026-03-02T09:02:00Z", "--until", "2026-03-02T09:04:00Z")
    assert {f["subjects"][0]["value"]: f["count"] for f in findings(tmp_path / "case")} == {
        "ws-01": 2,
        "ws-02": 1,
    }


def test_synthetic_and_real_records_are_not_mixed(hunt, evidence: Path, capsys) -> None:
    drill = [started(n, host="ws-09.example.com", Mark="SAKIMORI-SYNTHETIC") for n in range(3)]
    (evidence / "drill.json").write_bytes(lines(drill))
    assert hunt(evidence) == 3
    assert "synthetic" in capsys.readouterr().err


def test_the_case_is_private_and_nothing_is_written_elsewhere(hunt, evidence: Path, tmp_path: Path) -> None:
    before = {file for file in tmp_path.rglob("*") if "case" not in file.parts}
    hunt(evidence)
    assert stat.S_IMODE((tmp_path / "case").stat().st_mode) == 0o700
    outside = {file for file in tmp_path.rglob("*") if file.is_relative_to(tmp_path / "case") is False}
    assert {file for file in outside - before if not file.is_relative_to(tmp_path / "cache")} == set()


def test_show_prints_the_original_record_and_tells_of_changes(
    hunt, evidence: Path, tmp_path: Path, capsys
) -> None:
    hunt(evidence)
    capsys.readouterr()
    words = ["show", "b.json#2", "--case", str(tmp_path / "case"), "--evidence", str(evidence)]
    assert run(words) == 0
    assert "report-2.txt" in capsys.readouterr().out
    (evidence / "b.json").write_bytes(lines(started(n, User="EXAMPLE\\eve") for n in range(1, 6)))
    assert run(words) == 3
    assert "has changed" in capsys.readouterr().err


def test_json_for_scripts_is_the_incidents_file(hunt, evidence: Path, tmp_path: Path, capsys) -> None:
    hunt(evidence, "--format", "json")
    assert json.loads(capsys.readouterr().out) == json.loads((tmp_path / "case/incidents.json").read_text())

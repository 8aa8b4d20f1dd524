"""`sakimori intel add` to a finding: what was pasted is kept, looked for, and its age is in the case."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sakimori.cli import run
from tests.small_evidence import lines, rules, started

SHA256 = "ab" * 32


@pytest.fixture
def intel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs `sakimori intel` in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SAKIMORI_CACHE", str(tmp_path / "cache"))
    return lambda *words: run(
        ["intel", *map(str, words), *(["--lang", "en"] if "--lang" not in words else [])]
    )


def test_what_is_pasted_is_found_by_the_next_hunt(
    intel: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pasted = io.TextIOWrapper(io.BytesIO(f"Look for {SHA256.upper()}, seen at c2[.]example[.]com.".encode()))
    monkeypatch.setattr(sys, "stdin", pasted)
    assert intel("add", "-", "--source", "Police", "--first-seen", "2026-02-20", "--tag", "synthetic") == 0
    (tmp_path / "evidence").mkdir()
    events = [started(1, Hashes=f"SHA256={SHA256.upper()}"), started(2)]
    (tmp_path / "evidence" / "a.json").write_bytes(lines(events))
    rules(tmp_path / "rules")
    assert (
        run(["hunt", "evidence", "--rules", "rules", "--workers", "1", "--case", "case", "--lang", "en"]) == 0
    )
    found = [json.loads(line) for line in (tmp_path / "case/findings.jsonl").read_text().splitlines()]
    (one,) = [finding for finding in found if finding["detector"].startswith("indicator:hash:")]
    assert one["because"] == f"ws-01 met {SHA256}, last reported 10 days before (sources: 1; Police)."
    versions = json.loads((tmp_path / "case/manifest.json").read_text())["versions"]
    assert versions["indicators indicators.jsonl"].endswith(f"sha256 {manifest(tmp_path)['sha256'][:16]}")
    assert "as its manifest says" in versions["indicators indicators.jsonl"]


def manifest(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "indicators.jsonl.manifest.json").read_text())
    return found


def test_a_second_list_is_joined_with_the_first(intel: Callable[..., int], tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "one.csv").write_text("type,value,source\ndomain,bad.top,A\n")
    (tmp_path / "two.txt").write_text("# Reference: https://b.example/1\nbad.top\nworse.top\n")
    assert intel("import", "one.csv", "two.txt") == 0
    assert "domain: 2" in capsys.readouterr().out
    kept = [json.loads(line) for line in (tmp_path / "indicators.jsonl").read_text().splitlines()]
    assert [(one["value"], [s["name"] for s in one["sources"]]) for one in kept] == [
        ("bad.top", ["A", "b.example"]),
        ("worse.top", ["b.example"]),
    ]
    assert intel("list-indicators") == 0
    assert "indicators.jsonl holds 2 indicators" in capsys.readouterr().out


def test_a_file_changed_since_says_so(intel: Callable[..., int], tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    intel("add", "bad[.]top")
    with (tmp_path / "indicators.jsonl").open("a") as file:
        file.write("not an indicator\n")
    capsys.readouterr()
    assert intel("list-indicators") == 3
    told = capsys.readouterr().out
    assert "It was changed since its manifest was written." in told
    assert "1 lines hold no indicator; the first is line 2." in told


@pytest.mark.parametrize(
    "words",
    [
        ("add", "bad[.]top", "--first-seen", "soon"),
        ("add", "bad[.]top", "--tag", "purple"),
        ("add", "bad[.]top", "--sorce", "CERT"),
        ("import", "absent.csv"),
        ("list-indicators", "absent.jsonl"),
    ],
)
def test_what_cannot_be_done_is_said(intel: Callable[..., int], words: tuple[str, ...]) -> None:
    assert intel(*words) == 2


def test_nothing_taken_is_no_success(intel: Callable[..., int], tmp_path: Path) -> None:
    assert intel("add", "nothing here") == 3
    assert not (tmp_path / "indicators.jsonl").exists()


def test_a_missing_file_is_said_before_anything_is_read(intel: Callable[..., int], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(lines([started(1)]))
    assert run(["hunt", "a.json", "--indicators", "absent.jsonl", "--case", "case"]) == 2
    assert not (tmp_path / "case").exists()

"""`sakimori dlp` to a hunt: registered, sighted, and told without the value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sakimori.cli import run
from tests.small_evidence import lines

CARD = "4111111111111111"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C")
    (tmp_path / "evidence").mkdir()
    event = {
        "EventID": 11, "Channel": "Microsoft-Windows-Sysmon/Operational",
        "SourceName": "Microsoft-Windows-Sysmon", "Hostname": "ws-01.example.com", "RecordNumber": 1,
        "EventTime": "2026-03-02 09:00:00",
        "UtcTime": "2026-03-02 09:00:00.000", "User": "EXAMPLE\\mei", "Image": "C:\\Windows\\explorer.exe",
        "TargetFilename": f"D:\\send\\statement {CARD}.pdf",
    }  # fmt: skip
    (tmp_path / "evidence" / "sysmon.json").write_bytes(lines([event]))
    return tmp_path


def found(house: Path) -> list[dict[str, str]]:
    findings = (house / "case" / "findings.jsonl").read_text().splitlines()
    return [one for one in map(json.loads, findings) if one["detector"].startswith("dlp:")]


def hunt(*more: str) -> int:
    return run(["hunt", "evidence", "--case", "case", *more])


def test_what_is_registered_is_sighted_and_not_told(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dlp", "key", "dlp.key"]) == 0
    asked = ["dlp", "register", "--to", "dlp.json", "--key", "dlp.key", "--owner", "Mori", "--label", "cards"]
    assert run([*asked, "--identifier", "card"]) == 0
    assert run([*asked, "--class", "*.kdbx"]) == 0
    capsys.readouterr()
    assert run(["dlp", "list", "dlp.json", "--key", "dlp.key"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.partition(";")[0] for line in listed] == [
        "identifier: cards (keyed hashes: 0)", "class: cards (keyed hashes: 0)",
    ]  # fmt: skip
    assert hunt("--dlp", "dlp.json", "--dlp-key", "dlp.key") == 0
    (one,) = found(house)
    assert (one["detector"], one["severity"]) == ("dlp:card:cards", "low")
    assert CARD not in json.dumps(one)


def test_it_is_off_without_a_register(house: Path) -> None:
    assert hunt() == 0
    assert found(house) == []


def test_a_register_without_its_key_is_refused_before_anything_is_read(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hunt("--dlp", "dlp.json") == 2
    assert "belong together" in capsys.readouterr().err
    assert run(["dlp", "key", "dlp.key"]) == 0
    assert hunt("--dlp", "nowhere.json", "--dlp-key", "dlp.key") == 2
    assert not (house / "case" / "findings.jsonl").exists()


def test_a_register_of_nothing_is_refused(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dlp", "key", "dlp.key"]) == 0
    asked = ["dlp", "register", "--to", "dlp.json", "--key", "dlp.key", "--owner", "Mori", "--label", "x"]
    assert run(asked) == 2
    assert "nothing to register" in capsys.readouterr().err

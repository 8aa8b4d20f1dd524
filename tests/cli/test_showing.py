"""`sakimori show` as its users meet it: a log's record as it stands, a file's row, changed evidence named."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from sakimori.cli import run
from tests.small_evidence import lines, rules, started

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(90)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hunt in a log, a picture, and an archive that holds both a picture and text."""
    monkeypatch.setenv("SAKIMORI_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "a.json").write_bytes(lines([started(1), started(2)]))
    (folder / "cat.png").write_bytes(PICTURE)
    with zipfile.ZipFile(folder / "box.zip", "w") as box:
        box.writestr("dog.png", PICTURE[:-1])
    asked = ["--case", tmp_path / "case", "--rules", rules(tmp_path / "rules"), "--workers", 1]
    assert run(["hunt", str(folder), *map(str, asked), "--lang", "en"]) == 0
    return tmp_path


def show(house: Path, place: str) -> int:
    """The exit code of showing a place."""
    return run(["show", place, "--case", str(house / "case"), "--evidence", str(house / "evidence")])


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("a.json#2", '"CommandLine": "notepad.exe report-2.txt"'),
        ("cat.png#1", '"Kind": "png"'),
        ("box.zip!dog.png#1", '"Kind": "png"'),
    ],
)
def test_a_record_is_shown_whatever_it_stands_in(
    house: Path, capsys: pytest.CaptureFixture[str], place: str, words: str
) -> None:
    assert show(house, place) == 0
    assert words in capsys.readouterr().out


def test_a_file_that_changed_since_the_hunt_is_named(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (house / "evidence" / "cat.png").write_bytes(PICTURE + b"x")
    assert show(house, "cat.png#1") == 3
    assert "cat.png has changed since the hunt" in capsys.readouterr().err


def test_a_record_that_is_not_there_is_named(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert show(house, "a.json#99") == 3
    assert "a.json has no record 99." in capsys.readouterr().err

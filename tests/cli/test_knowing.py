"""`sakimori intel`: a card, a list, an export, and their exit codes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from sakimori.cli import run


def test_a_card_says_who_says_so_and_accuses_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intel", "show", "Diamond", "Sleet", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Who says so:" in said
    assert "overlaps: Diamond Sleet (Microsoft; Microsoft, 2023-11-22)" in said
    assert said.endswith("It does not say who is behind an incident of yours.\n")


def test_a_card_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intel", "show", "ラザロ", "--lang", "ja"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("ラザルス・グループ(総称)")
    assert "Who says so" not in said


def test_a_correction_stands_on_the_card(capsys: pytest.CaptureFixture[str]) -> None:
    run(["intel", "show", "Tien Phong Bank", "--lang", "en"])
    assert "The article's claim A27 (wrong)" in capsys.readouterr().out


def test_no_record_is_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intel", "show", "Kimsuki", "--lang", "en"]) == 1
    assert capsys.readouterr().out == "No record of Kimsuki.\nPerhaps you mean: Kimsuky\n"


def test_a_card_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intel", "show", "T1070.001", "--format", "json"]) == 0
    card = orjson.loads(capsys.readouterr().out)
    assert (card["kind"], card["record"]["current"], card["record"]["version"]) == (
        "technique",
        "T1685.005",
        "18.1",
    )


def test_a_text_cannot_write_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    run(["intel", "show", "\x1b[31mred", "--lang", "en"])
    assert "\x1b" not in capsys.readouterr().out


def test_a_reader_who_has_seen_enough_is_no_mistake() -> None:
    code = "from sakimori.cli import main; main(['intel', 'list', 'names'])"
    piped = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdout=piped, stderr=piped) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


@pytest.mark.parametrize(
    "what", ["clusters", "names", "operations", "families", "measures", "flags", "accounts"]
)
def test_what_is_listed(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["intel", "list", what, "--lang", "ja"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= 4


def test_an_unknown_list_is_a_usage_error() -> None:
    assert run(["intel", "list", "horses"]) == 2


def test_the_export_is_written(tmp_path: Path) -> None:
    assert run(["intel", "export", "--stix", str(tmp_path / "base.json")]) == 0
    assert orjson.loads((tmp_path / "base.json").read_bytes())["type"] == "bundle"


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    assert run(["intel", "export", "--stix", str(tmp_path / "no" / "base.json")]) == 2

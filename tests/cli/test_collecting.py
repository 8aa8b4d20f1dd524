"""`sakimori collect`: the checklist, the note of an acquisition, and what a hunt makes of it."""

from __future__ import annotations

import hashlib
import html
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from sakimori.cli import run
from sakimori.evidence.acquisitions import AcquisitionRecord
from sakimori.knowledge.sources import log_sources
from sakimori.records.batch import Batch
from sakimori.records.catalogue import catalogue
from sakimori.records.plan import stored_only
from tests.evidence.reading import source
from tests.small_evidence import lines, rules, started


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["collect", *arguments]) == 0
    return capsys.readouterr().out


def test_the_checklist_comes_in_order_of_expiry(capsys) -> None:
    text = printed(capsys, "--lang", "en")
    ids = re.findall(r"^\[ \] \d+\. .*\((\w+)\)$", text, re.MULTILINE)
    assert ids == [one.id for one in log_sources()]


def test_it_speaks_japanese(capsys) -> None:
    text = printed(capsys, "--lang", "ja", "--have", "okta")
    assert text.splitlines()[0] == "取得すべきログ(失われる順)"
    assert "保存期間: 90 日(全エディション)" in text


def test_only_what_one_has_and_what_expires_soon(capsys) -> None:
    found = json.loads(printed(capsys, "--have", "github,aws", "--within", "7", "--format", "json"))
    assert [one["id"] for one in found] == ["github_git_events"]
    assert found[0]["kept"] == [{"days": 7, "under": {"en": "Enterprise Cloud", "ja": "Enterprise Cloud"}}]


def test_markdown_has_a_box_for_each(capsys) -> None:
    text = printed(capsys, "--format", "markdown", "--have", "duo,slack", "--lang", "en")
    assert len(re.findall(r"^- \[ \] \*\*", text, re.MULTILINE)) == 2


def test_the_page_for_paper_has_both_tongues_and_no_script(capsys) -> None:
    page = printed(capsys, "--format", "html", "--lang", "ja")
    assert (
        page.count('<div class="lang" lang="en">')
        == page.count('<div class="lang" lang="ja">')
        == len(log_sources())
    )
    assert page.index('lang="ja"') < page.index('lang="en"')
    assert "@page{size:A4" in page
    assert "<script" not in page and "default-src 'none'" in html.unescape(page)


def test_an_unknown_product_is_a_mistake_in_the_command(capsys) -> None:
    assert run(["collect", "--have", "nothing"]) == 2
    assert "--have nothing: not known" in capsys.readouterr().err


def note(folder: Path) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads((folder / "acquisition.json").read_text())
    schema = json.loads(files("sakimori.response.schemas").joinpath("acquisition.json").read_text())
    assert list(Draft202012Validator(schema).iter_errors(found)) == []
    return found


def write_down(evidence: Path, *options: str) -> int:
    base = ["--by", "M. Sato", "--from", "example.com", "--when", "2026-03-05T01:00:00Z"]
    return run(["collect", "record", str(evidence), *base, *options])


def test_an_acquisition_is_written_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    options = ("--source", "okta_system_log", "--query", "since 2026-03-01", "--tool", "curl 8.5")
    assert write_down(tmp_path / "a.json", *options) == 0
    (entry,) = note(tmp_path)["acquisitions"]
    assert entry["by"], entry["tenant"] == ("M. Sato", "example.com")
    assert entry["acquired"] == "2026-03-05T01:00:00Z"
    assert (entry["query"], entry["tool"]) == ("since 2026-03-01", "curl 8.5")
    assert entry["files"] == [{"path": "a.json", "bytes": 2, "sha256": hashlib.sha256(b"{}").hexdigest()}]


def test_a_second_acquisition_is_added_and_names_no_note(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/b.json").write_bytes(b"[]")
    assert write_down(tmp_path) == write_down(tmp_path) == 0
    found = note(tmp_path)["acquisitions"]
    assert [[file["path"] for file in entry["files"]] for entry in found] == [["sub/b.json"]] * 2


def test_a_file_of_that_name_that_is_not_ours_is_left_alone(tmp_path: Path, capsys) -> None:
    (tmp_path / "acquisition.json").write_text('{"acquisitions": 3}')
    (tmp_path / "a.json").write_bytes(b"{}")
    assert write_down(tmp_path / "a.json") == 2
    assert "not a note of ours" in capsys.readouterr().err
    assert (tmp_path / "acquisition.json").read_text() == '{"acquisitions": 3}'


def test_a_source_that_is_not_in_the_checklist_is_refused(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.json").write_bytes(b"{}")
    assert write_down(tmp_path / "a.json", "--source", "otka") == 2
    assert "--source otka" in capsys.readouterr().err


@pytest.fixture
def hunted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Hunts in `tmp_path/evidence` and gives the exit code and the manifest's files by path."""
    monkeypatch.setenv("SAKIMORI_CACHE", str(tmp_path / "cache"))
    rules(tmp_path / "rules")

    def hunt() -> tuple[int, dict[str, dict[str, object]]]:
        case = tmp_path / "case"
        code = run(
            ["hunt", str(tmp_path / "evidence"), "--case", str(case), "--rules", str(tmp_path / "rules"),
             "--workers", "1", "--lang", "en"]
        )  # fmt: skip
        manifest = json.loads((case / "manifest.json").read_text())
        schema = json.loads(files("sakimori.response.schemas").joinpath("manifest.json").read_text())
        assert list(Draft202012Validator(schema).iter_errors(manifest)) == []
        return code, {entry["path"]: entry for entry in manifest["files"]}

    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence/a.json").write_bytes(lines(started(n) for n in range(3)))
    return hunt


def test_a_hunt_puts_who_took_a_file_into_the_manifest(tmp_path: Path, hunted) -> None:
    write_down(tmp_path / "evidence", "--query", "all")
    code, found = hunted()
    assert code == 0
    assert found["acquisition.json"]["format"] == "acquisition_record"
    assert found["acquisition.json"]["records"] == 0
    acquired = found["a.json"]["acquired"]
    assert acquired["sha256"] == found["a.json"]["sha256"]
    assert {name: acquired[name] for name in ("by", "when", "tenant", "query", "holds")} == {
        "by": "M. Sato", "when": "2026-03-05T01:00:00Z", "tenant": "example.com", "query": "all",
        "holds": True,
    }  # fmt: skip
    page = (tmp_path / "case/report.html").read_text()
    assert "M. Sato" in page and "The SHA-256 is the one written down then." in page


def test_a_file_that_changed_since_is_said(tmp_path: Path, hunted, capsys) -> None:
    write_down(tmp_path / "evidence")
    (tmp_path / "evidence/a.json").write_bytes(lines(started(n) for n in range(4)))
    _, found = hunted()
    assert found["a.json"]["acquired"]["holds"] is False
    assert found["a.json"]["note"] == "its SHA-256 is not the one written down when it was taken"
    assert "a.json is not as it was when it was taken." in capsys.readouterr().out


def test_a_file_that_is_gone_is_said(tmp_path: Path, hunted) -> None:
    (tmp_path / "evidence/b.json").write_bytes(lines(started(n) for n in range(5, 7)))
    write_down(tmp_path / "evidence")
    (tmp_path / "evidence/b.json").unlink()
    code, found = hunted()
    assert code == 3
    assert (found["b.json"]["format"], found["b.json"]["unread"]) == ("missing", 1)


def test_a_file_nobody_wrote_down_has_no_acquisition(hunted) -> None:
    assert hunted()[1]["a.json"]["acquired"] is None


def read(data: bytes) -> list[object]:
    return list(AcquisitionRecord().read(source(data), stored_only(catalogue())))


def test_a_broken_note_is_unread_and_never_a_log() -> None:
    data = b'{"$schema": "urn:sakimori:acquisition:1", "acquisitions": [{"by": 1}]}'
    assert AcquisitionRecord().claims(data)
    (unread,) = read(data)
    assert unread.reason == (
        "the note of an acquisition is broken: its list of acquisitions is not as the schema says"
    )


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    assert not any(isinstance(one, Batch) for one in read(data))

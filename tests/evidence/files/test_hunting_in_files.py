"""A folder of files is hunted in: what each is, what it says of itself, whether a rule or a list knows it."""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sakimori.pipeline import hunt
from sakimori.records.store import Store
from sakimori.response.case import Case
from sakimori.setting import Setting
from tests.evidence.files.making import program, shortcut
from tests.small_evidence import lines, started

HIDDEN = shortcut("..\\..\\Windows\\powershell.exe", "-w hidden -c exit # SAKIMORI-SYNTHETIC, does nothing")
RULE = """
rule inert_mark {
  meta:
    title = "The mark of a test"
    author = "A house of its own"
    license = "CC0-1.0"
    severity = "medium"
  strings: $mark = "SAKIMORI-INERT-TEST-FILE"
  condition: $mark
}
"""


def hunted(folder: Path, files: Mapping[str, bytes], *, as_files: bool = False, **more: Any) -> Case:
    """A hunt in these files; a name with `!` stands in a zip."""
    root = folder / "evidence"
    for name, content in files.items():
        outer, _, inner = name.partition("!")
        (root / outer).parent.mkdir(parents=True, exist_ok=True)
        if inner:
            with zipfile.ZipFile(root / outer, "a") as archive:
                archive.writestr(inner, content)
        else:
            (root / outer).write_bytes(content)
    made = {"case": folder / "case", "cache": folder / "cache", "files": as_files}
    setting = Setting(evidence=(root,), workers=1, **made, **more)
    return hunt(setting, lambda *_: None, lambda _: None)


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    """The rows of the log `file` by name, what is empty left out."""
    found: dict[str, dict[str, Any]] = {}
    for file in Store(folder / "case" / "store").files()["file"]:
        for row in pq.read_table(file).to_pylist():
            found[row["Name"]] = {name: value for name, value in row.items() if value is not None}
    return found


def test_a_program_a_shortcut_and_a_picture_say_what_they_are(tmp_path: Path) -> None:
    case = hunted(
        tmp_path,
        {"C/Users/mei/Downloads/offer.pdf": program(), "offer.lnk": HIDDEN, "box.zip!in/a.exe": program(1)},
    )
    found = rows(tmp_path)
    offer = found["offer.pdf"]
    assert {name: offer[name] for name in ("Path", "Account", "Kind", "Agrees", "Form", "Signed")} == {
        "Path": "C:\\Users\\mei\\Downloads\\offer.pdf",
        "Account": "mei",
        "Kind": "pe",
        "Agrees": "false",
        "Form": "program",
        "Signed": "false",
    }
    assert offer["Sha256"] == hashlib.sha256(program()).hexdigest()
    assert (found["a.exe"]["Container"], found["a.exe"]["Kind"]) == ("box.zip", "pe")
    assert found["offer.lnk"]["CommandLine"].endswith(
        "powershell.exe -w hidden -c exit # SAKIMORI-SYNTHETIC, does nothing"
    )
    assert case.manifest.totals["unread"] == 0


def test_our_own_rule_sees_a_shortcut_that_hides_its_window_and_not_a_plain_one(tmp_path: Path) -> None:
    case = hunted(tmp_path, {"hidden.lnk": HIDDEN, "plain.lnk": shortcut("..\\notepad.exe", "a.txt")})
    (found,) = [f for f in case.findings if f.detector.startswith("yara:")]
    assert found.detector == "yara:sakimori/lures.yar:shortcut_starts_script_host_out_of_sight"
    assert [place.file for place in found.places] == ["hidden.lnk"]


def test_rules_of_ones_own_speak_with_their_author_and_broken_files_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "good.yar").write_text(RULE)
    (folder / "broken.yar").write_text("rule x { condition: y }")
    (folder / "reads.yar").write_text('include "/etc/passwd"')
    case = hunted(tmp_path, {"a.bin": b"\0SAKIMORI-INERT-TEST-FILE"}, yara=(folder,))
    (found,) = [f for f in case.findings if f.detector == "yara:mine/good.yar:inert_mark"]
    assert dict(found.source) == {"author": "A house of its own", "license": "CC0-1.0", "url": ""}
    refused = {one.name for one in case.manifest.rules_refused}
    assert {"mine/broken.yar", "mine/reads.yar"} <= refused


def test_a_known_hash_is_met_in_a_file_inside_an_archive(tmp_path: Path) -> None:
    digest = hashlib.sha256(program()).hexdigest()
    known = {"type": "hash", "value": digest, "first_seen": "2026-01-02", "sources": [{"name": "a test"}]}
    (tmp_path / "list.jsonl").write_text(json.dumps(known) + "\n")
    case = hunted(tmp_path, {"box.zip!a.exe": program()}, indicators=(tmp_path / "list.jsonl",))
    met = [f for f in case.findings if f.detector.startswith("indicator:")]
    assert [place.file for f in met for place in f.places] == ["box.zip!a.exe"]


def test_a_damaged_program_is_said_and_its_hashes_stand(tmp_path: Path) -> None:
    case = hunted(tmp_path, {"cut.exe": program()[:80]})
    row = rows(tmp_path)["cut.exe"]
    assert row["Sha256"] == hashlib.sha256(program()[:80]).hexdigest()
    assert row["NotAnalysed"]
    assert [one.reason for one in case.manifest.unread] == [f"not analysed because {row['NotAnalysed']}"]


def test_a_program_of_this_machine_says_what_it_needs(tmp_path: Path) -> None:
    if not Path(sys.executable).resolve().read_bytes().startswith(b"\x7fELF"):
        pytest.skip("this Python is no ELF file")
    hunted(tmp_path, {"python": Path(sys.executable).resolve().read_bytes()})
    row = rows(tmp_path)["python"]
    assert (row["Kind"], row["Form"]) == ("elf", "program")
    assert any(name.startswith("libc.") for name in json.loads(row["Libraries"]))


def test_logs_beside_files_stay_logs_unless_a_person_says_otherwise(tmp_path: Path) -> None:
    line = lines([started(1)])
    case = hunted(tmp_path, {"a.json": line, "a.exe": program()})
    formats = {entry.path: entry.format for entry in case.manifest.files}
    assert formats == {"a.json": "windows_nxlog_json", "a.exe": "file"}
    hunted(tmp_path / "again", {"a.json": line, "a.exe": program()}, as_files=True)
    assert set(rows(tmp_path / "again")) == {"a.json", "a.exe"}

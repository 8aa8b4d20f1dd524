"""`sakimori key` and `sakimori bundle` to a hunt: what was signed elsewhere is used here, its age said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sakimori.cli import run
from sakimori.detection.bundles.ledger import bundles_folder
from tests.small_evidence import RULE, lines, rules, started

SHA256 = "ab" * 32


@pytest.fixture
def sakimori(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs a command in a folder of its own, as somebody who has no keys and no bundles yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C")
    for name in ("SAKIMORI_CACHE", "SAKIMORI_CONFIG", "SAKIMORI_DATA"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return lambda *words: run([str(word) for word in words])


@pytest.fixture
def acme(sakimori: Callable[..., int], tmp_path: Path) -> Path:
    """A signed bundle of one rule and one indicator."""
    assert sakimori("key", "make", "--no-password") == 0
    rules(tmp_path / "rules", RULE)
    assert sakimori("intel", "add", SHA256, "--to", "hashes.jsonl", "--source", "Police") == 0
    words = ("--name", "acme", "--rules", "rules=Apache-2.0", "--indicators", "hashes.jsonl=CC0-1.0")
    assert sakimori("bundle", "make", "acme.zip", *words, "--version", "2") == 0
    return tmp_path / "acme.zip"


def hunted(sakimori: Callable[..., int], tmp_path: Path, *more: str) -> dict[str, object]:
    (tmp_path / "evidence").mkdir(exist_ok=True)
    events = [started(1, Hashes=f"SHA256={SHA256.upper()}"), started(2)]
    (tmp_path / "evidence/a.json").write_bytes(lines(events))
    assert sakimori("hunt", "evidence", "--workers", "1", "--case", "case", "--lang", "en", *more) == 0
    found: dict[str, object] = json.loads((tmp_path / "case/manifest.json").read_text())
    return found


def detectors(case: Path) -> set[str]:
    found = (json.loads(line)["detector"] for line in (case / "findings.jsonl").read_text().splitlines())
    return {one.rpartition(":")[0] if one.startswith("indicator") else one for one in found}


def test_an_imported_bundle_works_in_every_hunt_and_the_case_says_so(
    sakimori: Callable[..., int], acme: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sakimori("bundle", "verify", acme) == 0
    assert sakimori("bundle", "import", acme) == 0
    manifest = hunted(sakimori, tmp_path)
    rows = {(row["name"], row["kind"]): row for row in manifest["in_use"]}  # type: ignore[attr-defined]
    assert set(rows) == {("acme", "rules"), ("acme", "indicators"), ("sakimori", "rules")}
    row = rows["acme", "indicators"]
    assert (row["version"], row["age_days"], row["stale"], row["licence"]) == ("2", 0, "", "CC0-1.0")
    assert row["signed_by"] and not rows["sakimori", "rules"]["signed_by"]
    assert detectors(tmp_path / "case") >= {"indicator:hash", "sigma:0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b11"}
    assert "acme" in (tmp_path / "case/report.html").read_text()
    capsys.readouterr()
    assert sakimori("bundle", "list") == 0
    assert "1 rules of acme 2, made " in capsys.readouterr().out


def test_a_hunt_can_leave_bundles_out(sakimori: Callable[..., int], acme: Path, tmp_path: Path) -> None:
    assert sakimori("bundle", "import", acme) == 0
    manifest = hunted(sakimori, tmp_path, "--no-bundles")
    assert [row["name"] for row in manifest["in_use"]] == ["sakimori"]  # type: ignore[attr-defined]
    assert "indicator:hash" not in detectors(tmp_path / "case")


def test_a_hunt_refuses_a_bundle_that_was_changed_on_disk(
    sakimori: Callable[..., int], acme: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sakimori("bundle", "import", acme) == 0
    file = bundles_folder() / "acme/rules/rule-0.yml"
    file.write_text(file.read_text().replace("notepad", "another"))
    (tmp_path / "a.json").write_bytes(lines([started(1)]))
    assert sakimori("hunt", "a.json", "--case", "case") == 4
    assert "rule-0.yml was changed since it was imported" in capsys.readouterr().err
    assert sakimori("bundle", "remove", "acme") == 0
    assert sakimori("bundle", "import", acme) == 0


def test_what_is_refused_says_why(
    sakimori: Callable[..., int], acme: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = ("bundle", "make", "b.zip", "--name", "acme", "--rules", "rules=Apache-2.0")
    assert sakimori(*made, "--version", "1", "--unsigned") == 0
    assert sakimori("bundle", "import", "b.zip") == 4
    assert "it is not signed" in capsys.readouterr().err
    assert sakimori("bundle", "import", acme) == 0
    assert sakimori("bundle", "sign", "b.zip") == 0
    assert sakimori("bundle", "import", "b.zip") == 4
    assert "an older one would bring back what was mended" in capsys.readouterr().err
    assert sakimori("key", "make", "stranger.key", "--no-password") == 0
    capsys.readouterr()
    assert sakimori("key", "list") == 0
    stranger = capsys.readouterr().out.splitlines()
    other = next(
        one.split()[0] for one in stranger if (tmp_path / "stranger.pub").read_text().split()[-1] in one
    )
    assert sakimori("key", "distrust", other) == 0
    assert sakimori("bundle", "sign", acme, "--key", "stranger.key") == 0
    assert sakimori("bundle", "verify", acme) == 4
    assert "not trusted here" in capsys.readouterr().err
    assert sakimori("key", "trust", "stranger.pub") == 0
    assert sakimori("bundle", "import", acme) == 4
    assert "--other-key" in capsys.readouterr().err
    assert sakimori("bundle", "import", acme, "--other-key") == 0


@pytest.mark.parametrize(
    "words",
    [
        ("bundle", "make", "b.zip", "--name", "acme", "--unsigned"),
        ("bundle", "make", "b.zip", "--name", "acme", "--rules", "absent=MIT", "--unsigned"),
        ("bundle", "make", "b.zip", "--name", "acme", "--rules", "rules", "--unsigned"),
        ("bundle", "make", "b.zip", "--name", "acme", "--rules", "rules=MIT", "--days", "0", "--unsigned"),
        ("bundle", "make", "b.zip", "--name", "acme", "--rules", "rules=MIT", "--key", "absent.key"),
        ("bundle", "import", "absent.zip"),
        ("bundle", "remove", "acme"),
        ("key", "distrust", "00"),
    ],
)
def test_what_cannot_be_done_is_said(
    sakimori: Callable[..., int], tmp_path: Path, words: tuple[str, ...]
) -> None:
    rules(tmp_path / "rules", RULE)
    assert sakimori(*words) == 2
    assert not (tmp_path / "b.zip").exists()

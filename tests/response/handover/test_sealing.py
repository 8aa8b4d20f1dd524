"""A sealed case says exactly what changed since; the log of accesses is a chain."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.cli import run
from sakimori.errors import SignatureError, UsageError
from sakimori.response.handover.accesses import accesses, note
from sakimori.response.handover.sealing import Change, check, seal
from sakimori.signing.secret import new_key

KEY = new_key()
KEYS = (KEY.public,)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case folder with a few files."""
    folder = tmp_path / "case"
    (folder / "store/spill").mkdir(parents=True)
    for name in ("manifest.json", "incidents.json", "store/a.parquet", "store/spill/x", "store/lock"):
        (folder / name).write_text(name)
    return folder


def test_what_changed_since_the_seal_is_told_and_nothing_else(case: Path) -> None:
    seal(case, KEY)
    assert check(case, KEYS).changes == ()
    (case / "store/spill/x").write_text("scratch")
    note(case, "show", "a.log#1")
    assert check(case, KEYS).changes == ()
    (case / "incidents.json").write_text("[]")
    (case / "store/a.parquet").unlink()
    (case / "new.csv").write_text("x")
    told = (
        Change("changed", "incidents.json"),
        Change("added", "new.csv"),
        Change("missing", "store/a.parquet"),
    )
    assert check(case, KEYS).changes == told
    seal(case, KEY)
    assert check(case, KEYS).changes == ()


def test_a_seal_of_another_key_or_a_changed_one_does_not_hold(case: Path) -> None:
    with pytest.raises(UsageError, match="never sealed"):
        check(case, KEYS)
    file = seal(case, KEY)
    with pytest.raises(SignatureError, match="not trusted here"):
        check(case, (new_key().public,))
    file.write_text(file.read_text().replace('"n": 1', '"n": 2'))
    with pytest.raises(SignatureError, match="changed since"):
        check(case, KEYS)


def test_accesses_are_chained_and_a_seal_knows_how_far_they_were(case: Path) -> None:
    for n in range(3):
        note(case, "show", f"a.log#{n}", "mei")
    seal(case, KEY)
    log = case / "custody/access.jsonl"
    assert ([row.n for row in accesses(case).rows], log.stat().st_mode & 0o777) == ([1, 2, 3], 0o600)
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join(lines[:2]))
    assert check(case, KEYS).changes == (Change("chain", "custody/access.jsonl"),)
    log.write_bytes(lines[0] + lines[1].replace(b"mei", b"jun") + lines[2])
    assert accesses(case).wrong == 2
    with pytest.raises(UsageError, match="line 2"):
        note(case, "show", "a.log#4")


def test_the_commands_say_it_with_their_exit_codes(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAKIMORI_CONFIG", str(tmp_path / "config"))
    assert run(["key", "make", "--no-password"]) == 0
    assert run(["seal", str(case), "--lang", "en"]) == 0
    assert run(["verify", str(case), "--lang", "en"]) == 0
    (case / "manifest.json").write_text("{}")
    capsys.readouterr()
    assert run(["verify", str(case), "--lang", "en"]) == 4
    assert "  changed: manifest.json" in capsys.readouterr().out

"""What is found under the roots, what is refused, and what one sentence says where nothing is there."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from sakimori.errors import UsageError
from sakimori.evidence.discover import NOT_EVIDENCE, discover, is_evidence

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file kinds")


def _write(file: Path, text: str = "x\n") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_files_come_sorted_by_their_path_inside_the_evidence(tmp_path: Path) -> None:
    for name in ("b/2.log", "a.log", "b/1.log"):
        _write(tmp_path / name)
    found = discover([tmp_path])
    assert [(f.path, f.bytes, f.site) for f in found.files] == [
        ("a.log", 2, ""),
        ("b/1.log", 2, ""),
        ("b/2.log", 2, ""),
    ]
    assert found.refused == ()


def test_a_single_file_is_called_by_its_name(tmp_path: Path) -> None:
    file = _write(tmp_path / "deep" / "conn.log")
    assert [(f.file, f.path, f.site) for f in discover([file]).files] == [(file.resolve(), "conn.log", "")]


def test_several_roots_become_sites_with_names_of_their_own(tmp_path: Path) -> None:
    for folder in ("tokyo/logs", "osaka/logs"):
        _write(tmp_path / folder / "a.log")
    lone = _write(tmp_path / "alone.log")
    found = discover([tmp_path / "tokyo/logs", tmp_path / "osaka/logs", lone])
    assert [(f.path, f.site) for f in found.files] == [
        ("alone.log", "alone.log"),
        ("logs-2/a.log", "logs-2"),
        ("logs/a.log", "logs"),
    ]


@posix
def test_links_are_refused_and_not_followed(tmp_path: Path) -> None:
    outside = _write(tmp_path / "outside" / "secret.log")
    root = tmp_path / "root"
    _write(root / "a.log")
    (root / "link.log").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    (root / "loop").symlink_to(root)
    found = discover([root])
    assert [f.path for f in found.files] == ["a.log"]
    assert [(r.name, r.title) for r in found.refused] == [
        ("folder", "link"),
        ("link.log", "link"),
        ("loop", "link"),
    ]
    assert "never followed" in found.refused[0].reason


@posix
def test_pipes_and_sockets_are_refused_without_being_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        found = discover([tmp_path])
    assert found.files == ()
    assert [r.reason for r in found.refused] == [
        "It was not read: it is a named pipe, not a file.",
        "It was not read: it is a socket, not a file.",
    ]


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_unreadable_files_and_folders_are_refused(tmp_path: Path) -> None:
    _write(tmp_path / "closed.log").chmod(0)
    _write(tmp_path / "folder" / "a.log").parent.chmod(0)
    found = discover([tmp_path])
    (tmp_path / "folder").chmod(0o700)
    assert [(r.name, r.reason) for r in found.refused] == [
        ("closed.log", "It was not read: permission denied."),
        ("folder", "It was not read: permission denied."),
    ]


def test_what_desktops_leave_is_not_evidence(tmp_path: Path) -> None:
    for name in ("a.log", "__MACOSX/._a.log", "._a.log", ".DS_Store", "sub/Thumbs.db"):
        _write(tmp_path / name)
    found = discover([tmp_path])
    assert [f.path for f in found.files] == ["a.log"]
    assert {r.name for r in found.refused} == {"__MACOSX/._a.log", "._a.log", ".DS_Store", "sub/Thumbs.db"}
    assert {r.title for r in found.refused} == {NOT_EVIDENCE}
    assert is_evidence("x.zip!a.log")
    assert not is_evidence("x.zip!__MACOSX/a.log")


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8 exist on Linux")
def test_a_name_that_is_no_text_stays_visible(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.log")).write_bytes(b"")
    assert [f.path for f in discover([tmp_path]).files] == ["\\xff.log"]


def test_a_missing_path_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        discover([tmp_path / "nowhere"])
    assert (
        str(raised.value) == f"{tmp_path / 'nowhere'} does not exist; name a folder or file that holds logs."
    )
    assert raised.value.exit_code == 2


def test_an_empty_folder_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError) as raised:
        discover([tmp_path])
    assert str(raised.value) == f"There is no file in {tmp_path}; name a folder or file that holds logs."

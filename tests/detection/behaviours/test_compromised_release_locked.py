"""Compromised releases in lock files and manifests."""

from __future__ import annotations

from pathlib import Path

from sakimori.detection.behaviours.compromised_release_locked import compromised_release_locked
from sakimori.findings import Severity, Subject
from tests.detection.behaviours.told import at, heard


def row(
    version: str | None, state: str = "locked", file: str = "shop/package-lock.json"
) -> dict[str, object]:
    return at(0, container=file, ecosystem="npm", name="axios", version=version, state=state)


def test_a_lock_file_with_the_release_is_named(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, compromised_release_locked, software=[row("1.14.1")]).findings
    assert found.because == (
        "shop/package-lock.json names axios 1.14.1 (locked): whoever installed from it took that release. "
        "Publicly reported since 2026-03-31: axios 1.14.1 and 0.30.4 with the dependency plain-crypto-js; "
        "https://github.com/axios/axios/issues/10636"
    )
    assert (found.severity, found.subjects[0]) == (Severity.MEDIUM, Subject("file", "shop/package-lock.json"))


def test_a_sound_lock_file_says_nothing(tmp_path: Path) -> None:
    rows = [row("1.14.0"), row("1.14.0", "listed")]
    said = heard(tmp_path, compromised_release_locked, software=rows)
    assert (said.findings, said.notes) == ((), ())


def test_a_range_alone_cannot_tell(tmp_path: Path) -> None:
    said = heard(tmp_path, compromised_release_locked, software=[row(None, "listed", "shop/package.json")])
    assert [(note.kind, note.subjects) for note in said.notes] == [
        ("cannot tell", (Subject("file", "shop/package.json"),))
    ]


def test_a_range_beside_a_lock_file_is_answered_by_it(tmp_path: Path) -> None:
    rows = [row("1.14.0"), row(None, "listed", "shop/package.json")]
    said = heard(tmp_path, compromised_release_locked, software=rows)
    assert (said.findings, said.notes) == ((), ())

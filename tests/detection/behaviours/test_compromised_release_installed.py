"""Compromised releases on named machines."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.compromised_release_installed import compromised_release_installed
from sakimori.findings import Place, Severity, Subject
from tests.detection.behaviours.told import at, heard


def package(version: str | None, **more: object) -> dict[str, object]:
    told = {"host": "mac01", "container": "cache", "ecosystem": "npm", "name": "axios", "state": "fetched"}
    return at(1, **{**told, "version": version, **more})


def program(name: str, version: str | None, **more: object) -> dict[str, object]:
    return package(version, ecosystem="windows", name=name, state="installed", **more)


def test_where_and_when_a_compromised_package_was_fetched_is_said(tmp_path: Path) -> None:
    (found,) = heard(
        tmp_path, compromised_release_installed, software=[package("1.14.0"), package("1.14.1")]
    ).findings
    assert found.because == (
        "axios 1.14.1 is fetched on mac01 (cache); the first record of it is of 2026-03-03T00:00:00Z. "
        "Publicly reported since 2026-03-31: axios 1.14.1 and 0.30.4 with the dependency plain-crypto-js; "
        "https://github.com/axios/axios/issues/10636"
    )
    assert (found.severity, found.subjects) == (Severity.HIGH, (Subject("host", "mac01"),))
    assert found.places == (Place("evidence.json", 2, 100),)


@pytest.mark.parametrize(
    "name",
    ["3CX Desktop App", "3cx_desktop_app", "3CXDesktopApp", "3CX.DesktopApp", "3CX Desktop App 18.12.416"],
)
def test_a_program_is_known_however_a_list_spells_it(tmp_path: Path, name: str) -> None:
    said = heard(tmp_path, compromised_release_installed, software=[program(name, "18.12.416")])
    assert len(said.findings) == 1


@pytest.mark.parametrize(
    "row",
    [
        package("1.14.2"),
        package("1.14.10"),
        package("1.14.1", name="axios-retry"),
        package("1.14.1", ecosystem="pypi"),
        package("1.14.1", state="locked"),
        package("1.14.1", state="removed"),
        program("3CX Desktop App", "18.12.425"),
        program("TeamCity", "2023.05.3"),
        program("JumpCloud Agent", "1.2.3"),
    ],
    ids=lambda row: f"{row['name']} {row['version']} {row['ecosystem']} {row['state']}",
)
def test_just_beside_it_nothing_is_said(tmp_path: Path, row: dict[str, object]) -> None:
    said = heard(tmp_path, compromised_release_installed, software=[row])
    assert (said.findings, said.notes) == ((), ())


def test_a_name_that_is_only_malicious_needs_no_version(tmp_path: Path) -> None:
    rows = [package(None, name="plain-crypto-js"), package("0.1", name="PyCryptoEnv", ecosystem="pypi")]
    (found,) = heard(tmp_path, compromised_release_installed, software=rows).findings
    assert found.count == 2


def test_without_the_version_that_decides_the_records_cannot_tell(tmp_path: Path) -> None:
    said = heard(tmp_path, compromised_release_installed, software=[program("3CX Desktop App", None)])
    assert said.findings == ()
    assert [(note.kind, note.subjects) for note in said.notes] == [
        ("cannot tell", (Subject("host", "mac01"),))
    ]


def test_a_list_without_times_still_speaks(tmp_path: Path) -> None:
    (found,) = heard(
        tmp_path, compromised_release_installed, software=[{**package("1.14.1"), "When": None}]
    ).findings
    assert (found.first_seen, len(found.places)) == (None, 1)

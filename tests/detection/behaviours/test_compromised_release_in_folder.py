"""Compromised releases where no machine is named."""

from __future__ import annotations

from pathlib import Path

from sakimori.detection.behaviours.compromised_release_in_folder import compromised_release_in_folder
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard


def row(**more: object) -> dict[str, object]:
    told = {"container": "shop:1", "ecosystem": "npm", "name": "axios", "version": "1.14.1"}
    return at(0, **{**told, "state": "installed", **more})


def test_an_image_with_the_release_is_named(tmp_path: Path) -> None:
    (found,) = heard(tmp_path, compromised_release_in_folder, software=[row()]).findings
    assert found.subjects == (Subject("file", "shop:1"),)
    assert found.because.startswith(
        "axios 1.14.1 is installed, says shop:1, which does not name its machine;"
    )


def test_a_sound_release_says_nothing(tmp_path: Path) -> None:
    assert heard(tmp_path, compromised_release_in_folder, software=[row(version="1.14.0")]).findings == ()


def test_where_the_machine_is_named_another_behaviour_speaks(tmp_path: Path) -> None:
    assert heard(tmp_path, compromised_release_in_folder, software=[row(host="ci01")]).findings == ()


def test_a_project_that_only_locks_it_is_left_to_another_behaviour(tmp_path: Path) -> None:
    assert heard(tmp_path, compromised_release_in_folder, software=[row(state="locked")]).findings == ()

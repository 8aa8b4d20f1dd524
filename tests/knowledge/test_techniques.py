"""Technique ids carry their version, and old ones lead to new ones."""

from __future__ import annotations

import pytest

from sakimori.knowledge.stages import attack
from sakimori.knowledge.techniques import technique, translated


@pytest.mark.parametrize(
    ("asked", "version", "current", "replaced_in"),
    [
        ("T1059.007", "18.1", "T1059.007", ""),
        ("t1574.002", "earlier", "T1574.001", "earlier"),
        ("T1070.001", "18.1", "T1685.005", "19"),
        ("T1685.005", "19", "T1685.005", ""),
        ("T1073", "earlier", "T1574.001", "earlier"),  # replaced by T1574.002, which was replaced itself
    ],
)
def test_an_id_says_its_version_and_todays_id(
    asked: str, version: str, current: str, replaced_in: str
) -> None:
    found = technique(asked)
    assert found is not None
    assert (found.version, found.current, found.replaced_in) == (version, current, replaced_in)


def test_an_id_that_no_version_has_is_none() -> None:
    assert technique("T9999") is None


def test_an_id_of_19_knows_what_it_replaced_and_keeps_its_name() -> None:
    found = technique("T1685.005")
    assert found is not None
    assert (found.forerunners, found.name) == (("T1070.001",), "Clear Windows Event Logs")


@pytest.mark.parametrize(
    ("versioned", "to", "other"),
    [
        ("T1070.001@18.1", "19", "T1685.005@19"),
        ("T1685.005@19", "18.1", "T1070.001@18.1"),
        ("T1059.007@18.1", "19", "T1059.007@19"),
        ("T1656@18.1", "18.1", "T1656@18.1"),
    ],
)
def test_an_id_is_translated_between_versions(versioned: str, to: str, other: str) -> None:
    assert translated(versioned, to) == other


def test_both_tables_of_replacements_say_the_same() -> None:
    assert {old: technique(old).current for old in attack().replaced_by} == dict(attack().replaced_by)  # type: ignore[union-attr]

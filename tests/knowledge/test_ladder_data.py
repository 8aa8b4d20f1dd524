"""What the ladder compares with: artefacts, courses, shared tools, names and sets of techniques."""

from __future__ import annotations

import pytest

from sakimori.errors import CatalogueError
from sakimori.knowledge import artefacts, courses
from sakimori.knowledge.naming import masked, names_someone
from sakimori.knowledge.shared_tools import shared_tools
from sakimori.knowledge.similarity import likeness, ours, published

ARTEFACT = """[[artefact]]
id = "a"
type = "file_name"
text = "engtask.exe"
clusters = ["{cluster}"]
sources = ["hvs"]
standing = "seen"
"""


def test_the_shipped_data_hold_together() -> None:
    assert len(artefacts.artefacts()) > 25 and len(courses.courses()) > 10 and len(shared_tools()) > 40
    assert len(published()) > 150 and ours() < set(published())


def test_a_file_name_is_met_whole_and_with_either_slash() -> None:
    ((one,), _) = artefacts.of_text(ARTEFACT.format(cluster="lazarus"))
    assert one.stands_in("C:\\Temp\\ENGTASK.EXE") and one.stands_in("/tmp/engtask.exe -x")
    assert not one.stands_in("C:\\Temp\\bengtask.exe") and not one.stands_in("engtask.exes")


def test_an_artefact_of_nobody_we_know_is_refused() -> None:
    with pytest.raises(CatalogueError, match="not in the base"):
        artefacts.of_text(ARTEFACT.format(cluster="nobody"))


@pytest.mark.parametrize(
    "text",
    ["Lazarus Group Activity", "Potential APT29 Loader", "ラザルスの道具", "Diamond Sleet", "Turla Commands"],
)
def test_names_are_found_whoever_they_are_of(text: str) -> None:
    assert names_someone(text) and not names_someone(masked(text))


@pytest.mark.parametrize(
    "text", ["User Added to Local Administrators Group", "Group Policy", "Bear in mind", "T1059.001", ""]
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert masked(text) == text


def test_a_set_is_likest_to_itself_and_an_older_or_newer_id_means_the_same() -> None:
    group = sorted(ours())[0]
    found = likeness(published()[group])
    assert (round(found.figure, 6), found.others) == (1.0, 0)
    assert likeness(["T1070.001"]) == likeness(["T1685.005"])


def test_nothing_in_common_is_no_likeness() -> None:
    assert likeness([]).figure == 0.0

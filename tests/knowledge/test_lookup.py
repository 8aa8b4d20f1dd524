"""Looking something up forgives spelling, and never guesses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.knowledge.known import known
from sakimori.knowledge.lookup import look_up, observable, squeezed
from sakimori.response.knowledge_card import as_json, as_text
from sakimori.tongue import tongue


def meant(text: str) -> str | None:
    entry = look_up(text).entry
    return entry.id if entry else None


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("ラザロ", "lazarus"),
        ("ラザルス", "lazarus"),
        ("ラザラス", "lazarus"),
        ("ﾗｻﾞﾙｽ・ｸﾞﾙｰﾌﾟ", "lazarus"),
        ("LAZARUS-group", "lazarus"),
        ("G0032", "lazarus"),
        ("Diamond Sleet", "temp-hermit"),
        ("diamond_sleet", "temp-hermit"),
        ("TEMP Hermit", "temp-hermit"),
        ("UNC4736", "applejeus"),
        ("Ｋｉｍｓｕｋｙ", "apt43"),
        ("dtrack", "dtrack"),
        ("S0567", "dtrack"),
        ("C0022", "dream-job"),
        ("axie infinity", "ronin"),
        ("コインチェック", "exchanges-2017-2018"),
        ("Kim Kuk-song", "kim-kuk-song"),
        ("偵察総局", "rgb"),
        ("zero trust", "zero-trust"),
    ],
)
def test_spelling_does_not_matter(text: str, id_: str) -> None:
    assert meant(text) == id_


def test_every_record_is_found_by_its_id_and_titles() -> None:
    lost = [
        entry.id
        for _, entry in known().entries
        for text in (entry.id, entry.title.en, entry.title.ja, *entry.also)
        if entry not in (look_up(text).entry, *look_up(text).others)
    ]
    assert lost == []


def test_every_name_is_found() -> None:
    assert [name.name for name in known().names if name not in look_up(name.name).names] == []


def test_a_name_of_several_clusters_is_shown_as_statements_and_not_decided() -> None:
    answer = look_up("Labyrinth Chollima")
    assert answer.entry is None
    assert {name.cluster for name in answer.names} == {
        "temp-hermit",
        "applejeus",
        "tradertraitor",
        "moonstone",
    }


def test_a_name_that_only_overlaps_is_not_taken_for_the_cluster() -> None:
    answer = look_up("UNC1069")
    assert (answer.entry, [name.relation for name in answer.names]) == (None, ["overlaps"])


def test_a_disputed_name_leads_to_no_card() -> None:
    assert (look_up("Clasiopa").entry, look_up("Clasiopa").names[0].standing) == (None, "disputed")


def test_an_old_technique_is_a_technique_of_today() -> None:
    found = look_up(" t1574.002 ").technique
    assert found is not None
    assert found.current == "T1574.001"


def test_a_near_miss_is_suggested_and_not_shown() -> None:
    answer = look_up("Kimsuki")
    assert (answer.found, answer.suggestions) == (False, ("Kimsuky",))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("d41d8cd98f00b204e9800998ecf8427e", "hash"),
        ("198.51.100[.]7", "address"),
        ("2001:db8::1", "address"),
        ("www[.]example[.]com", "domain"),
        ("hxxps://www.example.com/a", "url"),
        ("Lazarus", ""),
    ],
)
def test_an_indicator_is_told_by_its_shape(text: str, kind: str) -> None:
    assert observable(text) == kind


def test_of_an_indicator_nothing_is_recorded_and_that_is_said() -> None:
    answer = look_up("www.example.com")
    said = list(as_text(answer, tongue("en")))
    assert not answer.found
    assert said == [
        "No record: www.example.com is a domain, and nothing is recorded under it here.",
        "That nothing is recorded does not mean that it is harmless.",
    ]


def test_the_hash_of_a_compromised_release_is_that_release() -> None:
    answer = look_up("AA124A4B4DF12B34E74EE7F6C683B2EBEC4CE9A8EDCF9BE345823B4FDCF5D868")
    assert answer.release is not None
    assert answer.release.id == "3cx-windows"


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    answer = look_up(text)
    assert list(as_text(answer, tongue("ja"))) and as_json(answer)["asked"] == text


def test_letters_and_digits_are_compared_and_nothing_else() -> None:
    assert squeezed("Ｄｉａｍｏｎｄ-Sleet・１") == "diamondsleet1"

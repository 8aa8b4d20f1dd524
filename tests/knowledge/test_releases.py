"""The table of compromised releases is sound, and an entry that is not is refused by name."""

from __future__ import annotations

from datetime import date

import pytest

from sakimori.errors import CatalogueError
from sakimori.knowledge.releases import Release, of_entries, releases

ENTRY = {
    "id": "x", "title": "X", "kind": "compromised", "actor": "group", "ecosystems": ["npm"], "names": ["x"],
    "published": date(2026, 1, 1), "source": "https://example.com/", "standing": "seen", "advice": "rebuild",
}  # fmt: skip


def by_id(name: str) -> Release:
    return next(release for release in releases() if release.id == name)


def test_the_table_that_ships_is_read() -> None:
    axios = by_id("axios-2026")
    assert (axios.versions, axios.standing, axios.every_version) == (("1.14.1", "0.30.4"), "seen", False)
    assert by_id("3cx-windows").versions == ("18.12.407", "18.12.416")
    assert by_id("plain-crypto-js").every_version


def test_every_release_was_published_after_it_began() -> None:
    assert [r.id for r in releases() if r.first and r.first > r.published] == []
    assert [r.id for r in releases() if r.first and r.last and r.first > r.last] == []


def test_a_package_stands_under_one_release_only() -> None:
    named = [(eco, n.lower()) for r in releases() for eco in r.ecosystems for n in r.names]
    assert sorted(named) == sorted(set(named))


def test_what_is_not_of_the_group_says_so_in_its_title() -> None:
    assert all("not this group" in r.title for r in releases() if r.actor == "other")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"kind": "bad"}, "x: kind is none of"),
        ({"hashes": ["ABC"]}, "ABC is no hash"),
        ({"through": "1.x"}, "1.x is no bound"),
        ({"names": []}, "neither a name nor a hash"),
        ({"source": "a report"}, "the source is no address"),
        ({"colour": "red"}, "unknown keys"),
    ],
)
def test_an_entry_that_contradicts_itself_is_refused(changes: dict[str, object], complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        of_entries([{**ENTRY, **changes}])


def test_an_entry_that_leaves_something_out_or_stands_twice_is_refused() -> None:
    with pytest.raises(CatalogueError, match="does not say names"):
        of_entries([{key: value for key, value in ENTRY.items() if key != "names"}])
    with pytest.raises(CatalogueError, match="x stands there twice"):
        of_entries([ENTRY, ENTRY])

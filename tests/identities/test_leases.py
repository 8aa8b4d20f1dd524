"""An address is a machine's only as long as nothing seen near that time says otherwise."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sakimori.identities.leases import DAY, HOUR, SHARED, UNKNOWN, Answer, Leases, Sighting

NOON = 1_772_452_800_000_000  # 2026-03-02T12:00:00Z
A, B = "192.0.2.5", "192.0.2.6"


def seen(host: str, at: int, last: int | None = None, how: str = "edr") -> tuple[str, Sighting]:
    return A, Sighting(NOON + at, NOON + (at if last is None else last), host, how)


def test_an_address_nobody_was_seen_with_is_unknown() -> None:
    assert Leases([seen("pc1", 0)]).of(B, NOON) == UNKNOWN


def test_between_two_sightings_of_one_machine_the_address_is_its() -> None:
    leases = Leases([seen("pc1", 0), seen("pc1", 6 * HOUR)])
    assert leases.of(A, NOON + 3 * HOUR) == Answer("pc1", "edr")


def test_between_two_machines_it_is_nobodys() -> None:
    leases = Leases([seen("pc1", 0), seen("pc2", 6 * HOUR)])
    assert leases.of(A, NOON + 3 * HOUR) == SHARED
    assert leases.of(A, NOON) == Answer("pc1", "edr")


def test_a_lease_holds_until_it_ends_whatever_is_seen_later() -> None:
    leases = Leases([seen("pc1", 0, 8 * HOUR, "dhcp"), seen("pc2", 9 * HOUR)])
    assert leases.of(A, NOON + 5 * HOUR) == Answer("pc1", "dhcp")


def test_of_two_leases_the_later_holds() -> None:
    leases = Leases([seen("pc1", 0, 8 * HOUR, "dhcp"), seen("pc2", 2 * HOUR, 8 * HOUR, "dhcp")])
    assert leases.of(A, NOON + 5 * HOUR) == Answer("pc2", "dhcp")


def test_many_machines_behind_one_address_share_it() -> None:
    leases = Leases([seen("pc1", 0, HOUR), seen("pc2", 0, HOUR)])
    assert leases.of(A, NOON + HOUR // 2) == SHARED


def test_a_sighting_says_nothing_more_than_a_day_away() -> None:
    leases = Leases([seen("pc1", 0)])
    assert leases.of(A, NOON + DAY) == Answer("pc1", "edr")
    assert leases.of(A, NOON + DAY + 1) == UNKNOWN


def test_without_a_time_only_a_machine_that_always_had_it_is_named() -> None:
    assert Leases([seen("pc1", 0)]).of(A, None) == Answer("pc1", "edr")
    assert Leases([seen("pc1", 0), seen("pc2", 9 * DAY)]).of(A, None) == SHARED


@given(
    st.lists(st.tuples(st.sampled_from(["pc1", "pc2"]), st.integers(0, 5 * DAY)), max_size=12), st.randoms()
)
def test_the_order_of_the_records_does_not_matter(told: list[tuple[str, int]], chance: object) -> None:
    sightings = [seen(host, at) for host, at in told]
    shuffled = list(sightings)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    for clock in (NOON, NOON + DAY, NOON + 5 * DAY):
        assert Leases(sightings).of(A, clock) == Leases(shuffled).of(A, clock)

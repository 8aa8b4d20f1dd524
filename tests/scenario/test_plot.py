"""What a seed draws for an intrusion, and who can be its victim."""

from __future__ import annotations

from random import Random

import pytest

from sakimori.errors import UsageError
from sakimori.scenario.estate import Estate, build
from sakimori.scenario.internet import KEPT_FROM
from sakimori.scenario.plot import Plot, draw, variants
from sakimori.scenario.rhythm import weekday

MONDAY = 20_514  # 2026-03-02 in days since the epoch
ESTATE = build(1, 40)


def _drawn(seed: int, estate: Estate = ESTATE, days: int = 14, variant: str | None = None) -> Plot:
    return draw(estate, Random(f"attack/{seed}"), seed, range(MONDAY, MONDAY + days), variant)


def test_seeds_take_turns_between_the_ways_in() -> None:
    assert [_drawn(seed).variant for seed in range(6)] == [*variants(), *variants()]


def test_a_way_in_can_be_asked_for() -> None:
    assert _drawn(0, variant="coding_test").variant == "coding_test"
    with pytest.raises(UsageError, match="choose one of"):
        _drawn(0, variant="magic")


def test_the_victim_is_one_the_way_in_fits() -> None:
    for seed in range(12):
        plot = _drawn(seed)
        owner = plot.hosts["victim"].owner
        assert owner is not None
        assert (owner.role == "developer") == (plot.variant == "coding_test")


def test_the_first_day_is_a_working_day_after_some_quiet() -> None:
    for seed in range(12):
        first = _drawn(seed).days[0].begins // 86_400_000_000
        assert first > MONDAY
        assert weekday(first) < 5


def test_the_intruder_s_addresses_are_different_and_nobody_else_s() -> None:
    others = {address for site in ESTATE.internet.sites for address in site.addresses}
    for seed in range(12):
        found = [address for site in _drawn(seed).sites.values() for address in site.addresses]
        assert len(set(found)) == len(found) == 5
        assert not set(found) & others
        assert all(int(address.rpartition(".")[2]) >= KEPT_FROM for address in found)


def test_plots_of_one_way_in_still_differ() -> None:
    told = [_drawn(seed).told() for seed in range(0, 36, 3)]
    assert len({one["victim"] for one in told}) > 3
    assert len({one["names"]["c2"] for one in told}) > 1
    assert len({tuple(one["parts"]) for one in told}) > 2

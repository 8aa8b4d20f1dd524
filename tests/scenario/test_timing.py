"""The steps of an intrusion keep their order, and leave quiet days where there is room."""

from __future__ import annotations

from random import Random

import pytest

from sakimori.scenario.rhythm import HOUR, Shift
from sakimori.scenario.timing import timing

ACTIVE = [0, 1, 3, 4, 6, 7, 8, 9]
STEPS = [(day, at) for day in ACTIVE for at in (0.16, 0.2, 0.3, 0.5, 0.6)]


def _shifts(days: int) -> list[Shift]:
    return [Shift(day * 24 * HOUR, day * 24 * HOUR + 9 * HOUR) for day in range(days)]


@pytest.mark.parametrize("days", [1, 2, 5, 9, 30])
@pytest.mark.parametrize("seed", range(5))
def test_steps_stay_in_order_and_inside_working_days(days: int, seed: int) -> None:
    shifts = _shifts(days)
    when = timing(Random(seed), ACTIVE, days)
    moments = [when.moment(shifts, day, at) for day, at in STEPS]
    assert moments == sorted(set(moments))
    assert all(any(shift.begins < moment < shift.ends for shift in shifts) for moment in moments)


def test_with_room_there_are_quiet_days_and_seeds_differ() -> None:
    placed = [tuple(timing(Random(seed), ACTIVE, 40).on.values()) for seed in range(6)]
    assert len(set(placed)) > 3
    assert all(days[-1] >= len(ACTIVE) for days in placed)

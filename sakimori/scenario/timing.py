"""When the steps of an intrusion happen: on the victim's working days, with quiet ones between, in order."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

from sakimori.scenario.rhythm import Shift

_QUIET = (1, 1, 1, 2, 3)  # working days from one active day to the next


@dataclass(frozen=True, slots=True)
class Timing:
    """`on` is the index of the working day of each active day, `slip` moves that day's steps together."""

    on: dict[int, int]
    slip: dict[int, float]

    def moment(self, shifts: list[Shift], day: int, at: float) -> int:
        """The moment of a step at the share `at` of its active day; days that share one follow each other."""
        index = self.on[day]
        together = [other for other in self.on if self.on[other] == index]
        part = (together.index(day) + at + self.slip[day]) / len(together)
        shift = shifts[index]
        return shift.begins + int((0.04 + 0.9 * part) * (shift.ends - shift.begins))


def timing(rng: Random, active: list[int], available: int) -> Timing:
    """Place the active days, in order, on so many working days."""
    gaps = [rng.choice(_QUIET) for _ in active[1:]]
    gaps[rng.randrange(len(gaps))] = 3  # every intruder rests once
    placed = [0, *accumulate(gaps)]
    room = available - 1
    if placed[-1] > room:
        placed = [place * room // placed[-1] for place in placed]
    return Timing(dict(zip(active, placed, strict=True)), {day: rng.uniform(-0.12, 0.3) for day in active})

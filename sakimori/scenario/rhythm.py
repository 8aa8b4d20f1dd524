"""When people work and machines run."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sakimori.scenario.journal import DAY
from sakimori.scenario.world import Host

HOUR = 3_600_000_000
JST = 9 * HOUR


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's working day in microseconds UTC; lunch is quieter."""

    begins: int
    ends: int

    def busy(self, t: int) -> float:
        """How busy the person is at `t`, from 0 to about 1.2."""
        if not self.begins <= t < self.ends:
            return 0.0
        hours = (t - self.begins) / HOUR
        return 0.45 if 3.0 <= hours < 4.0 else 1.1 if hours < 3.0 else 1.0


_ABSENT = {True: 0.93, False: 0.07}  # weekend, workday
_ON_DUTY = {True: 0.65, False: 0.12}  # a trading desk is staffed on weekends too


def shift(rng: Random, host: Host, day: int) -> Shift | None:
    """The working day of a host's owner on the UTC day `day`; None on a day off."""
    person = host.owner
    assert person is not None
    weekend = weekday(day) >= 5
    away = (_ON_DUTY if person.role == "trading" else _ABSENT)[weekend]
    start = rng.gauss(9.1 + person.early + person.offset, 0.35)
    length = max(4.0, rng.gauss(9.0, 0.8) - (3.0 if weekend else 0.0))
    if rng.random() < away:
        return None
    begins = day * DAY - JST + int(start * HOUR)
    begins = max(begins, day * DAY + 60_000_000)
    return Shift(begins, min(begins + int(length * HOUR), (day + 1) * DAY - 60_000_000))


def shifts(hosts: list[Host], seed: int, day: int) -> dict[int, Shift | None]:
    """The working days of all owners on one UTC day, by host; the same however often it is asked."""
    rng = Random(f"shifts/{seed}/{day}")
    return {host.index: shift(rng, host, day) for host in hosts if host.owner}


def weekday(day: int) -> int:
    """0 for Monday to 6 for Sunday."""
    return (day + 3) % 7

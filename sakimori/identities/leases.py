"""Which machine had an address at a time, told from every sighting of the two together."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

HOUR = 3_600_000_000
DAY = 24 * HOUR
_LOOKED_BACK = 64
LEASED = frozenset({"dhcp", "vpn"})


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """A machine had an address from `first` to `last`, microseconds UTC; `how` names the kind of record."""

    first: int
    last: int
    host: str
    how: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The machine, or why there is none: `shared` by several at that time, or `unknown`."""

    host: str | None
    how: str


SHARED, UNKNOWN = Answer(None, "shared"), Answer(None, "unknown")


class Leases:
    """Sightings by address. An address is one machine's where nothing seen near that time says otherwise."""

    def __init__(self, sightings: Iterable[tuple[str, Sighting]]) -> None:
        lines: defaultdict[str, list[Sighting]] = defaultdict(list)
        for address, sighting in sightings:
            lines[address].append(sighting)
        self._lines = {address: sorted(line) for address, line in lines.items()}
        self._firsts = {address: [one.first for one in line] for address, line in self._lines.items()}

    def of(self, address: str, clock: int | None) -> Answer:
        """The machine that had the address then. Without a time: the only one that ever had it."""
        line = self._lines.get(address)
        if line is None:
            return UNKNOWN
        if clock is None:
            hosts = {sighting.host for sighting in line}
            return Answer(line[0].host, line[0].how) if len(hosts) == 1 else SHARED
        at = bisect_right(self._firsts[address], clock)
        before, after = line[max(0, at - _LOOKED_BACK) : at], line[at : at + 1]
        covering = [one for one in before if clock <= one.last]
        return _agreed(covering) if covering else _nearest(before, after, clock)


def _agreed(covering: list[Sighting]) -> Answer:
    """A lease says more than a sighting; of two leases the later one holds, for addresses are handed on."""
    leased = [one for one in covering if one.how in LEASED]
    if leased:
        return Answer(leased[-1].host, leased[-1].how)
    hosts = {one.host for one in covering}
    return Answer(covering[-1].host, covering[-1].how) if len(hosts) == 1 else SHARED


def _nearest(before: list[Sighting], after: list[Sighting], clock: int) -> Answer:
    last = max(before, key=lambda one: one.last, default=None)
    near = [
        one for one in (last, *after) if one and min(abs(clock - one.last), abs(one.first - clock)) <= DAY
    ]
    if not near:
        return UNKNOWN
    return Answer(near[0].host, near[0].how) if len({one.host for one in near}) == 1 else SHARED

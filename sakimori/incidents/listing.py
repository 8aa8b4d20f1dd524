"""The list stays short: the same lone finding on many hosts is one entry, not one each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sakimori.incidents.join import Group, by_time
from sakimori.incidents.observation import Observation

# So many lone findings of one detector are shown together.
ALIKE = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes one incident: `seen` is weighed, `hosts` are those that only show the same."""

    group: Group
    seen: Sequence[Observation]
    hosts: tuple[str, ...] = ()


def entries(worthy: Iterable[tuple[Group, Sequence[Observation]]]) -> list[Entry]:
    """Groups as entries by the time of their first core; three or more that are alike are one.

    Alike are groups in which one and the same detector alone tells. They are not linked, so the strongest
    of them is weighed and the others only stand beside it.
    """
    alone: defaultdict[str, list[Entry]] = defaultdict(list)
    rest: list[Entry] = []
    for group, seen in worthy:
        detectors = {core.detector for core in group.cores}
        (alone[min(detectors)] if len(detectors) == 1 else rest).append(Entry(group, seen))
    for same in alone.values():
        rest += [_together(same)] if len(same) >= ALIKE else same
    return sorted(rest, key=lambda entry: by_time(entry.group.cores[0]))


def _together(same: Sequence[Entry]) -> Entry:
    best = min(same, key=lambda entry: (-entry.seen[0].worth, by_time(entry.group.cores[0])))
    cores = sorted((core for entry in same for core in entry.group.cores), key=by_time)
    others = sorted((other for entry in same for other in entry.group.others), key=by_time)
    hosts = {entry.seen[0].place.value for entry in same}
    return Entry(Group(tuple(cores), tuple(others)), best.seen, tuple(sorted(hosts)))

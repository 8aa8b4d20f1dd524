"""Findings that belong together: an entity graph with time, bounded, and the same for any order of the input.

1. Only findings that tell enough for how often their detector speaks here found a group ("cores").
2. Cores on one host join where they follow each other closely; hours alone never make a week (see `_Window`).
3. Cores join across hosts, and across days, only through an entity that is rare here, in order of time.
4. Everything weaker hangs itself onto the group it shares most with, and never joins two groups.

Each entity keeps a time line and only neighbours in it are compared, so the work grows with the findings
(times a logarithm for sorting), never with their pairs.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.context import Context
from sakimori.incidents.links import DAY, ENOUGH, HOUR, TIES, strength
from sakimori.incidents.rarity import Rarity, learn
from sakimori.incidents.union import Union

Key = Subject | tuple[Subject, Subject]  # an entity, with its host where it means nothing elsewhere


@dataclass(frozen=True, slots=True)
class _Window:
    """On one host two findings join if no more than `gap` apart, as long as the whole stays within `span`."""

    gap: int
    span: int


# A working session; and, for serious findings of rare detectors, an intruder who comes back the next days.
_ANY = _Window(12 * HOUR, DAY)
_SERIOUS = _Window(3 * DAY, 7 * DAY)
# How far before or after a group's findings on a host a weak finding still belongs to it.
_NEARBY = HOUR
# How rare its detector must be for a weak finding to be held by hour or account, and by a rarer entity.
_RARE, _SOME = 0.25, 0.1
# On how many days an account may be talked about on a host before that host is where it belongs.
EVERYDAY = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that belong together, by time; `cores` are those that would found an incident."""

    cores: tuple[Finding, ...]
    others: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, by time."""
        return tuple(sorted((*self.cores, *self.others), key=by_time))


def by_time(finding: Finding) -> tuple[object, ...]:
    """A total order: first seen (without a time last), then what tells findings apart."""
    clock = finding.first_seen
    return (
        clock is None,
        clock or 0,
        finding.detector,
        finding.subjects,
        finding.last_seen or 0,
        finding.count,
    )


def join(findings: Sequence[Finding], context: Context, rarity: Rarity | None = None) -> list[Group]:
    """Groups by the time of their first core; findings that belong to none are left out."""
    known = rarity or learn(findings, context)
    ordered = sorted(findings, key=by_time)
    cores = [finding for finding in ordered if known.tells(finding)]
    graph = _Graph(cores, known)
    members: dict[int, list[Finding]] = defaultdict(list)
    for index, core in enumerate(cores):
        members[graph.union.find(index)].append(core)
    others: dict[int, list[Finding]] = defaultdict(list)
    for finding in ordered:
        if not known.tells(finding) and (nearest := graph.nearest(finding)) is not None:
            others[graph.union.find(nearest)].append(finding)
    return [Group(tuple(group), tuple(others[root])) for root, group in members.items()]


class _Graph:
    """The cores, the time lines of their entities, and who is joined with whom."""

    def __init__(self, cores: Sequence[Finding], rarity: Rarity) -> None:
        self.cores = cores
        self.rarity = rarity
        self.union = Union([core.first_seen for core in cores])
        self.lines: defaultdict[Key, list[int]] = defaultdict(list)
        self.homes: defaultdict[Subject, list[int]] = defaultdict(list)
        self._strengths: dict[Subject, float] = {}
        self._file()
        for line in self.homes.values():
            self._join_on_host(line)
        for key, line in self.lines.items():
            self._join_along(key if isinstance(key, Subject) else key[0], line)

    def _file(self) -> None:
        for index, core in enumerate(self.cores):
            place = self._place(core)
            self.homes[place].append(index)
            for subject in self._subjects(core):
                if subject != place and self._strength(subject) * self._narrow(subject, place) >= ENOUGH:
                    self.lines[_key(subject, place)].append(index)

    def _place(self, finding: Finding) -> Subject:
        return self.rarity.places.of(finding)

    def _subjects(self, finding: Finding) -> Iterable[Subject]:
        resolve = self.rarity.places.resolve
        return dict.fromkeys(resolve(subject) for subject in finding.subjects if subject.type in TIES)

    def _strength(self, subject: Subject) -> float:
        if subject not in self._strengths:
            self._strengths[subject] = strength(subject, self.rarity)
        return self._strengths[subject]

    def _narrow(self, subject: Subject, place: Subject) -> float:
        return self.rarity.narrow(place) if subject in self.rarity.reaches else 1.0

    def _join_on_host(self, line: Sequence[int]) -> None:
        self._join_within(line, _ANY)
        self._join_within([index for index in line if self._serious(self.cores[index])], _SERIOUS)

    def _join_within(self, line: Sequence[int], window: _Window) -> None:
        """Nearest neighbours first, so that a run is cut at its longest pauses."""
        gaps = sorted(
            (gap, left, right)
            for left, right in pairwise(line)
            if (gap := self._gap(left, right)) <= window.gap
        )
        for _, left, right in gaps:
            self.union.join_within(left, right, window.span)

    def _serious(self, core: Finding) -> bool:
        return core.severity >= Severity.HIGH and self.rarity.of(core) >= 0.5

    def _join_along(self, subject: Subject, line: Sequence[int]) -> None:
        tie = TIES[subject.type]
        if self.rarity.places.inside(subject) or subject.type == "host" or subject in self.homes:
            self._join_named(line, self.homes.get(subject, ()), tie.window)
            return
        if subject.type == "account":
            line = list(self._away(line))
        for left, right in pairwise(line):
            elsewhere = self._place(self.cores[left]) != self._place(self.cores[right])
            if (tie.carries or elsewhere) and self._gap(left, right) <= tie.window:
                self.union.join(left, right)

    def _away(self, line: Sequence[int]) -> Iterator[int]:
        """An account's findings but those on a host where it has been talked about on some days before."""
        days: defaultdict[Subject, set[int]] = defaultdict(set)
        for index in line:
            known = days[self._place(self.cores[index])]
            known.add(self._clock(index) // DAY)
            if len(known) <= EVERYDAY:
                yield index

    def _join_named(self, mentions: Sequence[int], there: Sequence[int], window: int) -> None:
        """A finding that names another host joins what was found there next, or else just before."""
        clocks = [self._clock(index) for index in there]
        for mention in mentions:
            at = bisect_left(clocks, self._clock(mention))
            for neighbour in (*there[at : at + 1], *there[max(0, at - 1) : at]):
                if self._gap(*sorted((mention, neighbour))) <= window:
                    self.union.join(mention, neighbour)
                    break

    def _clock(self, index: int) -> int:
        clock = self.cores[index].first_seen
        return _NEVER if clock is None else clock

    def _gap(self, left: int, right: int) -> int:
        return _pause(self.cores[left], self.cores[right])

    def nearest(self, finding: Finding) -> int | None:
        """The core a weak finding belongs to: by process, session or rare entity, else by host and hour.

        A detector that speaks often is held only by an entity, one that speaks everywhere by its process.
        """
        place = self._place(finding)
        rare = self.rarity.of(finding)
        candidates: list[tuple[float, int, int]] = []
        for subject in self._subjects(finding):
            if rare >= _need(subject) and _key(subject, place) in self.lines:
                candidates += self._held(finding, place, subject)
        if rare >= _RARE and place in self.homes:
            candidates += self._around(finding, self.homes[place], _NEARBY, 0.0)
        return min(candidates)[2] if candidates else None

    def _held(self, finding: Finding, place: Subject, subject: Subject) -> Iterator[tuple[float, int, int]]:
        """Cores with the same entity; the user's account, there all day, holds only what is elsewhere."""
        tie, line = TIES[subject.type], self.lines[_key(subject, place)]
        for order, gap, index in self._around(finding, line, tie.window, -self._strength(subject)):
            if tie.carries or self._place(self.cores[index]) != place:
                yield order, gap, index

    def _around(
        self, finding: Finding, line: Sequence[int], window: int, order: float
    ) -> Iterator[tuple[float, int, int]]:
        at = bisect_left(line, _key_of_clock(finding), key=lambda index: _key_of_clock(self.cores[index]))
        for index in (*line[max(0, at - 1) : at], *line[at : at + 1]):
            first, second = sorted((finding, self.cores[index]), key=by_time)
            if (gap := _pause(first, second)) <= window:
                yield order, gap, index


_NEVER = 1 << 62


def _key_of_clock(finding: Finding) -> int:
    return _NEVER if finding.first_seen is None else finding.first_seen


def _need(subject: Subject) -> float:
    """How rare a weak finding's detector must be for this entity to hold it; a process holds all its own."""
    return 0.0 if subject.type == "process_instance" else _SOME if TIES[subject.type].carries else _RARE


def _key(subject: Subject, place: Subject) -> Key:
    return (subject, place) if TIES[subject.type].scoped else subject


def _pause(first: Finding, second: Finding) -> int:
    """Time from the end of one to the start of the next; none between two without a time."""
    if first.first_seen is None or second.first_seen is None:
        return 0 if first.first_seen == second.first_seen else _NEVER
    return max(0, second.first_seen - max(first.first_seen, first.last_seen or 0))

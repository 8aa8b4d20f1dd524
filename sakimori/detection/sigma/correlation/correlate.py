"""Events in order of time through all correlations, chained ones too, in memory bounded by their windows."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sakimori.detection.sigma.correlation.correlation import COUNTING, VALUED, Correlation
from sakimori.detection.sigma.correlation.event import Event, Match
from sakimori.detection.sigma.correlation.figures import Value, is_number
from sakimori.detection.sigma.correlation.windows import Window, window

_SWEEP = 1 << 14
Key = tuple[int, tuple[str, ...]]


def correlate(
    events: Iterable[Event], correlations: Sequence[Correlation], end: int | None = None
) -> list[Match]:
    """Every match, in the order in which they began to hold.

    `correlations` that listen to others stand behind those. `events` come in order of their clocks; what has
    the same clock counts as in any order. `end` is how far the evidence reaches: a window that speaks of
    absence or of an upper bound and is not over by then is not judged.
    """
    running = _Running(correlations)
    for clock, together in groupby(events, key=lambda event: event.clock):
        running.until(clock)
        running.take(list(together))
    if end is not None:
        running.until(end + 1)
    return running.matches


class _Running:
    def __init__(self, correlations: Sequence[Correlation]) -> None:
        self._correlations = correlations
        self._listening: defaultdict[str, list[int]] = defaultdict(list)
        for number, correlation in enumerate(correlations):
            for rule in correlation.rules:
                self._listening[rule].append(number)
        self._windows: dict[Key, Window] = {}
        self._due: list[tuple[int, Key]] = []
        self._taken = 0
        self.matches: list[Match] = []
        self._known: set[int] = set()

    def take(self, events: Sequence[Event]) -> None:
        """Hands events of one time to the correlations that listen to them, and what those find to others."""
        asked: defaultdict[int, list[Event]] = defaultdict(list)
        for event in events:
            self._ask(event, asked)
        for number in range(len(self._correlations)):
            if number in asked:
                for match, clock in self._hand(number, asked[number]):
                    self._ask(self._found(match, clock), asked)
        self._taken += len(events)
        if self._taken >= _SWEEP:
            self._taken = 0
            self._sweep(events[0].clock)

    def _ask(self, event: Event, asked: defaultdict[int, list[Event]]) -> None:
        for number in sorted({number for rule in event.values for number in self._listening.get(rule, ())}):
            asked[number].append(event)

    def _hand(self, number: int, events: Sequence[Event]) -> Iterator[tuple[Match, int]]:
        """Events of one time in the order of the rules.

        An event counts once for a figure, by the first of its rules, and for each of its rules where rules
        must come together.
        """
        correlation = self._correlations[number]
        pairs = [
            (place, at)
            for at, e in enumerate(events)
            for place, r in enumerate(correlation.rules)
            if r in e.values
        ]
        counted: set[int] = set()
        for place, at in sorted(pairs):
            if correlation.type not in COUNTING or at not in counted:
                yield from self._one(number, correlation.rules[place], events[at])
            counted.add(at)

    def until(self, clock: int) -> None:
        """Judges the windows that are over before `clock`, the earliest first."""
        while self._due and self._due[0][0] < clock:
            due, key = heapq.heappop(self._due)
            held = self._windows.get(key)
            if held is None or held.due != due:
                continue
            closed = list(held.close())
            self._schedule(key, held)
            for match, at in closed:
                self.take([self._found(match, at)])

    def _one(self, number: int, rule: str, event: Event) -> Iterator[tuple[Match, int]]:
        correlation = self._correlations[number]
        group = _group(correlation, rule, event)
        value = _value(correlation, rule, event)
        if group is None or value is None:
            return
        key = (number, tuple(text.lower() for text in group))
        held = self._windows.get(key)
        if held is None:
            named = dict(zip(correlation.group_by, group, strict=True))
            held = self._windows[key] = window(correlation, named)
        yield from list(held.add(rule, value, event))
        self._schedule(key, held)

    def _schedule(self, key: Key, held: Window) -> None:
        if held.due is not None:
            heapq.heappush(self._due, (held.due, key))

    def _found(self, match: Match, clock: int) -> Event:
        if id(match) not in self._known:
            self._known.add(id(match))
            self.matches.append(match)
        return match.event(clock)

    def _sweep(self, clock: int) -> None:
        """Lets go of groups whose windows are long over."""
        for key, held in list(self._windows.items()):
            if held.due is None and held.last < clock - self._correlations[key[0]].timespan:
                del self._windows[key]


def _group(correlation: Correlation, rule: str, event: Event) -> tuple[str, ...] | None:
    """The values of the group-by fields; None where one is missing: such an event belongs to no group."""
    fields = event.values[rule]
    found = [fields.get(correlation.field_of(name, rule)) for name in correlation.group_by]
    return None if any(text is None for text in found) else tuple(str(text) for text in found)


def _value(correlation: Correlation, rule: str, event: Event) -> Value | None:
    """What the figure looks at; None where it is missing, or no number where one is needed."""
    if correlation.type not in VALUED:
        return ()
    fields = event.values[rule]
    found = [fields.get(correlation.field_of(name, rule)) for name in correlation.fields]
    if any(text is None for text in found):
        return None
    value = tuple(str(text).lower() for text in found)
    return value if correlation.type == "value_count" or is_number(value) else None

"""One correlation over the events of one group, in order of time.

A condition that only a larger figure can satisfy is told by a window that slides: it ends at each event and
reaches back over the timespan, whatever the clock says. A condition with an upper bound cannot be told so
(every large number contains a small one): its windows are laid one after another, each from the first event
after the last one's end, and are judged when they are over. What speaks of absence is judged when the
timespan after each event of the others is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Protocol

from sakimori.detection.sigma.correlation.correlation import Correlation, negated, satisfied
from sakimori.detection.sigma.correlation.event import PLACES, Event, Match
from sakimori.detection.sigma.correlation.figures import Figure, Value, figure

Number = float | int
_TIES = 16  # chains kept of one moment


class Window(Protocol):
    """The state of one group; `due` is when it must be told that time has passed, None for never."""

    due: int | None
    last: int

    def add(self, rule: str, value: Value, event: Event) -> Iterator[tuple[Match, int]]:
        """An event in which a rule fired; gives each match that began to hold or still holds, and when."""
        ...

    def close(self) -> Iterator[tuple[Match, int]]:
        """The time `due` has passed."""
        ...


class _Base:
    def __init__(self, correlation: Correlation, group: Mapping[str, str]) -> None:
        self.correlation, self.group = correlation, group
        self.due: int | None = None
        self.last = 0
        self._match: Match | None = None
        self._told = 0
        self._counted: list[Event] = []  # of this time: an event may come once for each of its rules

    def close(self) -> Iterator[tuple[Match, int]]:
        return iter(())

    def _made(self, events: list[Event], clock: int, number: Number) -> Match:
        made = Match(
            self.correlation.id, self.group, clock, min(e.clock for e in events),
            max(e.clock for e in events), len(events), number,
        )  # fmt: skip
        for event in events[:PLACES]:
            made.take(event)
        return made

    def _holding(self, held: list[Event], event: Event, number: Number) -> Iterator[tuple[Match, int]]:
        """A sliding condition holds: a new match, or the one at hand goes on; told again each timespan."""
        counted = any(event is known for known in self._counted)
        self._counted = [*(known for known in self._counted if known.clock == event.clock), event]
        if self._match is None:
            self._match = self._made(held, event.clock, number)
            self._counted = [known for known in held if known.clock == event.clock]
        else:
            if not counted:
                self._match.extend(event)
            if event.clock - self._told <= self.correlation.timespan:
                return
        self._told = event.clock
        yield self._match, event.clock


class Sliding(_Base):
    """A figure that only has to be large."""

    def __init__(self, correlation: Correlation, group: Mapping[str, str]) -> None:
        super().__init__(correlation, group)
        self._held: deque[tuple[Value, Event]] = deque()
        self._figure: Figure = figure(correlation.type, correlation.percentile)

    def add(self, rule: str, value: Value, event: Event) -> Iterator[tuple[Match, int]]:
        self.last = event.clock
        while self._held and self._held[0][1].clock < event.clock - self.correlation.timespan:
            self._figure.leave(self._held.popleft()[0])
        self._held.append((value, event))
        self._figure.enter(value)
        number = self._figure.number()
        if number is None or not self.correlation.holds(number):
            self._match = None
            return
        yield from self._holding([e for _, e in self._held], event, float(number))


class Laid(_Base):
    """A figure with an upper bound."""

    def __init__(self, correlation: Correlation, group: Mapping[str, str]) -> None:
        super().__init__(correlation, group)
        self._events: list[Event] = []
        self._figure: Figure = figure(correlation.type, correlation.percentile)
        self._count = 0

    def add(self, rule: str, value: Value, event: Event) -> Iterator[tuple[Match, int]]:
        self.last = event.clock
        if self.due is None:
            self.due = event.clock + self.correlation.timespan
        self._figure.enter(value)
        self._count += 1
        if len(self._events) < PLACES:
            self._events.append(event)
        return iter(())

    def close(self) -> Iterator[tuple[Match, int]]:
        number, due = self._figure.number(), self.due
        if number is not None and due is not None and self.correlation.holds(number):
            match = self._made(self._events, due, float(number))
            match.count, match.last = self._count, self.last
            yield match, due + 1  # what happens at its very end still belongs to it
        self.due, self._events, self._count = None, [], 0
        self._figure = figure(self.correlation.type, self.correlation.percentile)


class Together(_Base):
    """Different rules within the timespan, in any order, and nothing said of absence."""

    def __init__(self, correlation: Correlation, group: Mapping[str, str]) -> None:
        super().__init__(correlation, group)
        self._latest: dict[str, Event] = {}
        self._held: deque[Event] = deque(maxlen=PLACES)

    def add(self, rule: str, value: Value, event: Event) -> Iterator[tuple[Match, int]]:
        self.last = event.clock
        since = event.clock - self.correlation.timespan
        self._latest[rule] = event
        if not any(known is event for known in self._held):
            self._held.append(event)
        seen = frozenset(name for name, latest in self._latest.items() if latest.clock >= since)
        if not _enough(self.correlation, seen):
            self._match = None
            return
        near = [e for e in self._held if e.clock >= since]
        apart = [e for name, e in self._latest.items() if name in seen and not any(e is n for n in near)]
        yield from self._holding([*apart, *near], event, len(seen))


def _enough(correlation: Correlation, seen: frozenset[str]) -> bool:
    if correlation.expression is not None:
        return satisfied(correlation.expression, seen)
    return correlation.holds(len(seen)) if correlation.bounds else len(seen) == len(set(correlation.rules))


class Absent(_Base):
    """Different rules, with a word on absence or an upper bound: a window after each event."""

    def __init__(self, correlation: Correlation, group: Mapping[str, str]) -> None:
        super().__init__(correlation, group)
        expression = correlation.expression
        self._negated = negated(expression) if expression is not None else frozenset[str]()
        self._held: deque[tuple[str, Event]] = deque()
        self._covered = -1

    def add(self, rule: str, value: Value, event: Event) -> Iterator[tuple[Match, int]]:
        self.last = event.clock
        self._held.append((rule, event))
        if self.due is None and rule not in self._negated:
            self.due = event.clock + self.correlation.timespan
        return iter(())

    def close(self) -> Iterator[tuple[Match, int]]:
        due = self.due
        assert due is not None
        start = due - self.correlation.timespan
        within = [(rule, event) for rule, event in self._held if start <= event.clock <= due]
        if start > self._covered and _enough(self.correlation, frozenset(rule for rule, _ in within)):
            self._covered = due
            yield self._made([event for _, event in within], due, len({rule for rule, _ in within})), due + 1
        while self._held and self._held[0][1].clock <= start:
            self._held.popleft()
        begins = (event.clock for rule, event in self._held if rule not in self._negated)
        self.due = next((clock + self.correlation.timespan for clock in begins), None)


class Ordered(_Base):
    """Rules in their order within the timespan.

    `_begun[n][i]` holds chains of n + 1 events in order of which the last is of the i-th rule: the latest,
    those of the same time and the one before, for an event cannot follow itself.
    """

    def __init__(self, correlation: Correlation, group: Mapping[str, str]) -> None:
        super().__init__(correlation, group)
        self._size = len(correlation.rules)
        self._begun: list[dict[int, list[tuple[Event, ...]]]] = [{} for _ in correlation.rules]

    def add(self, rule: str, value: Value, event: Event) -> Iterator[tuple[Match, int]]:
        self.last = event.clock
        at = self.correlation.rules.index(rule)
        best: tuple[Event, ...] = ()
        for length in range(at + 1):
            chains = self._chains(length, at, event)
            if chains:
                self._begun[length][at] = _kept(chains, self._begun[length].get(at, []))
                best = chains[0]
        if event.clock - self._told > self.correlation.timespan:
            self._match = None
        if self._enough(len(best)):
            yield from self._holding(list(best), event, len(best))

    def _chains(self, length: int, at: int, event: Event) -> list[tuple[Event, ...]]:
        """Chains of that many steps before this event, with it behind them; those that begin latest first."""
        if length == 0:
            return [(event,)]
        since = event.clock - self.correlation.timespan
        before = [
            chain
            for last, chains in self._begun[length - 1].items()
            for chain in chains
            if last < at and chain[0].clock >= since and not any(known is event for known in chain)
        ]
        before.sort(key=lambda chain: -chain[0].clock)
        return [(*chain, event) for chain in before[:_TIES]]

    def _enough(self, steps: int) -> bool:
        return self.correlation.holds(steps) if self.correlation.bounds else steps == self._size


def _kept(chains: list[tuple[Event, ...]], known: list[tuple[Event, ...]]) -> list[tuple[Event, ...]]:
    clock = chains[0][-1].clock
    same = [one for one in known if one[-1].clock == clock]
    before = [one for one in known if one[-1].clock < clock]
    return [*chains, *same[:_TIES], *before[:1]]


def window(correlation: Correlation, group: Mapping[str, str]) -> Window:
    """The window that a correlation's type and condition need."""
    if correlation.type == "temporal_ordered":
        return Ordered(correlation, group)
    if correlation.type == "temporal":
        expression = correlation.expression
        absent = not correlation.rising or (expression is not None and negated(expression))
        return Absent(correlation, group) if absent else Together(correlation, group)
    return Sliding(correlation, group) if correlation.rising else Laid(correlation, group)

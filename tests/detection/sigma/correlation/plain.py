"""Correlations evaluated the obvious way: every window is looked at as a whole, nothing is kept."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from sakimori.detection.sigma.correlation import Correlation, Event
from sakimori.detection.sigma.correlation.correlation import COUNTING, VALUED
from sakimori.detection.sigma.kernel.tree import And, Atom, Not, Tree
from tests.detection.sigma.correlation.reading import Told


@dataclass(frozen=True)
class Seen:
    """An event as one correlation sees it: under which of its rules (by place), with which value."""

    clock: int
    place: int
    event: Event
    value: tuple[str, ...]


@dataclass
class Found:
    """A match and the times at which correlations that listen to it hear of it."""

    correlation: str
    group: tuple[tuple[str, str], ...]
    began: int
    events: list[Event]
    heard: list[int]


def plain(events: Sequence[Event], correlations: Sequence[Correlation], end: int | None) -> list[Told]:
    """The matches, by when they began to hold."""
    known, found = list(events), []
    reach = max([e.clock for e in events] + ([] if end is None else [end + 1]), default=0)
    for number, one in enumerate(correlations):
        for match in _matches(one, known, reach):
            found.append((match.began, number, match))
            known += [Event(clock, {one.id: dict(match.group)}) for clock in match.heard]
    found.sort(key=lambda entry: entry[:2])
    return [_told(match) for _, _, match in found]


def _told(match: Found) -> Told:
    clocks = [event.clock for event in match.events]
    group = tuple((name, value.lower()) for name, value in match.group)
    return Told(match.correlation, group, len(clocks), min(clocks), max(clocks))


def _matches(one: Correlation, events: Sequence[Event], reach: int) -> Iterator[Found]:
    groups: dict[tuple[str, ...], tuple[tuple[tuple[str, str], ...], list[Seen]]] = {}
    for event in sorted(events, key=lambda e: e.clock):
        places = [place for place, rule in enumerate(one.rules) if rule in event.values]
        for place in places[:1] if one.type in COUNTING else places:
            fields = event.values[one.rules[place]]
            group = [fields.get(one.field_of(name, one.rules[place])) for name in one.group_by]
            value = [fields.get(one.field_of(name, one.rules[place])) for name in one.fields]
            if None in group or None in value or not _fits(one, value):
                continue
            key = tuple(str(text).lower() for text in group)
            named = tuple(zip(one.group_by, map(str, group), strict=True))
            seen = Seen(event.clock, place, event, tuple(str(text).lower() for text in value))
            groups.setdefault(key, (named, []))[1].append(seen)
    found = []
    for named, seen_ in groups.values():
        ordered = sorted(seen_, key=lambda s: (s.clock, s.place))
        found += [(m.began, m) for m in _of_group(one, named, ordered, reach)]
    yield from (match for _, match in sorted(found, key=lambda entry: entry[0]))


def _fits(one: Correlation, value: list[str | None]) -> bool:
    if one.type not in VALUED or one.type == "value_count":
        return True
    try:
        return math.isfinite(float(str(value[0])))
    except ValueError:
        return False


def _of_group(
    one: Correlation, named: tuple[tuple[str, str], ...], seen: list[Seen], reach: int
) -> Iterator[Found]:
    absent = one.type == "temporal" and (not one.rising or _negated(one.expression))
    if absent:
        yield from _after_each(one, named, seen, reach)
    elif one.type in COUNTING and not one.rising:
        yield from _laid(one, named, seen, reach)
    else:
        yield from _sliding(one, named, seen)


def _sliding(one: Correlation, named: tuple[tuple[str, str], ...], seen: list[Seen]) -> Iterator[Found]:
    run: Found | None = None
    for at, last in enumerate(seen):
        window = [s for s in seen[: at + 1] if s.clock >= last.clock - one.timespan]
        chosen = _holds(one, window, last)
        if one.type == "temporal_ordered":
            if run is not None and last.clock - run.heard[-1] > one.timespan:
                run = None
        elif chosen is None:
            run = None
        if chosen is None:
            continue
        if run is None:
            run = Found(one.id, named, last.clock, _distinct(chosen), [last.clock])
            yield run
            continue
        if not any(last.event is event for event in run.events):
            run.events.append(last.event)
        if last.clock - run.heard[-1] > one.timespan:
            run.heard.append(last.clock)


def _distinct(seen: Sequence[Seen]) -> list[Event]:
    found: list[Event] = []
    for one in seen:
        if not any(one.event is other for other in found):
            found.append(one.event)
    return found


def _holds(one: Correlation, window: list[Seen], last: Seen) -> list[Seen] | None:
    if one.type in COUNTING:
        return window if _fulfils(one, _figure(one, [s.value for s in window])) else None
    if one.type == "temporal":
        rules = {one.rules[s.place] for s in window}
        return window if _together(one, rules) else None
    return _ordered(one, window, last)


def _ordered(one: Correlation, window: list[Seen], last: Seen) -> list[Seen] | None:
    """The chain that ends in `last`, has most steps, and begins latest."""
    by_place = [[s for s in window if s.place == place] for place in range(last.place)]
    best: list[Seen] | None = None
    for steps in product(*([None, *some] for some in by_place)):
        chain = [s for s in steps if s is not None] + [last]
        clocks = [s.clock for s in chain]
        if clocks != sorted(clocks) or len({id(s.event) for s in chain}) != len(chain):
            continue
        if best is None or (len(chain), chain[0].clock) > (len(best), best[0].clock):
            best = chain
    steps_ = len(best or ())
    enough = _fulfils(one, steps_) if one.bounds else steps_ == len(one.rules)
    return best if enough else None


def _together(one: Correlation, rules: set[str]) -> bool:
    if one.expression is not None:
        return _true(one.expression, rules)
    return _fulfils(one, len(rules)) if one.bounds else rules == set(one.rules)


def _laid(
    one: Correlation, named: tuple[tuple[str, str], ...], seen: list[Seen], reach: int
) -> Iterator[Found]:
    while seen:
        over = seen[0].clock + one.timespan
        window = [s for s in seen if s.clock <= over]
        seen = seen[len(window) :]
        if over < reach and _fulfils(one, _figure(one, [s.value for s in window])):
            yield Found(one.id, named, over, [s.event for s in window], [over + 1])


def _after_each(
    one: Correlation, named: tuple[tuple[str, str], ...], seen: list[Seen], reach: int
) -> Iterator[Found]:
    covered = -1
    for first in seen:
        over = first.clock + one.timespan
        if one.rules[first.place] in _negated(one.expression) or first.clock <= covered or over >= reach:
            continue
        window = [s for s in seen if first.clock <= s.clock <= over]
        if _together(one, {one.rules[s.place] for s in window}):
            covered = over
            yield Found(one.id, named, over, [s.event for s in window], [over + 1])


def _fulfils(one: Correlation, figure: int | Fraction) -> bool:
    exact = [(bound.op, Fraction(str(bound.number))) for bound in one.bounds]
    return all(Fraction(figure) > n if op == "gt" else Fraction(figure) >= n if op == "gte" else
               Fraction(figure) < n if op == "lt" else Fraction(figure) <= n if op == "lte" else
               Fraction(figure) == n if op == "eq" else Fraction(figure) != n for op, n in exact)  # fmt: skip


def _figure(one: Correlation, values: list[tuple[str, ...]]) -> int | Fraction:
    if one.type == "event_count":
        return len(values)
    if one.type == "value_count":
        return len(set(values))
    numbers = sorted(Fraction(value[0]) for value in values)
    if one.type == "value_sum":
        return sum(numbers)
    if one.type == "value_avg":
        return sum(numbers) / len(numbers)
    if one.type == "value_median":
        return statistics.median(numbers)
    return numbers[math.ceil(Fraction(one.percentile or 0, 100) * len(numbers)) - 1]


def _true(tree: Tree, rules: set[str]) -> bool:
    if isinstance(tree, Atom):
        return tree.field in rules
    if isinstance(tree, Not):
        return not _true(tree.arg, rules)
    if isinstance(tree, And):
        return all(_true(arg, rules) for arg in tree.args)
    return any(_true(arg, rules) for arg in tree.args)  # type: ignore[union-attr]


def _negated(tree: Tree | None, under: bool = False) -> set[str]:
    if tree is None:
        return set()
    if isinstance(tree, Atom):
        return {tree.field} if under else set()
    if isinstance(tree, Not):
        return _negated(tree.arg, not under)
    return set().union(*(_negated(arg, under) for arg in tree.args))  # type: ignore[union-attr]

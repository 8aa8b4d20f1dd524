"""Any correlation over any events: the engine and the plain evaluator agree, whatever their order."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.detection.sigma.correlation import Correlation, Event, correlate
from sakimori.detection.sigma.correlation.parse import parse_correlation
from tests.detection.sigma.correlation.plain import plain
from tests.detection.sigma.correlation.reading import MINUTE, Told, told

RULES = ["a", "b", "d"]
OPS = st.sampled_from(["gt", "gte", "lt", "lte", "eq", "neq"])
BOUNDS = st.dictionaries(OPS, st.integers(0, 4), min_size=1, max_size=2)
RISING = st.dictionaries(st.sampled_from(["gt", "gte"]), st.integers(0, 4), min_size=1, max_size=2)
EXPRESSIONS = ["a and b", "a or d", "a and not b", "(a or b) and not d", "a and b and d"]


def one_event(parts: tuple[int, set[str], str | None, str | None]) -> Event:
    clock, rules, user, number = parts
    fields = {name: text for name, text in (("u", user), ("n", number)) if text is not None}
    return Event(clock * MINUTE, dict.fromkeys(rules, fields))


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.sets(st.sampled_from(RULES), min_size=1, max_size=2),
        st.sampled_from(["x", "X", "y", None]),
        st.sampled_from(["1", "2.5", "-1", "ten", None]),
    ).map(one_event),
    max_size=14,
).map(lambda found: sorted(found, key=lambda event: event.clock))


@st.composite
def sections(draw: st.DrawFn) -> dict[str, Any]:
    type_ = draw(
        st.sampled_from(
            ["event_count", "value_count", "value_sum", "value_avg", "value_percentile", "value_median",
             "temporal", "temporal_ordered"]
        )
    )  # fmt: skip
    made: dict[str, Any] = {"type": type_, "timespan": f"{draw(st.integers(1, 12))}m"}
    few = 2 if type_.startswith("temporal") else 1
    made["rules"] = draw(st.permutations(RULES))[: draw(st.integers(few, 3))]
    if draw(st.booleans()):
        made["group-by"] = ["u"]
    return made | draw(conditions(type_, made["rules"]))


@st.composite
def conditions(draw: st.DrawFn, type_: str, rules: list[str]) -> dict[str, Any]:
    if type_ == "temporal_ordered":
        return draw(st.sampled_from([{}, {"condition": {"gte": 2}}]))
    if type_ == "temporal":
        known = [
            text for text in EXPRESSIONS if set(RULES) & set(text.split()) <= set(rules) and "(" not in text
        ]
        return draw(
            st.one_of(
                st.just({}), st.builds(lambda c: {"condition": c}, st.one_of(BOUNDS, *map(st.just, known)))
            )
        )
    condition: dict[str, Any] = dict(draw(st.one_of(BOUNDS, RISING)))
    if type_ != "event_count":
        condition["field"] = "n"
    if type_ == "value_percentile":
        condition["percentile"] = draw(st.integers(1, 99))
    return {"condition": condition}


def comparable(found: list[Told], ordered: bool) -> list[tuple[object, ...]]:
    """Windows of two groups that are over at one time may be told in either order.

    Which of several events of one moment stands in a chain may differ, and with it how many a match counts.
    """
    return sorted((m.correlation, m.group, 0 if ordered else m.count, m.first, m.last) for m in found)


def parsed(name: str, section: dict[str, Any]) -> Correlation:
    return parse_correlation({"id": name, "title": "t", "correlation": section}, absence=True)


@settings(max_examples=400)
@given(sections(), EVENTS, st.one_of(st.none(), st.integers(0, 60)))
def test_they_agree(section: dict[str, Any], events: list[Event], end: int | None) -> None:
    one, reach = parsed("c", section), None if end is None else end * MINUTE
    ordered = section["type"] == "temporal_ordered"
    found = comparable(told(correlate(events, [one], reach)), ordered)
    assert found == comparable(plain(events, [one], reach), ordered)


@settings(max_examples=150)
@given(sections(), EVENTS, st.integers(1, 12), st.integers(30, 60))
def test_they_agree_on_chains(section: dict[str, Any], events: list[Event], span: int, end: int) -> None:
    outer = {"type": "temporal_ordered", "rules": ["c", "a"], "timespan": f"{span}m"}
    chain = [parsed("c", section), parsed("z", outer)]
    found = comparable(told(correlate(events, chain, end * MINUTE)), True)
    assert found == comparable(plain(events, chain, end * MINUTE), True)


@given(sections(), EVENTS, st.integers(0, 9))
def test_events_of_one_time_may_come_in_any_order(
    section: dict[str, Any], events: list[Event], seed: int
) -> None:
    shuffled = list(events)
    random.Random(seed).shuffle(shuffled)
    shuffled.sort(key=lambda event: event.clock)
    one = parsed("c", section)
    # Which of several events of one moment stands in a chain may differ; that there is one may not.
    found, again = (
        sorted((m.group, m.first, m.last) for m in told(correlate(given_, [one], None)))
        for given_ in (events, shuffled)
    )
    assert found == again

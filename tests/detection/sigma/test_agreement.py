"""The engine says what the plain evaluator says: on every case, and on rules and events nobody thought of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakimori.detection.sigma import look, refusals
from tests.detection.sigma import plain, strategies
from tests.detection.sigma.cases import Case, load

CASES = load()
SPOKEN = [case for case in CASES if case.refused is None]
REFUSED = [case for case in CASES if case.refused is not None]
# The same examples every time: a suite that fails must fail again.
UNHURRIED = settings(
    deadline=None, derandomize=True, max_examples=200, suppress_health_check=[HealthCheck.too_slow]
)

Rule = Mapping[str, Any]


def _name(case: Case) -> str:
    return f"{case.file}: {case.name}"


@pytest.mark.parametrize("case", SPOKEN, ids=_name)
def test_the_engine_gives_each_event_the_verdict_the_specification_gives(case: Case) -> None:
    found = look([case.rule], case.events, case.placeholders)
    assert refusals([case.rule], case.placeholders) == {}
    assert tuple(case.id in ids for ids in found) == case.expect


@pytest.mark.parametrize("case", REFUSED, ids=_name)
def test_the_engine_refuses_what_cannot_be_honoured_and_says_why(case: Case) -> None:
    reasons = refusals([case.rule], case.placeholders)
    assert [*reasons] == [case.id]
    assert str(case.refused).lower() in reasons[case.id].lower()


def test_a_refused_rule_takes_no_other_with_it() -> None:
    good, bad = SPOKEN[0], REFUSED[0]
    found = look([bad.rule, good.rule], good.events)
    assert found == [frozenset({good.id}) if expected else frozenset() for expected in good.expect]


def test_engine_and_plain_evaluator_agree_on_every_rule_against_every_event_of_the_cases() -> None:
    # Very long texts have cases of their own; against every wildcard the plain evaluator would take hours.
    events = [e for case in SPOKEN for e in case.events if len(str(e)) < 500]
    assert _apart([case.rule for case in SPOKEN if not case.placeholders], events) == []


@UNHURRIED
@given(
    rules=st.lists(strategies.rules(), min_size=1, max_size=6, unique_by=lambda rule: rule["id"]),
    events=st.lists(strategies.events, min_size=1, max_size=12),
)
def test_engine_and_plain_evaluator_agree_on_rules_and_events_nobody_thought_of(
    rules: list[Rule], events: list[Mapping[str, object]]
) -> None:
    refused = {str(rule["id"]) for rule in rules if _refused(rule)}
    assert refusals(rules).keys() == refused
    assert _apart([rule for rule in rules if rule["id"] not in refused], events) == []


@UNHURRIED
@given(
    value=st.text(strategies.LETTERS + "\\*?", max_size=7),
    modifier=st.sampled_from(("", "|contains", "|startswith", "|endswith", "|cased")),
    texts=st.lists(st.text(strategies.LETTERS + "\\*?\n", max_size=7), min_size=1, max_size=20),
)
def test_engine_and_plain_evaluator_agree_on_wildcards_and_escapes(
    value: str, modifier: str, texts: list[str]
) -> None:
    assert _apart([_rule({f"f{modifier}": value})], [{"f": text} for text in texts]) == []


@UNHURRIED
@given(texts=st.lists(st.text(max_size=12), min_size=1, max_size=12))
def test_every_text_equals_itself_and_every_text_contains_its_middle(texts: list[str]) -> None:
    whole = [_rule({"f": _escaped(text)}, number) for number, text in enumerate(texts)]
    middle = [_rule({"f|contains": _escaped(text[1:-1])}, 100 + number) for number, text in enumerate(texts)]
    found = look([*whole, *middle], [{"f": text} for text in texts])
    for number, ids in enumerate(found):
        assert whole[number]["id"] in ids
        assert middle[number]["id"] in ids or texts[number].lower() != _lower_apart(texts[number])


def _lower_apart(text: str) -> str:
    # Greek capital sigma has two small forms, chosen by what stands beside it.
    return "".join(letter.lower() for letter in text)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")


def _rule(selection: Mapping[str, Any], number: int = 0) -> dict[str, Any]:
    return {
        "title": "generated",
        "id": f"00000000-0000-4000-8000-{number:012}",
        "logsource": {"category": "test", "product": "test"},
        "detection": {"selection": selection, "condition": "selection"},
    }


def _refused(rule: Rule) -> bool:
    try:
        plain.parse(rule)
    except ValueError:
        return True
    return False


Apart = tuple[str, Any, object, bool]


def _apart(rules: Sequence[Rule], events: Sequence[Mapping[str, object]]) -> list[Apart]:
    """Where the two differ: the rule's title, its detection, the event, and what the engine says."""
    found = look(rules, events)
    apart: list[Apart] = []
    for rule in rules:
        conditions = plain.conditions(plain.parse(rule))
        for event, ids in zip(events, found, strict=True):
            if any(plain.holds(c, event) for c in conditions) != (rule["id"] in ids):
                apart.append((rule["title"], rule["detection"], event, rule["id"] in ids))
    return apart

"""Every conformance case, through the plain evaluator."""

from __future__ import annotations

import pytest

from tests.detection.sigma import plain
from tests.detection.sigma.cases import Case, load

CASES = load()
POINTS = {*range(1, 19)} - {15, 17}  # correlations and filters have cases of their own


def _name(case: Case) -> str:
    return f"{case.file}: {case.name}"


@pytest.mark.parametrize("case", [c for c in CASES if c.refused is None], ids=_name)
def test_each_event_gets_the_verdict_the_specification_gives(case: Case) -> None:
    rule = plain.parse(case.rule, case.placeholders)
    assert tuple(plain.matches(rule, event) for event in case.events) == case.expect


@pytest.mark.parametrize("case", [c for c in CASES if c.refused is not None], ids=_name)
def test_a_rule_that_cannot_be_honoured_is_refused_with_its_reason(case: Case) -> None:
    with pytest.raises(ValueError) as refusal:
        plain.parse(case.rule, case.placeholders)
    assert str(case.refused).lower() in str(refusal.value).lower()


def test_cases_are_many_have_names_of_their_own_and_touch_every_point() -> None:
    assert len(CASES) >= 150
    assert len({case.name for case in CASES}) == len(CASES)
    assert {point for case in CASES for point in case.points} == POINTS


def test_every_case_says_something() -> None:
    silent = [c.name for c in CASES if c.refused is None and (not c.events or len(c.events) != len(c.expect))]
    assert silent == []

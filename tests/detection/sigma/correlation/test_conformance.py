"""Every case, through the engine and through the plain evaluator: both say what the case says."""

from __future__ import annotations

from typing import Any

import pytest

from sakimori.detection.sigma.correlation import correlate
from sakimori.errors import RuleError
from tests.detection.sigma.correlation.plain import plain
from tests.detection.sigma.correlation.reading import cases, correlations, end_of, events, expected, told

CASES = dict(cases())
RUN = [name for name, case in CASES.items() if "refused" not in case]
REFUSED = [name for name in CASES if name not in RUN]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize("name", RUN)
def test_the_engine_finds_it(name: str) -> None:
    case: dict[str, Any] = CASES[name]
    found = correlate(events(case["events"]), correlations(case), end_of(case))
    assert told(found) == expected(case["matches"])


@pytest.mark.parametrize("name", RUN)
def test_the_plain_evaluator_finds_the_same(name: str) -> None:
    case: dict[str, Any] = CASES[name]
    assert plain(events(case["events"]), correlations(case), end_of(case)) == expected(case["matches"])


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(RuleError, match=CASES[name]["refused"]):
        correlations(CASES[name])

"""Wildcards: the linear walk and the textbook definition give one answer."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from sakimori.detection.sigma.kernel.wildcards import like, literals


def textbook(pattern: list[str], value: str) -> bool:
    """`*` is nothing, or one character and itself again; `?` is one character; the rest is itself."""
    if not pattern:
        return not value
    if pattern[0] == "*":
        return textbook(pattern[1:], value) or (bool(value) and textbook(pattern, value[1:]))
    return bool(value) and pattern[0] in ("?", value[0]) and textbook(pattern[1:], value[1:])


@given(st.text("ab*?", max_size=7), st.text("ab\n", max_size=8))
def test_the_walk_agrees_with_the_textbook(pattern: str, value: str) -> None:
    assert like(pattern).holds(value) == textbook(list(pattern), value)


def test_escaped_signs_are_themselves() -> None:
    assert like(r"a\*b").holds("a*b")
    assert not like(r"a\*b").holds("axb")
    assert like("\\\\*").holds("\\anything")


def test_the_literal_stretches_of_a_pattern() -> None:
    assert literals(r"ab*c?d\*e") == ["ab", "c", "d*e"]


def test_a_long_value_and_many_stars_stay_quick() -> None:
    began = time.process_time()
    assert not like("*" + "a*" * 30 + "z").holds("a" * 200_000)
    assert time.process_time() - began < 5

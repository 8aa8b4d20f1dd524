"""Hypothesis strategies for Sigma rules and events whose values are close enough to meet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

FIELDS = ("f", "g", "h")
# Few letters, so that rules and events meet; signs that some layer escapes; letters whose case is a trap.
LETTERS = "aAbB"
SIGNS = "\\*?-/ .\n\0%[]{}\"'^$|+é"
TRAPS = "sSkK\u0130\u0131\u00df\u1e9e\u017f\u212a\u01c5ΩЖ防😀\u2013"
NUMBERS = st.one_of(st.integers(-3, 12), st.sampled_from((4688, 46, 0.5, 2**53 - 1)))
ADDRESSES = ("192.0.2.1", "192.0.2.200", "198.51.100.7", "2001:db8::1", "2001:DB8:0::1", "::1", "10.0.0.256")
TIMES = ("2026-03-05T05:07:00Z", "2026-03-05T07:05:00+09:00", "1655157610", "2026-01-01 00:00:00", "noon")

words = st.one_of(
    st.text(LETTERS, max_size=4),
    st.text(LETTERS + "\\*?", max_size=6),
    st.text(LETTERS + SIGNS, max_size=8),
    st.text(LETTERS + TRAPS, max_size=5),
)
some_word = words.filter(lambda word: any(letter in LETTERS for letter in word))
ascii_words = st.text(LETTERS + " -/", min_size=3, max_size=6)


def _values(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(value, st.lists(value, min_size=1, max_size=3))


PATTERNS = st.one_of(
    words.map(re.escape),
    st.sampled_from(
        ("^a", "b$", "a.b", "(?i)ab", "a+b?", "[^a]b", "^$", "a|b", r"\\a", r"a\s", r"^\w{2,3}$")
    ),
)
# Modifiers, and what may stand behind them.
TEXTUAL = ("", "|contains", "|startswith", "|endswith", "|cased", "|contains|cased", "|cased|endswith")
ENCODED = ("|base64|contains", "|base64offset|contains")
LISTED = ("|contains|all", "|all", "|contains|all|windash", "|startswith|all")


rare: st.SearchStrategy[tuple[str, Any]] = st.sampled_from(
    (
        ("f|exists", True),
        ("g|exists", False),
        ("h|exists", True),
        ("f|cidr", "192.0.2.0/25"),
        ("g|cidr", ["2001:db8::/32", "198.51.100.0/24"]),
        ("h|cidr|neq", "0.0.0.0/0"),
        ("f|hour", 5),
        ("g|hour|gte", 6),
        ("h|year", [2022, 2026]),
        ("f|expand", "%Servers%"),
    )
)


@st.composite
def items(draw: st.DrawFn) -> tuple[str, Any]:
    """One entry of a detection map."""
    field = draw(st.sampled_from(FIELDS))
    kind = draw(st.integers(0, 13))
    if kind <= 4:
        return field + draw(st.sampled_from(TEXTUAL)), draw(_values(words))
    if kind == 5:
        return field + draw(st.sampled_from(LISTED)), draw(st.lists(words, min_size=2, max_size=3))
    if kind == 6:
        return field + draw(st.sampled_from(("|re", "|re|i", "|re|m", "|re|s"))), draw(_values(PATTERNS))
    if kind == 7:
        return field + draw(st.sampled_from(("|windash", "|contains|windash"))), draw(_values(words))
    if kind == 8:
        return field + draw(st.sampled_from(ENCODED)), draw(ascii_words)
    if kind == 9:
        return field, draw(_values(st.one_of(NUMBERS, st.booleans(), st.none(), words)))
    if kind == 10:
        return field + draw(st.sampled_from(("|lt", "|lte", "|gt", "|gte"))), draw(NUMBERS)
    if kind == 11:
        return field + draw(st.sampled_from(("|neq", "|contains|neq"))), draw(_values(words))
    if kind == 12:
        return draw(rare)
    suffix = draw(st.sampled_from(("", "|startswith", "|endswith", "|contains", "|neq")))
    return f"{field}|fieldref{suffix}", draw(st.sampled_from(FIELDS))


maps = st.lists(items(), min_size=1, max_size=3).map(dict)
keywords = st.one_of(
    st.lists(some_word, min_size=1, max_size=2),
    st.lists(some_word, min_size=1, max_size=2).map(lambda found: {"|all": found}),
    some_word.map(lambda word: {"|cased": word}),
)
detections = st.one_of(maps, maps, maps, st.lists(maps, min_size=1, max_size=2), keywords)
CONDITIONS = (
    "s_a",
    "not s_a",
    "s_a and not s_b",
    "s_a or s_b and _c",
    "not s_a or _c",
    "1 of s_*",
    "all of s_*",
    "1 of them",
    "all of them and not _c",
    "not (s_a or s_b) and not _c",
    ["s_a and s_b", "_c"],
)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A whole rule of three detections and a condition."""
    detection: Mapping[str, Any] = draw(
        st.fixed_dictionaries({"s_a": detections, "s_b": detections, "_c": detections})
    )
    return {
        "title": "generated",
        "id": str(UUID(int=draw(st.integers(0, 2**128 - 1)), version=4)),
        "logsource": {"category": "test", "product": "test"},
        "detection": {**detection, "condition": draw(st.sampled_from(CONDITIONS))},
    }


contents = st.one_of(
    words,
    words,
    st.tuples(words, words, words).map("".join),
    st.none(),
    NUMBERS,
    st.booleans(),
    st.sampled_from((*ADDRESSES, *TIMES, "YWFi", "eGFhYg==", "true", "4688")),
    st.lists(st.one_of(words, NUMBERS, st.none()), max_size=3),
)
events = st.dictionaries(st.sampled_from(FIELDS), contents, max_size=3)

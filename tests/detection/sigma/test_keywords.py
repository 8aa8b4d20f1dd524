"""Keywords looked for in many events at once are found in the same events as one by one."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st

from sakimori.detection.sigma.kernel.keywords import KeywordMatcher
from sakimori.detection.sigma.kernel.tree import KEYWORD, Atom

ATOMS = {Atom(KEYWORD, "has", text): number for number, text in enumerate(("mimikatz", "lsass", "o'brien"))}
TEXTS = st.sampled_from(["MIMIKATZ", "lsass.exe", "mimi", "katz", "O'Brien", "nothing", "", "\\u0041&#65;"])
EVENTS = st.lists(st.one_of(st.none(), st.lists(TEXTS, max_size=2).map(orjson.dumps)), max_size=200)


def found(matcher: KeywordMatcher, events: list[bytes | None]) -> list[frozenset[int]]:
    return [matcher.sets[signature] for signature in matcher.signatures(events)]


@given(EVENTS)
def test_many_events_at_once_are_judged_as_one_by_one(events: list[bytes | None]) -> None:
    together, alone = KeywordMatcher(ATOMS), KeywordMatcher(ATOMS)
    assert found(together, events) == [found(alone, [event])[0] for event in events]


def test_quiet_events_before_and_after_hide_none() -> None:
    quiet: list[bytes | None] = [b'{"a":"nothing"}'] * 300
    hit = b'{"a":"MimiKatz"}'
    holding = [bool(one) for one in found(KeywordMatcher(ATOMS), [*quiet, hit, *quiet, hit, hit, *quiet])]
    assert [at for at, one in enumerate(holding) if one] == [300, 601, 602]

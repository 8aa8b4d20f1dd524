"""Keyword atoms: texts looked for anywhere in an event, narrowed down on its raw bytes first."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import hyperscan

from sakimori.detection.sigma.kernel.matcher import Matcher
from sakimori.detection.sigma.kernel.strings import expression_of_bytes
from sakimori.detection.sigma.kernel.tree import Atom
from sakimori.detection.sigma.kernel.values import as_text
from sakimori.detection.sigma.kernel.wildcards import literals

# Bytes that an exporter writes as they are, whatever the format: neither quoted nor escaped anywhere.
_UNESCAPED = re.compile(r"[A-Za-z0-9 _.,:;()\[\]{}@#$%^*+=!?|~-]+")
# An exporter may write any letter as an escape; such an event is always looked at whole.
_ESCAPED = (rb"\\u00[2-7]", rb"&#")
_MOST_TOGETHER = 64


class KeywordMatcher:
    """Signatures of whole events; the numbers agree with Matcher's, 0 being the empty set."""

    def __init__(self, atoms: Mapping[Atom, int], cache: Path | None = None) -> None:
        self._matcher = Matcher(atoms, cache)
        self._prefilter = _prefilter(list(atoms))
        self._hit = False
        self._together = 1  # how many events are scanned at once; where some need a look, ever fewer

    @property
    def sets(self) -> Sequence[frozenset[int]]:
        """The atoms that hold, by signature."""
        return self._matcher.sets

    def signatures(self, events: Sequence[bytes | None]) -> list[int]:
        """The signature of each event, given as its raw bytes."""
        found: list[int] = []
        while len(found) < len(events):
            some = events[len(found) : len(found) + self._together]
            if self._passes(some):
                self._together = min(2 * self._together, _MOST_TOGETHER)
                found += [0] * len(some)
            elif len(some) == 1:
                found.append(self._signature(some[0] or b""))
            else:
                self._together //= 2
        return found

    def _passes(self, events: Sequence[bytes | None]) -> bool:
        """Whether nothing that keywords need stands in any of these events; no needle spans two of them."""
        if self._prefilter is None:
            return not any(events)
        self._hit = False
        self._prefilter.scan(b"\n".join([*filter(None, events), b""]), match_event_handler=self._note)
        return not self._hit

    def _signature(self, raw: bytes) -> int:
        true: set[int] = set()
        for value in texts(raw):
            true |= self._matcher.true_of(value)
        return self._matcher.number(frozenset(true))

    def _note(self, index: int, start: int, end: int, flags: int, context: Any) -> None:
        self._hit = True


def texts(raw: bytes) -> Iterator[str]:
    """Every value of an event at any depth, as text; the whole line where it is not JSON."""
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        yield raw.decode("utf-8", "replace")
        return
    waiting = [event]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif value is not None:
            yield as_text(value)


def _prefilter(atoms: Sequence[Atom]) -> hyperscan.Database | None:
    needles = [_certain(atom) for atom in atoms]
    if not all(needles):
        return None  # some keyword has no stretch that must stand in the bytes as written
    wanted = sorted({needle.lower() for needle in needles if needle})
    expressions = [*(expression_of_bytes(needle.encode()) for needle in wanted), *_ESCAPED]
    database = hyperscan.Database()
    database.compile(
        expressions=expressions,
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=int(hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_CASELESS),
    )
    return database


def _certain(atom: Atom) -> str:
    stretches = literals(atom.value) if atom.op == "like" else [atom.value]
    if atom.op == "re":
        return ""
    found = [text for stretch in stretches for text in _UNESCAPED.findall(stretch)]
    return max(found, key=len, default="")

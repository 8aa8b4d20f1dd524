"""Findings that somebody answers for stay, marked and counted, and found no incident."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from sakimori.detection.sigma.findings import SUBJECTS
from sakimori.findings import Finding, Place
from sakimori.organisation.suppression import Suppression
from sakimori.tongue import tongue

SUPPRESSED = "suppressed"
_TONGUES = ((SUPPRESSED, "en"), (f"{SUPPRESSED}_ja", "ja"))
_SENTENCE = "Suppressed until {expires}; {owner} answers for it ({reason})."

Fields = Mapping[str, str]
Looking = Callable[[Set[Place]], Mapping[Place, Fields]]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The findings, marked or not; how many each entry in force marked; names of entries that are over."""

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    expired: tuple[str, ...]


def suppressed(
    findings: Sequence[Finding], given: Sequence[Suppression], today: date, look: Looking
) -> Suppressed:
    """What the entries in force say of the findings; the first that fits is the one.

    `look` gives the fields of the events at some places: an entry with `fields` must fit each of them.
    """
    valid = [one for one in given if not one.expired(today)]
    asked = {p for f in findings for s in valid if s.fields and _speaks_of(s, f) for p in f.places}
    events = look(asked) if asked else {}
    counts = Counter({one.name: 0 for one in valid})
    marked = tuple(_marked(finding, valid, events, counts) for finding in findings)
    return Suppressed(marked, dict(counts), tuple(one.name for one in given if one.expired(today)))


def _marked(
    finding: Finding, valid: Sequence[Suppression], events: Mapping[Place, Fields], counts: Counter[str]
) -> Finding:
    for one in valid:
        if _speaks_of(one, finding) and _fits(one, finding, events):
            counts[one.name] += 1
            facts = {"expires": one.expires, "owner": one.owner, "reason": one.reason}
            words = {key: tongue(lang)(_SENTENCE, **facts) for key, lang in _TONGUES}
            return replace(finding, facts={**finding.facts, **words})
    return finding


def _speaks_of(one: Suppression, finding: Finding) -> bool:
    """Whether detector and subjects are the entry's: of each type it gives, the finding names no other."""
    if one.detector not in (finding.detector, finding.detector.partition(":")[2]):
        return False
    for kind, wanted in one.subjects.items():
        named = {subject for subject in finding.subjects if subject.type == kind}
        # A finding that could not hold all its subjects may be about others, too.
        crowded = len(finding.subjects) >= SUBJECTS and finding.subjects[0].type != kind
        if not named or not named <= wanted or crowded:
            return False
    return True


def _fits(one: Suppression, finding: Finding, events: Mapping[Place, Fields]) -> bool:
    return not one.fields or all(_holds(one, fields) for fields in _fields_of(finding, events))


def _fields_of(finding: Finding, events: Mapping[Place, Fields]) -> Iterator[Fields]:
    """The fields of every event of a finding; nothing of those of which no record is kept."""
    own = {name[6:]: value for name, value in finding.facts.items() if name.startswith("field.")}
    if not finding.detector.startswith("sigma:"):
        yield own  # a behaviour's fields speak of all it saw
        return
    for place in finding.places:
        yield events.get(place, {})
    if finding.count > len(finding.places):
        yield {}


def _holds(one: Suppression, fields: Fields) -> bool:
    return all(
        any(_like(fields.get(name, "").casefold(), pattern) for pattern in patterns)
        for name, patterns in one.fields.items()
    )


def _like(text: str, pattern: str) -> bool:
    """Whether the text is the pattern, in which a star is any run of characters."""
    first, *middle = pattern.split("*")
    if not middle:
        return text == first
    last, at = middle.pop(), len(first)
    if not text.startswith(first):
        return False
    for part in middle:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return len(text) - at >= len(last) and text.endswith(last)

"""Hits in order of time become events for correlations, and what those found becomes findings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sakimori.detection.sigma.bind import text_of_field
from sakimori.detection.sigma.correlation import Correlation, Event, Match, correlate
from sakimori.detection.sigma.findings import Hit
from sakimori.detection.sigma.pack import Pack
from sakimori.detection.sigma.rule import Rule, tactics_of, techniques_of
from sakimori.detection.subjects import primary, subjects
from sakimori.findings import Finding, Place, Severity, Subject, by_time, day_of
from sakimori.records.catalogue import Catalogue
from sakimori.tongue import tongue

PLACES = 100
SUBJECTS = 64
_CONFIDENCE = {"stable": "high", "test": "medium"}


def listened(pack: Pack) -> tuple[str, ...]:
    """Ids of the rules whose hits correlations need."""
    theirs = {one.id for one in pack.correlations}
    return tuple(sorted({rule for one in pack.correlations for rule in one.rules} - theirs))


def correlated(hits: Iterable[Hit], pack: Pack, catalogue: Catalogue, end: int | None) -> tuple[Finding, ...]:
    """One finding a correlation, primary subject and UTC day, by time and id. `hits` come by their clocks.

    `end` is how far the evidence reaches.
    """
    matches = correlate(_events(hits, pack, catalogue), pack.correlations, end)
    known = {one.id: one for one in pack.correlations}
    titles = {
        **{rule.id: rule.title for rule in pack.rules},
        **{one.id: one.title for one in pack.correlations},
    }
    levels = _levels(pack)
    groups: dict[tuple[str, Subject, str], list[Match]] = {}
    for match in matches:
        named = primary(tuple(match.subjects), match.places[0].file if match.places else "")
        groups.setdefault((match.correlation, named, day_of(match.first)), []).append(match)
    made = (_finding(known[c], named, found, titles, levels[c]) for (c, named, _), found in groups.items())
    quiet = {rule for one in pack.correlations if not one.generate for rule in one.rules}
    return tuple(sorted((f for f in made if f.detector.removeprefix("sigma:") not in quiet), key=by_time))


def _events(hits: Iterable[Hit], pack: Pack, catalogue: Catalogue) -> Iterator[Event]:
    """Each event once, with what the correlations ask of it."""
    rules = {rule.id: rule for rule in pack.rules}
    wanted = set(listened(pack))
    seen: set[bytes] = set()
    for hit in hits:
        if hit.identity is not None:
            digest = hashlib.blake2b(hit.identity.encode("utf-8", "replace"), digest_size=16).digest()
            if digest in seen:
                continue
            seen.add(digest)
        if hit.clock is not None:
            log = catalogue[hit.log]
            values = {rule: _values(hit, rules[rule], catalogue) for rule in hit.rules if rule in wanted}
            place = Place(hit.file, hit.record, hit.offset)
            yield Event(hit.clock, values, subjects(log, hit.fields, hit.site), (place,))


def _values(hit: Hit, rule: Rule, catalogue: Catalogue) -> dict[str, str]:
    found = ((name, text_of_field(catalogue[hit.log], name, hit.fields)) for name in rule.asked)
    return {name: text for name, text in found if text is not None}


def _levels(pack: Pack) -> dict[str, str]:
    """The level of each correlation: its author's, else the highest of what it listens to."""
    levels = {rule.id: rule.level for rule in pack.rules}
    for _ in pack.correlations:  # chains are no longer than there are correlations
        for one in pack.correlations:
            below = [levels[rule] for rule in one.rules if rule in levels]
            levels[one.id] = one.level or max(below, key=Severity.from_word, default="medium")
    return levels


def _finding(
    one: Correlation, named: Subject, found: Sequence[Match], titles: Mapping[str, str], level: str
) -> Finding:
    others = {subject for match in found for subject in match.subjects} - {named}
    places = sorted({place for match in found for place in match.places})
    return Finding(
        detector=f"sigma:{one.id}",
        title=one.title,
        severity=Severity.from_word(level),
        confidence="low" if level in ("low", "informational") else _CONFIDENCE.get(one.status, "medium"),
        techniques=techniques_of(one.tags),
        subjects=(named, *sorted(others)[: SUBJECTS - 1]),
        first_seen=min(match.first for match in found),
        last_seen=max(match.last for match in found),
        count=sum(match.count for match in found),
        places=tuple(places[:PLACES]),
        because=_because(one, found, titles, "en"),
        facts=_facts(one, found, titles),
        source={"author": one.author, "license": one.license, "url": next(iter(one.references), "")},
    )


_COUNTED = "{n} events within {span}{group}: {rules}."
_FIGURE = "{n} events within {span}{group}, in which {figure} of {field} is {number}: {rules}."
_TOGETHER = "{n} different things within {span}{group}: {rules}."
_GROUP = " for {names}"
_SENTENCES = {"event_count": _COUNTED, "temporal": _TOGETHER, "temporal_ordered": _TOGETHER}
_FIGURES = {
    "value_count": "the number of different values",
    "value_sum": "the sum",
    "value_avg": "the average",
    "value_percentile": "the percentile",
    "value_median": "the median",
}


def _because(one: Correlation, found: Sequence[Match], titles: Mapping[str, str], lang: str) -> str:
    say, match = tongue(lang), found[0]
    names = ", ".join(f"{name} {value}" for name, value in match.group.items())
    facts = {
        "n": int(match.figure) if one.type in ("temporal", "temporal_ordered") else match.count,
        "span": _span(one.timespan),
        "group": say(_GROUP, names=names) if names else "",
        "rules": "; ".join(titles.get(rule, rule) for rule in one.rules),
    }
    if one.type in _FIGURES:
        facts |= {
            "figure": say(_FIGURES[one.type]),
            "field": ", ".join(one.fields),
            "number": f"{match.figure:g}",
        }
    return say(_SENTENCES.get(one.type, _FIGURE), **facts)


def _span(timespan: int) -> str:
    """`10m`, as correlations write it."""
    seconds = timespan // 1_000_000
    size, unit = next((s, u) for s, u in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")) if not seconds % s)
    return f"{seconds // size}{unit}"


def _facts(one: Correlation, found: Sequence[Match], titles: Mapping[str, str]) -> dict[str, str]:
    facts = {
        "count": str(sum(match.count for match in found)),
        "matches": str(len(found)),
        "tactics": ",".join(tactics_of(one.tags)),
        "description": one.description,
        "falsepositives": "; ".join(one.falsepositives),
        "title_ja": one.ja.get("title", ""),
        "description_ja": one.ja.get("description", ""),
        "because_ja": _because(one, found, titles, "ja"),
        **{f"field.{name}": value for name, value in list(found[0].group.items())[:6]},
    }
    return {name: value for name, value in facts.items() if value}

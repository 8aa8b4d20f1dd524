"""Findings in, ranked and argued incidents out; their ids outlive later evidence."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sakimori.findings import Finding, Subject, by_time
from sakimori.incidents.context import Context
from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.incident import Incident
from sakimori.incidents.join import Group, join
from sakimori.incidents.listing import Entry, entries
from sakimori.incidents.observation import observations
from sakimori.incidents.rank import deserves_a_person, score, stage_support, total
from sakimori.incidents.rarity import Rarity, learn
from sakimori.incidents.title import title, title_facts
from sakimori.tongue import tongue

# The most specific entities are named on an incident; its findings hold all of them.
SUBJECTS = 200
# From this score on an incident is called medium, and high: the words a list is filtered by.
MEDIUM, HIGH = 15.0, 35.0


def incidents(
    findings: Sequence[Finding], context: Context, published: Mapping[str, str] | None = None
) -> tuple[Incident, ...]:
    """Incidents by rank, from 1. `published` maps finding ids to the incident they were shown in before."""
    rarity = learn(findings, context)
    groups = [(group, observations(group.findings, rarity)) for group in join(findings, context, rarity)]
    listed = entries((group, seen) for group, seen in groups if deserves_a_person(seen))
    names = _names([entry.group for entry in listed], published or {})
    made = [_incident(entry, name, rarity, context) for entry, name in zip(listed, names, strict=True)]
    made.sort(key=lambda incident: (-incident.score, incident.first_seen or 0, incident.id))
    return tuple(replace(incident, rank=rank) for rank, incident in enumerate(made, 1))


def _incident(entry: Entry, name: _Name, rarity: Rarity, context: Context) -> Incident:
    parts = score(entry.seen, rarity, context)
    found = sorted(entry.group.findings, key=by_time)
    facts = {**title_facts(entry.seen, entry.hosts), "level": _level(total(parts))}
    clocks = [f.first_seen for f in found if f.first_seen is not None]
    ends = [f.last_seen for f in found if f.last_seen is not None]
    return Incident(
        id=name.id,
        rank=0,
        score=total(parts),
        score_parts=parts,
        title=title(facts, tongue("en")),
        findings=tuple(found),
        subjects=_subjects(found, rarity.mentions),
        techniques=tuple(sorted({technique for f in found for technique in f.techniques})),
        stages=tuple(stage_support(entry.seen)),
        first_seen=min(clocks, default=None),
        last_seen=max((*ends, *clocks), default=None),
        merged_from=name.merged_from,
        facts=facts,
    )


def _level(points: float) -> str:
    return "high" if points >= HIGH else "medium" if points >= MEDIUM else "low"


def _subjects(found: Sequence[Finding], met: Mapping[Subject, int]) -> tuple[Subject, ...]:
    """Those met nowhere else first, the more often met here before the less; everybody's last."""
    here = Counter(subject for finding in found for subject in dict.fromkeys(finding.subjects))
    ranked = sorted(here, key=lambda s: (everybodys(s), -here[s] / max(1, met[s]), -here[s], s))
    return tuple(ranked[:SUBJECTS])


@dataclass(frozen=True, slots=True)
class _Name:
    id: str
    merged_from: tuple[str, ...] = ()


def _names(groups: Sequence[Group], published: Mapping[str, str]) -> list[_Name]:
    """An id for each group: the oldest one its findings were shown under, else a new one.

    Of two groups that were one incident before, the one with more of its findings keeps the id.
    """
    claims = [_claims(group, published) for group in groups]
    keeper: dict[str, int] = {}
    for index, claim in enumerate(claims):
        for known, weight in claim.items():
            if known not in keeper or weight > claims[keeper[known]][known]:
                keeper[known] = index
    taken = set(published.values())
    names = []
    for index, group in enumerate(groups):
        own = [known for known in claims[index] if keeper[known] == index]
        names.append(_Name(own[0], tuple(own[1:])) if own else _Name(_mint(group, taken)))
        taken.add(names[-1].id)
    return names


def _claims(group: Group, published: Mapping[str, str]) -> dict[str, int]:
    """Published incidents that findings of this group were shown in, the earliest first, with how many."""
    shown = (
        [published[finding.id] for finding in group.findings if finding.id in published] if published else []
    )
    return dict(Counter(shown))


def _mint(group: Group, taken: set[str]) -> str:
    fresh = (minted(finding) for finding in (*group.cores, *group.others))
    return next((name for name in fresh if name not in taken), minted(group.cores[0], len(taken)))


def minted(finding: Finding, again: int = 0) -> str:
    """The id of an incident that begins with this finding: 16 hex digits of SHA-256."""
    text = "\x1f".join(("incident", finding.id, *([str(again)] if again else [])))
    return hashlib.sha256(text.encode()).hexdigest()[:16]

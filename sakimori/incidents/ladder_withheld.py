"""Below L3 nobody is named: texts of rules, lists and sources are shown without actors and campaigns.

What stands in the evidence (`field.*`, values, subjects) is never touched, nor is a detector's id: who wants
to know which rule spoke can read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sakimori.coverage import Coverage, RuleState
from sakimori.findings import Finding
from sakimori.incidents.incident import Incident, ScorePart
from sakimori.incidents.ladder_ground import Climb
from sakimori.knowledge.naming import masked, names_someone

# Facts in the words of a rule, a list or ourselves; all others are evidence, figures or ids.
_OURS = ("title", "description", "falsepositives", "misses", "next", "because")
_SAID = "said_by"


def withheld(
    findings: Iterable[Finding], incidents: Iterable[Incident], climbs: Mapping[str, Climb]
) -> tuple[tuple[Finding, ...], tuple[Incident, ...]]:
    """Findings and incidents, nameless but for those of an incident that stands at L3 or higher."""
    shown = {f.id for i in incidents if climbs[i.id].names for f in i.findings}
    kept = {finding.id: finding if finding.id in shown else nameless(finding) for finding in findings}
    return tuple(kept.values()), tuple(
        incident if climbs[incident.id].names else _incident(incident, kept) for incident in incidents
    )


def nameless(finding: Finding) -> Finding:
    """The finding without who it is said to be of."""
    facts = {key: masked(text) if _ours(key) else text for key, text in finding.facts.items() if key != _SAID}
    source = {key: _source(key, text) for key, text in finding.source.items()}
    title = masked(finding.title)
    because = _because(finding, finding.because)
    if (facts, source, title, because) == (finding.facts, finding.source, finding.title, finding.because):
        return finding
    facts = {
        key: _because(finding, text) if key.startswith("because") else text for key, text in facts.items()
    }
    return replace(finding, title=title, because=because, facts=facts, source=source)


def nameless_rules(coverage: Coverage) -> Coverage:
    """The coverage with titles of rules that name nobody: a list of what spoke is a list of names, too."""
    return replace(coverage, states=tuple(map(_state, coverage.states)))


def _state(state: RuleState) -> RuleState:
    title = masked(state.title)
    return state if title == state.title else replace(state, title=title)


def _ours(key: str) -> bool:
    """Whether a fact is in somebody's words; `because` holds evidence and is looked at apart."""
    return key.removesuffix("_ja") in _OURS and not key.startswith("because")


def _source(key: str, text: str) -> str:
    if key == "url":
        return "" if names_someone(text) else text
    return masked(text)


def _because(finding: Finding, text: str) -> str:
    """The sentence with the names of lists masked where they stand; values of the evidence stay."""
    author = finding.source.get("author", "")
    return text.replace(author, masked(author)) if author else text


def _incident(incident: Incident, kept: Mapping[str, Finding]) -> Incident:
    findings = tuple(kept.get(finding.id) or nameless(finding) for finding in incident.findings)
    titles = {
        before: after
        for old, new in zip(incident.findings, findings, strict=True)
        for before, after in ((old.title, new.title), *_facts(old, new))
        if before and before != after
    }
    if not titles:
        return replace(incident, findings=findings)
    return replace(
        incident,
        findings=findings,
        title=_replaced(incident.title, titles),
        facts={key: _replaced(text, titles) for key, text in incident.facts.items()},
        score_parts=tuple(_part(part, titles) for part in incident.score_parts),
    )


def _facts(old: Finding, new: Finding) -> Iterable[tuple[str, str]]:
    return ((old.facts.get(key, ""), new.facts.get(key, "")) for key in ("title_ja",))


def _part(part: ScorePart, titles: Mapping[str, str]) -> ScorePart:
    facts = {key: _replaced(text, titles) for key, text in part.facts.items()}
    return replace(part, facts=facts, because=_replaced(part.because, titles))


def _replaced(text: str, titles: Mapping[str, str]) -> str:
    for before, after in titles.items():
        text = text.replace(before, after)
    return text

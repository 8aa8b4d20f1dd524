"""Incidents in, proposals out, in the order in which victims need them; nothing is ever done by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sakimori.findings import Finding, Severity
from sakimori.incidents.incident import Incident
from sakimori.response.respond import guard as guarding
from sakimori.response.respond.entry import Entry
from sakimori.response.respond.guard import Guard, Verdict
from sakimori.response.respond.naming import named, system_program
from sakimori.response.respond.platforms import Evidence
from sakimori.response.respond.proposal import BLOCK, KINDS, SPARED, WATCH, Proposal, gravest
from sakimori.response.respond.revoking import first_aid
from sakimori.response.sentences import Sentence, Term, sentence
from sakimori.response.words import subject_word

# An address changes hands within weeks, a name seldom, a file never.
_DAYS: Mapping[str, int] = {"address": 30, "domain": 90, "url": 90, "hash": 365}
_BREAKS: Mapping[str, Sentence] = {
    "address": sentence("Whatever else stands behind this address cannot be reached either."),
    "domain": sentence("Every name below it cannot be reached either."),
    "url": sentence("Nothing else; in HTTPS it is met only where a proxy looks inside."),
    "hash": sentence("The same file is stopped wherever it lies, also where somebody uses it rightly."),
}
_OWNERS: Mapping[str, Sentence] = {
    "address": sentence("network team"),
    "domain": sentence("network team"),
    "url": sentence("network team"),
    "hash": sentence("endpoint team"),
}
_WEAK = Verdict(WATCH, sentence("What speaks for it is not strong enough to block it unseen."))
_OF_THE_SYSTEM = Verdict(guarding.SPARED, sentence("It may be the hash of a program of the system."))


@dataclass(slots=True)
class _Met:
    """In which incidents and findings something is met."""

    incidents: dict[str, None] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)

    def add(self, incident: Incident, finding: Finding) -> None:
        self.incidents.setdefault(incident.id)
        self.findings.setdefault(finding.id, finding)


def proposals(incidents: Iterable[Incident], evidence: Evidence, guard: Guard) -> tuple[Proposal, ...]:
    """First what is lost first, within a kind by rank of the incident and by how strongly it is borne out."""
    ranked = sorted(incidents, key=lambda incident: incident.rank)
    found = [*first_aid(ranked, evidence), *_lists(ranked, guard)]
    place = {incident.id: number for number, incident in enumerate(ranked)}
    return tuple(
        one
        for _, one in sorted(
            enumerate(found), key=lambda pair: (KINDS.index(pair[1].kind), *_order(pair[1], place), pair[0])
        )
    )


def of_incident(found: Iterable[Proposal], incident: Incident) -> tuple[Proposal, ...]:
    """Those that an incident gives."""
    return tuple(one for one in found if incident.id in one.incidents)


def _order(one: Proposal, place: Mapping[str, int]) -> tuple[int, ...]:
    # What must be revoked keeps the order of its steps; lists go by what bears them out.
    first = min((place[name] for name in one.incidents), default=0)
    return (first, -len(one.findings)) if one.kind in (BLOCK, WATCH, SPARED) else (0, 0)


def _lists(ranked: Sequence[Incident], guard: Guard) -> Iterator[Proposal]:
    met: dict[Entry, _Met] = {}
    for incident in ranked:
        for finding in incident.findings:
            for one in named(finding):
                met.setdefault(one, _Met()).add(incident, finding)
    for one, where in met.items():
        yield _listed(one, where, _verdict(one, tuple(where.findings.values()), guard))


def _verdict(one: Entry, findings: tuple[Finding, ...], guard: Guard) -> Verdict:
    judged = guard.judge(one)
    if judged.use == guarding.SPARED:
        return judged
    listed = any(finding.detector.startswith("indicator:") for finding in findings)
    if one.type == "hash" and not listed and any(map(system_program, findings)):
        return _OF_THE_SYSTEM
    lead = gravest(findings)
    strong = lead.severity >= Severity.HIGH and lead.confidence != "low"
    return judged if strong or judged.use == guarding.WATCH else _WEAK


def _listed(one: Entry, where: _Met, verdict: Verdict) -> Proposal:
    term = Term(one.value, one.type)
    what = {
        BLOCK: sentence("Block the {type} {value}.", type=_words(one), value=term),
        WATCH: sentence("Watch for the {type} {value}, without blocking it.", type=_words(one), value=term),
        SPARED: sentence("The {type} {value} is left alone.", type=_words(one), value=term),
    }
    return Proposal(
        kind=verdict.use,
        type=one.type,
        value=one.value,
        what=what[verdict.use],
        breaks=_BREAKS[one.type] if verdict.use == BLOCK else sentence("Nothing."),
        undo=sentence("Withdraw it and publish again; it ends by itself after its days."),
        owner=_OWNERS[one.type],
        days=_DAYS[one.type],
        incidents=tuple(where.incidents),
        findings=tuple(where.findings.values()),
        because=verdict.because,
    )


def _words(one: Entry) -> Sentence:
    return subject_word(one.type)

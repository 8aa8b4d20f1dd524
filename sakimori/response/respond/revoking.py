"""What victims need first: evidence kept, funds frozen, access taken away and given anew in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.incident import Incident
from sakimori.response.respond.money import about_money
from sakimori.response.respond.platforms import Evidence
from sakimori.response.respond.proposal import FREEZE, PRESERVE, REVOKE, Proposal
from sakimori.response.respond.steps import PLATFORMS, platforms
from sakimori.response.sentences import Sentence, Term, sentence

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_KEY = re.compile(r"(?:.*\|)?((?:akia|asia)[a-z0-9]{12,124})")
_OWNERS: Mapping[str, Sentence] = {
    "wallets": sentence("treasury, two people together"),
    "defender": sentence("endpoint team"),
    "active_directory": sentence("identity administrators"),
    "entra": sentence("identity administrators"),
    "okta": sentence("identity administrators"),
    "google": sentence("identity administrators"),
    "aws": sentence("cloud administrators"),
    "github": sentence("administrators of the code platform"),
}
_DAYS = 30


def first_aid(ranked: Sequence[Incident], evidence: Evidence) -> Iterator[Proposal]:
    """Evidence, funds, then revocation by platform in the order of PLATFORMS."""
    if not ranked:
        return
    yield _preserve(ranked)
    yield from _funds(ranked, evidence)
    yield from _access(ranked, evidence)


def _preserve(ranked: Sequence[Incident]) -> Proposal:
    return Proposal(
        kind=PRESERVE,
        type="page",
        value="evidence",
        what=sentence("Keep the evidence: use another channel, and do not wipe or reboot yet."),
        breaks=sentence("Nothing, apart from load on the host while memory is copied."),
        undo=sentence("Nothing to undo; note who copied what and when, with hashes."),
        owner=sentence("whoever leads the response"),
        days=_DAYS,
        incidents=tuple(incident.id for incident in ranked),
        findings=(),
    )


def _funds(ranked: Sequence[Incident], evidence: Evidence) -> Iterator[Proposal]:
    met = {incident.id: about_money(incident.findings, evidence) for incident in ranked}
    where = tuple(name for name, found in met.items() if found)
    if not where:
        return
    findings = tuple({f.id: f for found in met.values() for f in found}.values())
    yield Proposal(
        kind=FREEZE,
        type="page",
        value="funds",
        what=sentence("Have the funds frozen: exchanges, issuers, banks and the police, within the hour."),
        breaks=sentence("Payments stop while they are checked."),
        undo=sentence("Whoever froze the funds releases them once you say in writing that they may."),
        owner=sentence("treasury, two people together"),
        days=_DAYS,
        incidents=where,
        findings=findings,
    )
    yield _revoke("wallets", "funds", "wallets", where, findings)


def _access(ranked: Sequence[Incident], evidence: Evidence) -> Iterator[Proposal]:
    met: dict[tuple[str, str, str], dict[str, Finding]] = {}
    incidents: dict[tuple[str, str, str], dict[str, None]] = {}
    for incident in ranked:
        for finding in incident.findings:
            for key in _touched(finding, evidence):
                met.setdefault(key, {})[finding.id] = finding
                incidents.setdefault(key, {})[incident.id] = None
    names = set(met)
    for key in sorted(met, key=lambda key: (PLATFORMS.index(key[0]), _TYPES.index(key[1]))):
        if not _alias(key, names):
            yield _revoke(*key, tuple(incidents[key]), tuple(met[key].values()))


_TYPES = ("host", "account", "key")


def _touched(finding: Finding, evidence: Evidence) -> Iterator[tuple[str, str, str]]:
    """Platform, type and name of what a finding says somebody else may hold now."""
    if finding.severity < Severity.MEDIUM:
        return
    on = evidence.platforms(finding)
    for subject in finding.subjects:
        if everybodys(subject):
            continue
        if subject.type == "host" and "defender" in on:
            yield "defender", "host", subject.value
        if subject.type == "session" and "aws" in on and (found := _KEY.fullmatch(subject.value)):
            yield "aws", "key", found[1].upper()
        if subject.type == "account":
            yield from ((platform, "account", subject.value) for platform in _holding(subject, on, evidence))


def _holding(subject: Subject, on: Iterable[str], evidence: Evidence) -> Sequence[str]:
    """Where an account must be cut off: where it was seen, else in the directories that the case knows."""
    seen = [platform for platform in ("entra", "okta", "google", "aws", "github") if platform in on]
    if seen:
        return seen
    return evidence.directories or (("active_directory",) if "\\" in subject.value else ())


def _alias(key: tuple[str, str, str], all_: Iterable[tuple[str, str, str]]) -> bool:
    """Whether the same platform has the account under a longer name: `mei` beside `example\\mei`."""
    platform, type_, name = key
    longer = (f"\\{name}", f"/{name}")
    return any(other[:2] == (platform, type_) and other[2].endswith(longer) for other in all_)


def _revoke(
    platform: str, type_: str, value: str, incidents: tuple[str, ...], findings: tuple[Finding, ...]
) -> Proposal:
    held = platforms()[platform]
    n = len(held.steps_for(type_))
    return Proposal(
        kind=REVOKE,
        type=type_,
        value=value,
        platform=platform,
        what=_what(type_, value, held.name, n),
        breaks=sentence("Who and what works with it stops until it is given anew; each step says its price."),
        undo=sentence("What was blocked is allowed again there; what was revoked only comes anew."),
        owner=_OWNERS[platform],
        days=_DAYS,
        incidents=incidents,
        findings=findings,
    )


def _what(type_: str, value: str, platform: str, n: int) -> Sentence:
    if type_ == "funds":
        return sentence("Move wallets to new keys and renew keys at exchanges, in {n} steps.", n=n)
    if type_ == "host":
        return sentence("Isolate {who} with {platform}, in {n} steps.", who=Term(value, "host"),
                        platform=platform, n=n)  # fmt: skip
    kind = "account" if type_ == "account" else ""
    return sentence(
        "Cut off {who} in {platform} and renew what it held, in {n} steps.",
        who=Term(value, kind), platform=platform, n=n,
    )  # fmt: skip

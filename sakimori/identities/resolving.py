"""Findings told whose their addresses were and which account a name is; what stays unresolved is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sakimori.detection.subjects import is_inner
from sakimori.engine.local import Local
from sakimori.findings import Finding, Severity, Subject
from sakimori.identities.accounts import Accounts
from sakimori.identities.arrivals import Arrivals
from sakimori.identities.asking import Sites, arrivals, names, owners, sightings
from sakimori.identities.leases import Answer, Leases


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """How many inner addresses of findings have a machine, are shared, or nobody's as far as seen.

    `joined` are account names that other names stand beside, `ambiguous` names that several people use.
    """

    addresses: int = 0
    shared: int = 0
    unknown: int = 0
    joined: int = 0
    ambiguous: int = 0


class Identities:
    """Who is who in one case."""

    def __init__(
        self,
        leases: Leases,
        accounts: Accounts,
        owners: Mapping[str, str] | None = None,
        arrivals: Arrivals | None = None,
    ) -> None:
        self._leases, self._accounts = leases, accounts
        self._owners, self._arrivals = owners or {}, arrivals or Arrivals()
        self._asked: dict[str, Counter[str]] = {}

    @classmethod
    def learn(cls, local: Local, sites: Sites, findings: Iterable[Finding] = ()) -> Self:
        """From every table of the case that can tell; sign-ins only to machines of these findings."""
        hosts = {subject.value for f in findings for subject in f.subjects if subject.type == "host"}
        return cls(
            Leases(sightings(local, sites)),
            Accounts.of(names(local)),
            owners(local),
            Arrivals(arrivals(local, sites, hosts)),
        )

    def resolve(self, findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], Resolved]:
        """The findings with the machines and accounts they speak of as further subjects; and the count.

        The subjects they had stay, and the first stays first: a finding keeps its id when more is learnt.
        """
        return tuple(self._one(finding) for finding in findings), self._resolved()

    def _one(self, finding: Finding) -> Finding:
        found: dict[Subject, str] = {}
        for subject in finding.subjects:
            if subject.type == "address":
                answer = self._host(subject.value, finding)
                if answer.host:
                    found[Subject("host", answer.host)] = f"{subject.value}: {answer.how}"
            elif subject.type == "account":
                leading = self._accounts.leading.get(subject.value, subject.value)
                if leading != subject.value:
                    found[Subject("account", leading)] = subject.value
        if not any(subject.type == "account" for subject in (*finding.subjects, *found)):
            found.update(self._owner(finding))
        found.update(self._came_from(finding))
        new = [subject for subject in found if subject not in finding.subjects]
        if not new:
            return finding
        facts = {f"resolved.{subject.value}": found[subject] for subject in new}
        return replace(finding, subjects=(*finding.subjects, *new), facts={**finding.facts, **facts})

    def _came_from(self, finding: Finding) -> dict[Subject, str]:
        """The machine from which an account of the finding had signed in to where it was found."""
        host = next((subject.value for subject in finding.subjects if subject.type == "host"), "")
        clock = finding.first_seen
        if clock is None or not host or finding.severity < Severity.MEDIUM:
            return {}
        found: dict[Subject, str] = {}
        for subject in finding.subjects:
            arrival = self._arrivals.before(host, subject.value, clock) if subject.type == "account" else None
            source = arrival and (arrival.source_host or self._leases.of(arrival.source_address, clock).host)
            if source and source != host:
                found[Subject("host", source)] = f"{subject.value}: signed in from there"
        return found

    def _owner(self, finding: Finding) -> dict[Subject, str]:
        """The account of a machine that only one person uses, where the finding names nobody."""
        host = next((subject.value for subject in finding.subjects if subject.type == "host"), "")
        owner = self._owners.get(host)
        return {} if owner is None else {Subject("account", self._accounts.leading.get(owner, owner)): host}

    def _host(self, address: str, finding: Finding) -> Answer:
        """Whose it was during the finding; one that changed hands meanwhile is shared."""
        answer = self._leases.of(address, finding.first_seen)
        later = self._leases.of(address, finding.last_seen)
        if answer.host and later.host and later.host != answer.host:
            answer = Answer(None, "shared")
        if is_inner(address.rpartition("|")[2]):
            self._asked.setdefault(address, Counter())[answer.how if not answer.host else "host"] += 1
        return answer

    def _resolved(self) -> Resolved:
        first = Counter(next(how for how in _ORDER if told[how]) for told in self._asked.values())
        return Resolved(
            addresses=first["host"],
            shared=first["shared"],
            unknown=first["unknown"],
            joined=len(self._accounts.leading),
            ambiguous=len(self._accounts.ambiguous),
        )


_ORDER: Sequence[str] = ("unknown", "shared", "host")

"""Which host a name speaks of: one host may be called by its name, its domain name and its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sakimori.detection.subjects import is_inner
from sakimori.findings import Finding, Subject
from sakimori.incidents.context import Context, home


class Places:
    """The hosts of this data and their other names.

    A domain name is a host's where its first label is a numbered host of ours, or where its suffix is
    carried by two or more of our hosts. Addresses are
    resolved only where the context knows whose they are; unresolved they stay addresses.
    """

    def __init__(self, findings: Iterable[Finding], context: Context) -> None:
        self._known: dict[Subject, Subject] = dict(context.addresses)
        self._inside: dict[Subject, bool] = {}
        homes: set[Subject] = set()
        domains: set[str] = set()
        for finding in findings:
            homes.add(home(finding))
            domains.update(subject.value for subject in finding.subjects if subject.type == "domain")
        self._hosts = {place.value for place in homes if place.type == "host"}
        self._suffixes = _own_suffixes(domains, self._hosts)

    def of(self, finding: Finding) -> Subject:
        """Where a finding happened, under the host's own name where that is known."""
        return self.resolve(home(finding))

    def resolve(self, subject: Subject) -> Subject:
        """The host that an address or domain names; any other subject itself."""
        if subject.type not in ("address", "domain"):
            return subject
        if subject not in self._known:
            self._known[subject] = self._named(subject)
        return self._known[subject]

    def _named(self, subject: Subject) -> Subject:
        label, _, suffix = subject.value.partition(".")
        ours = label in self._hosts and any(letter.isdigit() for letter in label)
        own = subject.type == "domain" and (ours or suffix in self._suffixes)
        return Subject("host", label) if own else subject

    def inside(self, subject: Subject) -> bool:
        """Whether it names a machine of one's own, which many reach for good reason."""
        if subject.type not in ("address", "domain"):
            return False
        if subject not in self._inside:
            self._inside[subject] = self._known_inside(subject)
        return self._inside[subject]

    def _known_inside(self, subject: Subject) -> bool:
        inner = subject.type == "address" and is_inner(subject.value.rpartition("|")[2])
        return inner or self.resolve(subject).type == "host"


def _own_suffixes(domains: Iterable[str], hosts: set[str]) -> frozenset[str]:
    found = Counter(
        suffix for label, _, suffix in (name.partition(".") for name in domains) if label in hosts
    )
    return frozenset(suffix for suffix, names in found.items() if suffix and names > 1)

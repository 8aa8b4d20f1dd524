"""What the joining and ranking of findings may know beyond the findings themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sakimori.findings import Finding, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The estate as the evidence shows it.

    `hosts` is how many hosts the evidence has records of, found or not: a rule that spoke on 20 hosts
    of 20 is noise, on 20 of 4,000 it is not. `seen_on` says on how many hosts an entity is met in the
    records, where the caller knows it (a domain that everybody visits). `weights` are the organisation's
    own words on what matters, from 0 to 1; empty where it gave none. `addresses` says which host an
    address was, where the records show it (a host's own connections, its sign-ins). `common` are entities
    that everybody in the house shares, such as its own ways out: they link nothing.
    """

    hosts: int = 0
    seen_on: Mapping[Subject, int] = field(default_factory=dict)
    weights: Mapping[Subject, float] = field(default_factory=dict)
    addresses: Mapping[Subject, Subject] = field(default_factory=dict)
    common: frozenset[Subject] = frozenset()


def home(finding: Finding) -> Subject:
    """Where a finding happened: its host, else an account or address it names, else its subject."""
    for kind in ("host", "account", "address"):
        for subject in finding.subjects:
            if subject.type == kind:
                return subject
    return finding.subjects[0]

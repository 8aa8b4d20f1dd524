"""Which names belong to one account: UPN, DOMAIN and user, SID, mail address, log-in at a service.

Two names are one account's where a record says so. A mailbox or a log-in that several people use joins
nobody: names are never joined through it, and it is counted as ambiguous.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

STRONG = ("sid", "upn")
NAMES = ("upn", "mail", "sam", "account", "login", "sid")
MOST = 12  # names of one account; more is a mistake of the records, or of ours


@dataclass(frozen=True, slots=True)
class Accounts:
    """`leading` maps every joined name to the one that stands for the account; `ambiguous` joined nobody."""

    leading: Mapping[str, str] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str | None]]) -> Accounts:
        """Joined names of records that each name one account in one or more of NAMES, normalised before."""
        told = [{kind: row[kind] for kind in NAMES if row.get(kind)} for row in rows]
        named = [{kind: str(name) for kind, name in row.items()} for row in told]
        ambiguous = _ambiguous(named)
        groups = _groups([[n for n in row.values() if n not in ambiguous] for row in named])
        large = {name for group in groups if len(group) > MOST for name in group}
        rank = _ranks(named)
        leading = {
            name: min(group, key=lambda one: (rank[one], one))
            for group in groups
            if 1 < len(group) <= MOST
            for name in group
        }
        return cls(leading, frozenset(ambiguous | large))


def _ambiguous(rows: list[dict[str, str]]) -> set[str]:
    """Names that several people go by: a weak name beside more than one UPN, or else more than one SID."""
    beside: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    strong = {row[kind] for row in rows for kind in STRONG if kind in row}
    for row in rows:
        for name in set(row.values()) - strong:
            for kind in STRONG:
                if kind in row:
                    beside[name][kind].add(row[kind])
    return {name for name, kinds in beside.items() if len(kinds["upn"] or kinds["sid"]) > 1}


def _ranks(rows: list[dict[str, str]]) -> dict[str, int]:
    rank: dict[str, int] = {}
    for row in rows:
        for kind, name in row.items():
            rank[name] = min(rank.get(name, len(NAMES)), NAMES.index(kind))
    return rank


def _groups(rows: list[list[str]]) -> list[list[str]]:
    """Names joined through rows that share one, each group and all of them sorted."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for row in rows:
        for name in row[1:]:
            parent[max(root(row[0]), root(name))] = min(root(row[0]), root(name))
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(parent):
        groups[root(name)].append(name)
    return sorted(groups.values())

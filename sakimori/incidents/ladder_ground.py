"""What the known-activity ladder is made of: its rungs, options, sentences, and the ground they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sakimori.incidents.incident import Incident
from sakimori.incidents.ladder_named import Statement
from sakimori.incidents.ladder_seen import Seen, seen
from sakimori.incidents.ladder_shapes import Shown, shown, uncommon_pair
from sakimori.knowledge.entries import Cluster
from sakimori.knowledge.known import known
from sakimori.knowledge.similarity import Likeness, likeness

LEVELS = ("L0", "L1", "L2", "L3", "L4", "L5")
NAMING = "L3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence of `ladder_words`: its key, its facts, and the findings that bear it out."""

    key: str
    facts: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One of LEVELS: whether the incident meets it, and why or why not."""

    level: str
    met: bool
    why: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Who it may be. `kind` is `unknown`, `cluster` (an id of the base), `said` or `named` (a quotation)."""

    kind: str
    name: str
    weight: str  # low, medium, stated; empty for unknown
    because: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known beside the incident: the case, what was looked for, and what its owner entered."""

    hosts: int = 0
    spread: Mapping[str, int] = field(default_factory=dict)  # detector -> hosts on which it speaks
    bundles: tuple[str, ...] = ()
    blind: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """The whole account of one incident. `rungs` are all six, from L0; `options` are never empty."""

    level: str
    rungs: tuple[Rung, ...]
    lift: tuple[Said, ...]
    against: tuple[Said, ...]
    notes: tuple[Said, ...]
    age: tuple[Said, ...]
    options: tuple[Option, ...]
    figure: float
    statements: tuple[Statement, ...] = ()
    seen: tuple[Seen, ...] = ()

    @property
    def names(self) -> bool:
        """Whether actors, campaigns and cases may be named beside it."""
        return self.level >= NAMING


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the rungs stand on, gathered once for an incident."""

    incident: Incident
    around: Around
    likeness: Likeness
    shown: tuple[Shown, ...]
    pair: tuple[Shown, Shown] | None
    seen: tuple[Seen, ...]
    agreed: tuple[Seen, Seen] | None
    statements: tuple[Statement, ...]

    @property
    def exact(self) -> tuple[Seen, ...]:
        """What alone founds L3."""
        return tuple(one for one in self.seen if one.exact)


def ground_of(incident: Incident, around: Around) -> Ground:
    """What the rungs of an incident stand on."""
    met = shown(incident.findings, around.spread)
    traces = seen(incident.findings)
    called = {incident.id, *incident.merged_from}
    return Ground(
        incident=incident,
        around=around,
        likeness=likeness(incident.techniques),
        shown=met,
        pair=uncommon_pair(met, around.hosts),
        seen=traces,
        agreed=agreed([one for one in traces if one.exact]),
        statements=tuple(one for one in around.statements if one.incident in called),
    )


def agreed(exact: Sequence[Seen]) -> tuple[Seen, Seen] | None:
    """A trace on a machine that names a family, and infrastructure of its cluster by another publisher."""
    for trace in exact:
        for other in exact:
            if _two_sides(trace, other) and shared_clusters(trace, other) and _independent(trace, other):
                return trace, other
    return None


def _two_sides(trace: Seen, other: Seen) -> bool:
    return bool(trace.families) and not trace.network and other.network


def _independent(trace: Seen, other: Seen) -> bool:
    return any(one != two for one in trace.publishers for two in other.publishers)


def shared_clusters(one: Seen, other: Seen) -> tuple[str, ...]:
    """Clusters that both are reported of; the umbrella name covers those inside it."""
    both = tuple(cluster for cluster in one.clusters if cluster in other.clusters)
    if both:
        return both
    if "lazarus" in one.clusters:
        return tuple(cluster for cluster in other.clusters if _inside(cluster))
    return tuple(c for c in one.clusters if "lazarus" in other.clusters and _inside(c))


def _inside(cluster: str) -> bool:
    entry = known().entry(cluster)
    return isinstance(entry, Cluster) and entry.inside in ("umbrella", "inside")

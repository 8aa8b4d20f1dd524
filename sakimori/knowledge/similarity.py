"""How like published activity a set of techniques is: one figure, and whether anybody else is as near.

Cosine of the sets, each technique weighed by how few of the published groups it is reported of (TF-IDF): of
the measures tried it called few intrusions of others alike. It finds what was reported alike, not who did it:
`bench/RESULTS.md` says how often it is wrong, and why nobody is named for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log, sqrt

from sakimori.knowledge.entries import Cluster
from sakimori.knowledge.known import known
from sakimori.knowledge.stages import attack
from sakimori.knowledge.techniques import OLDER, translated

Profiles = Mapping[str, frozenset[str]]
# What is prepared on machines of the intruder's own leaves no record with the victim.
_ELSEWHERE = frozenset({"reconnaissance", "resource-development"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """`figure` is the cosine with the nearest profile of this base, 0 to 1, over `compared` techniques.

    `others` are the published groups outside this base that are at least as near; with none, this base is the
    nearest. Nothing here says which profile it was.
    """

    figure: float
    compared: int
    others: int
    groups: int


def likeness(techniques: Iterable[str], profiles: Profiles | None = None) -> Likeness:
    """The likeness of a set of technique ids of any version."""
    sets = published() if profiles is None else profiles
    figures = cosines(visible(techniques), sets)
    mine = max((figures.get(group, 0.0) for group in ours()), default=0.0)
    others = sum(figure >= mine for group, figure in figures.items() if group not in ours())
    compared = len(visible(techniques) & frozenset().union(*sets.values()))
    return Likeness(figure=mine, compared=compared, others=others if mine else len(sets), groups=len(sets))


def cosines(techniques: frozenset[str], profiles: Profiles) -> dict[str, float]:
    """The cosine with each profile that shares a technique."""
    weights = weights_of(profiles)
    length = _length(techniques, weights)
    found: dict[str, float] = {}
    for group, theirs in profiles.items():
        shared = sum(weights.get(one, 0.0) ** 2 for one in techniques & theirs)
        if shared:
            found[group] = shared / (length * _length(theirs, weights))
    return found


def weights_of(profiles: Profiles) -> dict[str, float]:
    """How much a technique says: the logarithm of how many profiles there are to each that has it."""
    use: defaultdict[str, int] = defaultdict(int)
    for theirs in profiles.values():
        for one in theirs:
            use[one] += 1
    return {one: log(len(profiles) / n) for one, n in use.items()}


def visible(techniques: Iterable[str]) -> frozenset[str]:
    """The techniques as ATT&CK 18.1 writes them, without those that leave no record with a victim."""
    written = (translated(f"{one.upper()}@19", OLDER).partition("@")[0] for one in techniques)
    return frozenset(one for one in written if not _ELSEWHERE.issuperset(attack().aims(one) or ("",)))


@cache
def published() -> Profiles:
    """What ATT&CK reports of each group, as far as a victim's records can show it."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    text = files("sakimori.knowledge").joinpath("attack_groups.csv").read_text("utf-8")
    for line in [line for line in text.splitlines() if not line.startswith("#")][1:]:
        technique, _, groups = line.partition(",")
        for group in groups.split():
            found[group].add(technique)
    return {group: seen for group, held in found.items() if (seen := visible(held))}


@cache
def ours() -> frozenset[str]:
    """ATT&CK's groups that this base describes."""
    return frozenset(one.group.partition("@")[0] for one in known().of(Cluster) if one.group)


def _length(techniques: Iterable[str], weights: Mapping[str, float]) -> float:
    return sqrt(sum(weights.get(one, 0.0) ** 2 for one in techniques)) or 1.0

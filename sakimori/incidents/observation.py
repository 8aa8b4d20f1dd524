"""One thing seen once, however many rules noticed it: findings whose records overlap count as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.rarity import Rarity
from sakimori.knowledge.stages import stages_of

_POINTS = {
    Severity.INFORMATIONAL: 0.0,
    Severity.LOW: 1.0,
    Severity.MEDIUM: 4.0,
    Severity.HIGH: 10.0,
    Severity.CRITICAL: 16.0,
}
_TRUST = {"low": 0.6, "medium": 0.8, "high": 1.0}


@dataclass(frozen=True, slots=True)
class Observation:
    """The strongest finding about some records, and the others that speak of the same records.

    `points` weigh severity and confidence, before rarity; `place` is the host it was seen on.
    """

    finding: Finding
    echoes: tuple[Finding, ...]
    points: float
    rarity: float
    tells: bool
    place: Subject

    @property
    def worth(self) -> float:
        """Points after the discount for a detector that speaks everywhere."""
        return self.points * (0.2 + 0.8 * self.rarity)

    @property
    def stages(self) -> tuple[str, ...]:
        """Stages it speaks of, the most telling first; an echo speaks where the rule names none."""
        return next(filter(None, map(stages, (self.finding, *self.echoes))), ())


def stages(finding: Finding) -> tuple[str, ...]:
    """Stages a finding speaks of: by its techniques, and by its rule's tactics where those leave a choice."""
    return stages_of(finding.techniques, finding.facts.get("tactics", "").split(","))


def points(finding: Finding) -> float:
    """Severity and confidence as one figure, 0 to 16."""
    return _POINTS[finding.severity] * _TRUST.get(finding.confidence, 0.8)


def observations(findings: Iterable[Finding], rarity: Rarity) -> tuple[Observation, ...]:
    """Observations, the worthiest first; a finding most of whose records a worthier one has is its echo."""
    leaders: list[tuple[Finding, list[Finding]]] = []
    owner: dict[tuple[str, int], int] = {}
    for finding in sorted(findings, key=lambda finding: _rank(finding, rarity)):
        spots = [(place.file, place.record) for place in finding.places]
        held = _holder(spots, owner)
        if held is None:
            held = len(leaders)
            leaders.append((finding, []))
        else:
            leaders[held][1].append(finding)
        for spot in spots:
            owner.setdefault(spot, held)
    return tuple(_observation(lead, echoes, rarity) for lead, echoes in leaders)


def _holder(spots: Sequence[tuple[str, int]], owner: Mapping[tuple[str, int], int]) -> int | None:
    taken = Counter(owner[spot] for spot in spots if spot in owner)
    if not spots or 2 * taken.total() < len(spots):
        return None
    return min(taken, key=lambda held: (-taken[held], held))


def _rank(finding: Finding, rarity: Rarity) -> tuple[object, ...]:
    worth = points(finding) * (0.2 + 0.8 * rarity.of(finding))
    clock = finding.first_seen
    return (-worth, -rarity.of(finding), clock is None, clock or 0, finding.detector, finding.subjects)


def _observation(finding: Finding, echoes: Sequence[Finding], rarity: Rarity) -> Observation:
    return Observation(
        finding,
        tuple(echoes),
        points(finding),
        rarity.of(finding),
        rarity.tells(finding),
        rarity.places.of(finding),
    )

"""How much an incident deserves a person's time, with every part of the figure taken apart.

Strength has diminishing returns, so a heap of small things never outranks one chain; what everybody's
hosts show is discounted; stages in their order, hosts, and nearness to the goal add. Resemblance to
known activity adds nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from math import log2

from sakimori.findings import Severity, Subject
from sakimori.incidents.context import Context
from sakimori.incidents.goals import GOALS, goals_of
from sakimori.incidents.incident import STAGES, ScorePart
from sakimori.incidents.observation import Observation
from sakimori.incidents.rarity import Rarity
from sakimori.incidents.reasons import part
from sakimori.incidents.title import titles

# Each further detector adds six tenths of what the one before would have added.
FADING = 0.6
A_STAGE = 5.0
IN_ORDER = 2.0
A_DOUBLING = 3.0  # of hosts
AGREEMENT = 2.0  # a doubling of independent detectors
GOALS_AT_MOST = 14.0
AN_ASSET = 10.0
SUPPORTED = 0.3
# A serious finding alone is an incident from this worth; a common or doubted one is not.
ALONE = 4.5


def score(seen: Sequence[Observation], rarity: Rarity, context: Context) -> tuple[ScorePart, ...]:
    """The parts of the score that are not zero; their sum is the score."""
    telling = [observation for observation in seen if observation.tells]
    parts = (
        *_strength(seen, rarity),
        _stages(seen),
        _order(telling),
        _spread(telling),
        _goals(telling),
        _breadth(telling),
        _assets(seen, context),
    )
    return tuple(found for found in parts if found is not None and found.points)


def total(parts: Iterable[ScorePart]) -> float:
    """The score: the sum of its parts, never below zero."""
    return max(0.0, round(sum(found.points for found in parts), 1))


def deserves_a_person(seen: Sequence[Observation]) -> bool:
    """One serious finding that is not everyday here, or two medium ones that bear each other out."""
    telling = [observation for observation in seen if observation.tells]
    serious = any(o.finding.severity >= Severity.HIGH and o.worth >= ALONE for o in telling)
    return serious or (len({o.finding.detector for o in telling}) >= 2 and len(stage_support(telling)) >= 2)


def stage_support(seen: Iterable[Observation]) -> dict[str, float]:
    """How well each stage is supported, 0 to 1, in the order of STAGES.

    An observation supports one stage wholly; other stages its rule names, and stages that only weak or
    everyday findings speak of, count half or less, or not at all.
    """
    best: dict[str, float] = {}
    for observation in seen:
        base = 1.0 if observation.tells else 0.4 * observation.rarity if observation.points else 0.0
        for position, stage in enumerate(observation.stages):
            best[stage] = max(best.get(stage, 0.0), base if position == 0 else base / 2)
    return {stage: best[stage] for stage in STAGES if best.get(stage, 0.0) >= SUPPORTED}


def _strength(seen: Sequence[Observation], rarity: Rarity) -> tuple[ScorePart | None, ...]:
    """The best observation of each detector, fading; and what their being common takes away."""
    best: dict[str, Observation] = {}
    for observation in seen:
        best.setdefault(observation.finding.detector, observation)
    raw = sum(o.points * FADING**at for at, o in enumerate(best.values()))
    worth = sum(o.worth * FADING**at for at, o in enumerate(best.values()))
    lead = seen[0].finding
    strength = part(
        "strength",
        raw,
        **titles(lead),
        severity=lead.severity.word,
        confidence=lead.confidence,
        n=len(best),
    )
    return strength, _noise(best, worth - raw, rarity)


def _noise(best: Mapping[str, Observation], points: float, rarity: Rarity) -> ScorePart | None:
    if points > -0.05:
        return None
    loss = max(best.values(), key=lambda o: (o.points - o.worth, o.finding.detector))
    habit = rarity.habits[loss.finding.detector]
    facts = {**titles(loss.finding), "hosts": habit.hosts, "all": rarity.hosts, "days": habit.host_days}
    return part("noise", points, **facts)


def _stages(seen: Sequence[Observation]) -> ScorePart | None:
    support = stage_support(seen)
    points = A_STAGE * (sum(support.values()) - 1)
    if points <= 0:
        return None
    return part("stages", points, n=len(support), stages=", ".join(support))


def _order(telling: Sequence[Observation]) -> ScorePart | None:
    """The longest run of stages whose first sightings came in the order of an intrusion."""
    first: dict[str, int] = {}
    for observation in telling:
        clock = observation.finding.first_seen
        for stage in observation.stages[:1]:
            if clock is not None:
                first[stage] = min(first.get(stage, clock), clock)
    run: list[int] = []
    for _, index in sorted((clock, STAGES.index(stage)) for stage, clock in first.items()):
        at = bisect_left(run, index)
        run[at : at + 1] = [index]
    return part("order", IN_ORDER * (len(run) - 1), n=len(run)) if len(run) > 1 else None


def _spread(telling: Sequence[Observation]) -> ScorePart | None:
    rarest: dict[Subject, float] = {}
    for observation in telling:
        rarest[observation.place] = max(rarest.get(observation.place, 0.0), observation.rarity)
    if len(rarest) < 2:
        return None
    mean = sum(rarest.values()) / len(rarest)
    names = ", ".join(sorted(place.value for place in rarest)[:5])
    return part("spread", A_DOUBLING * log2(len(rarest)) * mean, n=len(rarest), hosts=names)


def _goals(telling: Sequence[Observation]) -> ScorePart | None:
    worth: dict[str, float] = {}
    for observation in telling:
        for goal in goals_of(observation.finding.techniques):
            worth[goal] = max(worth.get(goal, 0.0), GOALS[goal].points * observation.rarity)
    if not worth:
        return None
    ranked = sorted(worth, key=lambda goal: (-worth[goal], goal))
    points = worth[ranked[0]] + sum(worth[goal] for goal in ranked[1:]) / 2
    return part("goal", min(GOALS_AT_MOST, points), goals=", ".join(ranked))


def _breadth(telling: Sequence[Observation]) -> ScorePart | None:
    """Detectors that noticed different records; echoes of the same record do not count."""
    best: dict[str, float] = {}
    for observation in telling:
        best.setdefault(observation.finding.detector, observation.rarity)
    agreeing = sum(best.values())
    return (
        part("breadth", AGREEMENT * log2(agreeing), n=len(best)) if len(best) > 1 and agreeing > 1 else None
    )


def _assets(seen: Sequence[Observation], context: Context) -> ScorePart | None:
    met = {subject for observation in seen for subject in observation.finding.subjects}
    weighed = sorted((-context.weights[subject], subject) for subject in met if subject in context.weights)
    if not weighed:
        return None
    weight, subject = weighed[0]
    return part("asset", AN_ASSET * -weight, asset=subject.value)

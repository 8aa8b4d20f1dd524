"""An incident: findings that belong together, weighed, with every part of the weight spelled out."""

from __future__ import annotations

from dataclasses import dataclass, field

from sakimori.findings import Finding, Subject

STAGES = (
    "way_in",
    "foothold",
    "look_round",
    "tool_up",
    "hide_and_persist",
    "spread",
    "reach_the_goal",
    "erase_or_destroy",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """One reason for an incident's rank: `name` is a key a report localises, `facts` fill its sentences."""

    name: str
    points: float
    because: str
    lower_if: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Ranked, argued, never attributed. `id` is minted from its earliest-published finding.

    `findings` are sorted by time, then id. `subjects` are sorted by how specific they are to this incident.
    `stages` are a subset of STAGES in order. `score` is the sum of `score_parts`.
    """

    id: str
    rank: int
    score: float
    score_parts: tuple[ScorePart, ...]
    title: str
    findings: tuple[Finding, ...]
    subjects: tuple[Subject, ...]
    techniques: tuple[str, ...]
    stages: tuple[str, ...]
    first_seen: int | None
    last_seen: int | None
    merged_from: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)

"""A finished hunt beside what really happened."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from bench.detection.truth import Truth, Where
from sakimori.findings import Finding
from sakimori.incidents.incident import Incident
from sakimori.response.case import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run. `rank` is the true incident's (0: none); `others` are incidents with no record of the attack.

    `steps`, `records` are shares of the attack's steps and records that the first incident holds as evidence;
    `noticed` of those records that any finding holds; `precision` of the first incident's findings that hold
    a record of the attack. `gathered` is the share of the attack's records that stand in its evidence or its
    trail, `clean` the share of the trail's records that are the attack's.
    """

    rank: int
    steps: float
    records: float
    noticed: float
    precision: float
    gathered: float
    clean: float
    others: int
    others_above_low: int
    host_days: int
    seconds: float


def measured(case: Case, truth: Truth, seconds: float) -> Measured:
    """The measures of a hunt."""
    ranked = sorted(case.incidents, key=lambda incident: incident.rank)
    first = ranked[0] if ranked else None
    attack = truth.steps.keys()
    found = places_of(first.findings) & attack if first else set()
    noticed = places_of(case.findings) & attack
    trail = (
        {(row.file, row.record) for row in case.trails[first.id].rows}
        if first and first.id in case.trails
        else set()
    )
    others = [one for one in ranked if not places_of(one.findings) & attack]
    return Measured(
        rank=true_rank(ranked, truth),
        steps=_share({truth.steps[at] for at in found}, set(truth.steps.values())),
        records=_share(found, set(attack)),
        noticed=_share(found, noticed),
        precision=_precise(first, truth) if first else 0.0,
        gathered=_share((found | trail) & attack, set(attack)),
        clean=_share(trail & attack, trail),
        others=len(others),
        others_above_low=sum(one.facts.get("level") != "low" for one in others),
        host_days=truth.host_days,
        seconds=seconds,
    )


def true_rank(ranked: list[Incident], truth: Truth) -> int:
    """The rank of the first incident most of whose placed findings are the attack's; 0 without one."""
    return next((one.rank for one in ranked if _precise(one, truth) >= 0.5), 0)


def places_of(findings: tuple[Finding, ...]) -> set[Where]:
    """The records that findings name."""
    return {(place.file, place.record) for finding in findings for place in finding.places}


def _precise(incident: Incident, truth: Truth) -> float:
    placed = [finding for finding in incident.findings if finding.places]
    good = sum(bool(places_of((finding,)) & truth.steps.keys()) for finding in placed)
    return good / len(placed) if placed else 0.0


def _share(part: set[Where] | set[int], whole: set[Where] | set[int]) -> float:
    return len(part) / len(whole) if whole else 0.0


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's interval at 95 % of a share.

    https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm
    """
    if not of:
        return 0.0, 1.0
    z, share = 1.959964, hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)

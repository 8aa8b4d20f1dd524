"""Uncommon behaviours of an incident: published shapes that our rules and behaviours saw; their pairs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

from sakimori.detection.sigma.pack import own_rules
from sakimori.findings import Finding, Place
from sakimori.knowledge.entries import Shape
from sakimori.knowledge.known import known

# A shape that more than so many hosts and so large a share of them show is how this house works.
FEW_HOSTS, A_SHARE = 3, 0.1
_ID = re.compile(r"^id:\s*['\"]?([0-9a-f-]{36})", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A shape with the records that show it; `hosts` is on how many hosts its detectors speak in the case."""

    shape: Shape
    places: frozenset[Place]
    findings: tuple[str, ...]
    hosts: int

    def everyday(self, hosts: int) -> bool:
        """Whether so many of the case's hosts show it that it is no trait of an intruder."""
        return self.hosts > max(FEW_HOSTS, A_SHARE * hosts)


def shown(findings: Iterable[Finding], spread: Mapping[str, int]) -> tuple[Shown, ...]:
    """The shapes of an incident, in the order of the base."""
    met: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        for shape in by_detector().get(finding.detector, ()):
            met[shape].append(finding)
    return tuple(
        Shown(
            shape=shape,
            places=frozenset(place for one in met[shape.id] for place in one.places),
            findings=tuple(one.id for one in met[shape.id]),
            hosts=max(spread.get(one.detector, 1) for one in met[shape.id]),
        )
        for shape in known().of(Shape)
        if shape.id in met
    )


def uncommon_pair(met: Sequence[Shown], hosts: int) -> tuple[Shown, Shown] | None:
    """Two shapes in different records, one highly specific, the other at least middling; the first such."""
    telling = [one for one in met if one.shape.specificity != "low" and not one.everyday(hosts)]
    for one, other in combinations(telling, 2):
        if "high" in (one.shape.specificity, other.shape.specificity) and not one.places & other.places:
            return one, other
    return None


@cache
def by_detector() -> Mapping[str, tuple[str, ...]]:
    """Detector, as findings name it, -> ids of the shapes that it serves."""
    ids = rule_ids()
    found: defaultdict[str, list[str]] = defaultdict(list)
    for shape in known().of(Shape):
        for served in shape.served:
            if served.how == "behaviour":
                found[f"behaviour:{served.name}"].append(shape.id)
            elif served.how == "rule" and served.name in ids:
                found[f"sigma:{ids[served.name]}"].append(shape.id)
    return {detector: tuple(shapes) for detector, shapes in found.items()}


@cache
def rule_ids() -> Mapping[str, str]:
    """File name of a rule of ours, without its ending -> the rule's id."""
    return dict(_named(own_rules()))


def _named(folder: Path) -> Iterable[tuple[str, str]]:
    for file in sorted(folder.rglob("*.yml")):
        if not file.name.endswith(".cases.yml") and (found := _ID.search(file.read_text("utf-8"))):
            yield file.stem, found[1]


def by_technique(techniques: Iterable[str]) -> tuple[str, ...]:
    """Names of rules and behaviours that look for shapes of these techniques, at most six."""
    wanted = {one.partition(".")[0] for one in techniques}
    named = (
        served.name
        for shape in known().of(Shape)
        if wanted & {one.partition("@")[0].partition(".")[0] for one in shape.attack}
        for served in shape.served
        if served.how in ("rule", "behaviour")
    )
    return tuple(dict.fromkeys(named))[:6]

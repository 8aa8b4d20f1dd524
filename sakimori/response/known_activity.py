"""The known-activity ladder of a case: made after everything is ranked, and nobody named below L3."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sakimori.findings import Finding
from sakimori.incidents.context import home
from sakimori.incidents.incident import Incident
from sakimori.incidents.ladder import climb
from sakimori.incidents.ladder_ground import Around, Climb
from sakimori.incidents.ladder_named import Statement, read_statements
from sakimori.incidents.ladder_withheld import nameless_rules, withheld
from sakimori.response.case import Case

_BUNDLE = "indicators "


def with_known_activity(case: Case, folder: Path) -> Case:
    """The case with the ladder of each incident; `named.yml` of its folder may lift one to L5.

    Raises UsageError where that file is not as it should be.
    """
    return compared(case, read_statements(folder))


def compared(case: Case, statements: tuple[Statement, ...] = ()) -> Case:
    """The case with the ladder of each incident; score and rank stay as they are."""
    around = Around(
        hosts=case.manifest.totals.get("hosts", 0),
        spread=_spread(case.findings),
        bundles=tuple(name for name in sorted(case.manifest.versions) if name.startswith(_BUNDLE)),
        blind=tuple(title for blind in case.coverage.blind[:6] for title in blind.logs[:1]),
        statements=statements,
    )
    climbs = {incident.id: climb(incident, around) for incident in case.incidents}
    findings, incidents = withheld(case.findings, case.incidents, climbs)
    coverage = case.coverage if any(one.names for one in climbs.values()) else nameless_rules(case.coverage)
    known = {incident.id for incident in case.incidents}
    known |= {id_ for incident in case.incidents for id_ in incident.merged_from}
    return replace(
        case,
        findings=findings,
        incidents=incidents,
        coverage=coverage,
        climbs=climbs,
        unplaced=tuple(one.incident for one in statements if one.incident not in known),
    )


def climb_of(case: Case, incident: Incident) -> Climb:
    """The ladder of an incident of the case; made now for a case that was put together without it."""
    return case.climbs.get(incident.id) or climb(incident)


def _spread(findings: Iterable[Finding]) -> dict[str, int]:
    hosts: defaultdict[str, set[str]] = defaultdict(set)
    for finding in findings:
        hosts[finding.detector].add(home(finding).value)
    return {detector: len(places) for detector, places in hosts.items()}

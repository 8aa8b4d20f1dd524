"""Findings in the Elastic Common Schema, one a line, for Elasticsearch and what speaks its language.

https://www.elastic.co/guide/en/ecs/8.17/ecs-field-reference.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sakimori
from sakimori.findings import Finding, moment
from sakimori.response.case import Case
from sakimori.response.contract import incidents_of, json_line
from sakimori.response.folder import write_file

FILE = "findings.ecs.jsonl"
ECS_VERSION = "8.17.0"
# Subject type -> field that lists all of the kind.
_RELATED: Mapping[str, str] = {"host": "hosts", "account": "user", "address": "ip", "hash": "hash"}


def write_ecs(case: Case, folder: Path) -> Path:
    """Path of `findings.ecs.jsonl` in the case folder."""
    return write_file(folder, FILE, ecs_lines(case))


def ecs_lines(case: Case) -> Iterator[bytes]:
    """One document a line, in the order of the case's findings."""
    incidents = incidents_of(case)
    for finding in case.findings:
        yield json_line(ecs(finding, incidents.get(finding.id, ())))


def ecs(finding: Finding, incidents: tuple[str, ...] = ()) -> dict[str, Any]:
    """A finding as an ECS alert; what has no field there stands under `sakimori`."""
    place = next(iter(finding.places), None)
    return {
        "@timestamp": moment(finding.first_seen),
        "ecs": {"version": ECS_VERSION},
        "event": {
            "kind": "alert",
            "id": finding.id,
            "start": moment(finding.first_seen),
            "end": moment(finding.last_seen),
            "severity": int(finding.severity),
            "provider": "sakimori",
            "module": "sakimori",
        },
        "message": finding.because,
        "rule": {"id": finding.detector, "name": finding.title, "author": finding.source.get("author", "")},
        "threat": {"framework": "MITRE ATT&CK", "technique": {"id": list(finding.techniques)}},
        "related": _related(finding),
        "log": {"file": {"path": place.file if place else ""}, "offset": place.offset if place else None},
        "agent": {"type": "sakimori", "version": sakimori.__version__},
        "sakimori": {
            "confidence": finding.confidence,
            "count": finding.count,
            "incidents": list(incidents),
            "subjects": [{"type": s.type, "value": s.value} for s in finding.subjects],
        },
    }


def _related(finding: Finding) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for subject in finding.subjects:
        if subject.type in _RELATED:
            found.setdefault(_RELATED[subject.type], []).append(subject.value.rpartition("|")[2])
    return found

"""Findings as OCSF Detection Finding events, one a line, for lakes and SIEMs that speak OCSF.

https://schema.ocsf.io/1.5.0/classes/detection_finding (class_uid 2004, category 2)
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sakimori
from sakimori.findings import Finding, Severity, Subject, moment
from sakimori.response.case import Case
from sakimori.response.contract import PLACES_KEPT, incidents_of, json_line
from sakimori.response.folder import write_file

OCSF_VERSION = "1.5.0"
OCSF_FILE = "findings.ocsf.jsonl"
_CATEGORY, _CLASS, _CREATE = 2, 2004, 1
_SEVERITY = {
    Severity.INFORMATIONAL: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_CONFIDENCE = {"low": (1, "Low"), "medium": (2, "Medium"), "high": (3, "High")}
# Observable types of the dictionary: https://schema.ocsf.io/1.5.0/objects/observable
_OBSERVABLE = {
    "host": (1, "Hostname"), "domain": (1, "Hostname"), "address": (2, "IP Address"),
    "account": (4, "User Name"),
    "url": (6, "URL String"), "file": (45, "File Path"), "hash": (8, "Hash"), "process": (9, "Process Name"),
    "registry_key": (28, "Registry Key Path"),
}  # fmt: skip
_ANALYTIC = {
    "sigma": (1, "Rule"),
    "yara": (1, "Rule"),
    "indicator": (1, "Rule"),
    "behaviour": (2, "Behavioral"),
}


def write_ocsf(case: Case, folder: Path) -> Path:
    """Path of `findings.ocsf.jsonl` in the case folder."""
    return write_file(folder, OCSF_FILE, ocsf_lines(case))


def ocsf_lines(case: Case) -> Iterator[bytes]:
    """One Detection Finding a line, in the order of the case's findings."""
    incidents = incidents_of(case)
    for finding in case.findings:
        yield json_line(detection_finding(finding, incidents.get(finding.id, ())))


def detection_finding(finding: Finding, incidents: tuple[str, ...] = ()) -> dict[str, Any]:
    """The event: required attributes, ATT&CK, observables, where the evidence stands, the rest unmapped.

    OCSF demands a time; a finding whose records carry none gets 0 and says so under `unmapped`.
    """
    severity_id, severity = _SEVERITY[finding.severity]
    confidence_id, confidence = _CONFIDENCE.get(finding.confidence, (0, "Unknown"))
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _CATEGORY,
        "category_name": "Findings",
        "class_uid": _CLASS,
        "class_name": "Detection Finding",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Detection Finding: Create",
        "time": _milliseconds(finding.first_seen) or 0,
        "start_time": _milliseconds(finding.first_seen),
        "end_time": _milliseconds(finding.last_seen),
        "count": finding.count,
        "severity_id": severity_id,
        "severity": severity,
        "confidence_id": confidence_id,
        "confidence": confidence,
        "status_id": 1,
        "status": "New",
        "is_alert": finding.severity >= Severity.HIGH,
        "message": finding.because,
        "metadata": _metadata(finding),
        "finding_info": _finding_info(finding),
        "observables": [_observable(subject, n) for n, subject in enumerate(finding.subjects)],
        "evidences": [
            {"data": {"file": p.file, "record": p.record, "offset": p.offset}}
            for p in finding.places[:PLACES_KEPT]
        ],
        "unmapped": _unmapped(finding, incidents),
    }


def _metadata(finding: Finding) -> dict[str, Any]:
    return {
        "version": OCSF_VERSION,
        "uid": finding.id,
        "event_code": finding.detector,
        "product": {"name": "Sakimori", "vendor_name": "Sakimori", "version": sakimori.__version__},
    }


def _finding_info(finding: Finding) -> dict[str, Any]:
    kind, _, name = finding.detector.partition(":")
    type_id, type_name = _ANALYTIC.get(kind, (99, "Other"))
    return {
        "uid": finding.id,
        "title": finding.title,
        "desc": finding.because,
        "first_seen_time": _milliseconds(finding.first_seen),
        "last_seen_time": _milliseconds(finding.last_seen),
        "analytic": {"uid": finding.detector, "name": name, "type_id": type_id, "type": type_name},
        "attacks": [_attack(technique) for technique in finding.techniques],
    }


def _attack(technique: str) -> dict[str, Any]:
    whole, _, part = technique.partition(".")
    attack: dict[str, Any] = {"technique": {"uid": whole}}
    return attack | {"sub_technique": {"uid": technique}} if part else attack


def _observable(subject: Subject, n: int) -> dict[str, Any]:
    type_id, type_name = _OBSERVABLE.get(subject.type, (99, subject.type))
    return {
        "name": f"unmapped.subjects[{n}].value",
        "type_id": type_id,
        "type": type_name,
        "value": subject.value,
    }


def _unmapped(finding: Finding, incidents: tuple[str, ...]) -> dict[str, Any]:
    return {
        "subjects": [{"type": s.type, "value": s.value} for s in finding.subjects],
        "facts": dict(sorted(finding.facts.items())),
        "source": dict(sorted(finding.source.items())),
        "revision": finding.revision,
        "incidents": list(incidents),
        "time_is_known": moment(finding.first_seen) is not None,
    }


def _milliseconds(clock: int | None) -> int | None:
    return None if clock is None else clock // 1000

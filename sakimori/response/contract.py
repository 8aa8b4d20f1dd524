"""The output contract: `findings.jsonl`, `findings.csv`, `incidents.json`, `manifest.json` of a case.

Stable, in English, sorted, and the same bytes for the same case; JSON Schemas stand in `schemas/`. JSON keeps
evidence text exactly (only written so that a terminal does not act on it); CSV prefixes what a spreadsheet
would calculate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from sakimori.coverage import Coverage
from sakimori.findings import SCHEMA_VERSION, Finding, Subject, by_time, moment
from sakimori.incidents.incident import Incident
from sakimori.incidents.ladder_ground import Climb
from sakimori.records.manifest import Acquisition, FileEntry, InUse, Manifest
from sakimori.response.case import Case
from sakimori.response.folder import write_file
from sakimori.response.hostile import for_csv, for_json
from sakimori.response.known_activity import climb_of
from sakimori.response.ladder_object import ladder_object

FINDINGS, FINDINGS_CSV, INCIDENTS, MANIFEST = (
    "findings.jsonl",
    "findings.csv",
    "incidents.json",
    "manifest.json",
)
PLACES_KEPT = 100

CSV_COLUMNS = (
    "id", "detector", "title", "severity", "confidence", "techniques", "subjects", "first_seen", "last_seen",
    "count", "file", "record", "offset", "because", "incidents",
)  # fmt: skip


def write_contract(case: Case, folder: Path) -> tuple[Path, ...]:
    """Paths of the four files, written into the case folder, each whole or not at all."""
    return (
        write_file(folder, FINDINGS, findings_jsonl(case)),
        write_file(folder, FINDINGS_CSV, findings_csv(case)),
        write_file(
            folder, INCIDENTS, [document([incident_object(i, climb_of(case, i)) for i in _ranked(case)])]
        ),
        write_file(folder, MANIFEST, [document(manifest_object(case.manifest, case.coverage))]),
    )


def findings_jsonl(case: Case) -> Iterator[bytes]:
    """One finding a line, by first seen, then id."""
    for finding in _sorted(case):
        yield json_line(finding_object(finding))


def finding_object(finding: Finding) -> dict[str, Any]:
    """A finding as the contract writes it; at most the first 100 places."""
    return {
        "schema_version": SCHEMA_VERSION,
        "id": finding.id,
        "revision": finding.revision,
        "detector": finding.detector,
        "title": finding.title,
        "severity": finding.severity.word,
        "confidence": finding.confidence,
        "techniques": list(finding.techniques),
        "subjects": subject_objects(finding.subjects),
        "first_seen": moment(finding.first_seen),
        "last_seen": moment(finding.last_seen),
        "count": finding.count,
        "places": [
            {"file": p.file, "record": p.record, "offset": p.offset} for p in finding.places[:PLACES_KEPT]
        ],
        "because": finding.because,
        "facts": _in_order(finding.facts),
        "source": _in_order(finding.source),
    }


def incident_object(incident: Incident, climb: Climb) -> dict[str, Any]:
    """An incident as the contract writes it, its findings by id."""
    return {
        "schema_version": SCHEMA_VERSION,
        "id": incident.id,
        "rank": incident.rank,
        "score": incident.score,
        "score_parts": [
            {"name": p.name, "points": p.points, "because": p.because, "lower_if": p.lower_if,
             "facts": _in_order(p.facts)}
            for p in incident.score_parts
        ],
        "title": incident.title,
        "findings": [finding.id for finding in incident.findings],
        "subjects": subject_objects(incident.subjects),
        "techniques": list(incident.techniques),
        "stages": list(incident.stages),
        "first_seen": moment(incident.first_seen),
        "last_seen": moment(incident.last_seen),
        "known_activity": ladder_object(incident, climb),
        "merged_from": list(incident.merged_from),
        "facts": _in_order(incident.facts),
    }  # fmt: skip


def manifest_object(manifest: Manifest, coverage: Coverage) -> dict[str, Any]:
    """What was read, with which rules, in how many seconds, and what could not be seen."""
    return {
        "schema_version": SCHEMA_VERSION,
        "files": [_file_object(entry) for entry in sorted(manifest.files, key=lambda e: (e.path, e.sha256))],
        "unread": [
            {"file": row.file, "record": row.record, "offset": row.offset, "reason": row.reason}
            for row in sorted(manifest.unread, key=lambda r: (r.file, r.record, r.offset, r.reason))
        ],
        "totals": _in_order(manifest.totals),
        "rules": {
            "loaded": manifest.rules_loaded,
            "refused": [
                {"name": r.name, "title": r.title, "reason": r.reason}
                for r in sorted(manifest.rules_refused, key=lambda r: (r.name, r.title, r.reason))
            ],
        },
        "may_be_doubled": list(manifest.may_be_doubled),
        "resolved": _in_order(manifest.resolved),
        "suppressed": _in_order(manifest.suppressed),
        "suppressions_expired": list(manifest.suppressions_expired),
        "in_use": [_in_use_object(one) for one in manifest.in_use],
        "coverage": _coverage_object(coverage),
        "seconds": _in_order(manifest.seconds),
        "versions": _in_order(manifest.versions),
    }


def _file_object(entry: FileEntry) -> dict[str, Any]:
    return {
        "path": entry.path,
        "sha256": entry.sha256,
        "bytes": entry.bytes,
        "format": entry.format,
        "records": entry.records,
        "unread": entry.unread,
        "logs": [{"log": log, "records": records} for log, records in sorted(entry.logs)],
        "first_seen": moment(entry.first_seen),
        "last_seen": moment(entry.last_seen),
        "clock": entry.clock,
        "synthetic": entry.synthetic,
        "note": entry.note,
        "acquired": _acquisition_object(entry.acquired),
    }


def _in_use_object(one: InUse) -> dict[str, Any]:
    names = (
        "kind", "name", "version", "made", "expires", "licence", "count", "signed_by", "whole", "age_days",
        "stale",
    )  # fmt: skip
    return {name: getattr(one, name) for name in names}


def _acquisition_object(acquired: Acquisition | None) -> dict[str, Any] | None:
    if acquired is None:
        return None
    return {
        "by": acquired.by,
        "when": moment(acquired.when),
        "tenant": acquired.tenant,
        "source": acquired.source,
        "query": acquired.query,
        "tool": acquired.tool,
        "note": acquired.note,
        "sha256": acquired.sha256,
        "holds": acquired.holds,
    }


def _coverage_object(coverage: Coverage) -> dict[str, Any]:
    return {
        "rules": coverage.rules,
        "able": coverage.able,
        "spoke": coverage.spoke,
        "refused": coverage.refused,
        "logs": [
            {"log": s.log, "title": s.title, "records": s.records, "first_seen": moment(s.first_seen),
             "last_seen": moment(s.last_seen), "hosts": s.hosts, "rules": s.rules}
            for s in sorted(coverage.logs, key=lambda s: s.log)
        ],
        "blind": [
            {"logsource": b.logsource, "rules": b.rules, "logs": list(b.logs)}
            for b in coverage.blind
        ],
    }  # fmt: skip


def findings_csv(case: Case) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark, so that spreadsheets read Japanese; all cells quoted; RFC 4180."""
    incidents = incidents_of(case)
    yield b"\xef\xbb\xbf" + csv_line(CSV_COLUMNS)
    for finding in _sorted(case):
        yield csv_line(_csv_cells(finding, incidents.get(finding.id, ())))


def _csv_cells(finding: Finding, incidents: tuple[str, ...]) -> tuple[str, ...]:
    place = finding.places[0] if finding.places else None
    return (
        finding.id, finding.detector, finding.title, finding.severity.word, finding.confidence,
        " ".join(finding.techniques), "; ".join(f"{s.type}: {s.value}" for s in finding.subjects),
        moment(finding.first_seen) or "", moment(finding.last_seen) or "", str(finding.count),
        place.file if place else "", str(place.record) if place else "", str(place.offset) if place else "",
        finding.because, " ".join(incidents),
    )  # fmt: skip


def csv_line(cells: tuple[str, ...]) -> bytes:
    """One line of harmless cells."""
    quoted = '","'.join([for_csv(cell).replace('"', '""') for cell in cells])
    return f'"{quoted}"\r\n'.encode()


def incidents_of(case: Case) -> dict[str, tuple[str, ...]]:
    """Finding id -> ids of the incidents it is part of, in order of rank."""
    found: dict[str, tuple[str, ...]] = {}
    for incident in _ranked(case):
        for finding in incident.findings:
            found[finding.id] = (*found.get(finding.id, ()), incident.id)
    return found


def subject_objects(subjects: tuple[Subject, ...]) -> list[dict[str, str]]:
    """`[{"type", "value"}]` in the given order: a finding's first subject is its primary one."""
    return [{"type": subject.type, "value": subject.value} for subject in subjects]


def json_line(value: Any) -> bytes:
    """One line of JSON that is safe to print."""
    return for_json(_dumps(value).decode()).encode() + b"\n"


def document(value: Any) -> bytes:
    """An indented JSON document that is safe to print."""
    return for_json(_dumps(value, orjson.OPT_INDENT_2).decode()).encode() + b"\n"


def _dumps(value: Any, option: int = 0) -> bytes:
    try:
        return orjson.dumps(value, option=option)
    except (orjson.JSONEncodeError, UnicodeEncodeError):
        return orjson.dumps(_whole(value), option=option)


def _whole(value: Any) -> Any:
    # Half a surrogate pair is not a character, and JSON readers refuse it: it becomes U+FFFD.
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole(key): _whole(item) for key, item in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list | tuple) else value


def _in_order(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {key: mapping[key] for key in sorted(mapping)}


def _sorted(case: Case) -> list[Finding]:
    return sorted(case.findings, key=by_time)


def _ranked(case: Case) -> list[Incident]:
    return sorted(case.incidents, key=lambda i: (i.rank, i.id))

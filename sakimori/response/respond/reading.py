"""A case read back from its folder: what proposals need of its findings, incidents and manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from sakimori.errors import UsageError
from sakimori.findings import Finding, Place, Severity, Subject
from sakimori.incidents.incident import Incident
from sakimori.records.clock import instant
from sakimori.response.contract import FINDINGS, INCIDENTS, MANIFEST
from sakimori.response.respond.platforms import Evidence


@dataclass(frozen=True, slots=True)
class Read:
    """Incidents by rank, with findings whole but for places past the first hundred, and the files' logs."""

    incidents: tuple[Incident, ...]
    evidence: Evidence


def read_case(case: Path) -> Read:
    """The case. Raises UsageError where the folder holds none, or one that is damaged."""
    for name in (FINDINGS, INCIDENTS, MANIFEST):
        if not (case / name).is_file():
            raise UsageError(f"{case} is no case: it holds no {name}. Run `sakimori hunt` first.")
    try:
        lines = (case / FINDINGS).read_bytes().splitlines()
        findings = {one.id: one for one in map(_finding, map(orjson.loads, lines))}
        told = orjson.loads((case / INCIDENTS).read_bytes())
        incidents = tuple(_incident(one, findings) for one in told)
        return Read(incidents, _evidence(orjson.loads((case / MANIFEST).read_bytes())))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as problem:
        raise UsageError(f"{case} is damaged ({problem}): hunt again.") from None


def _finding(data: Mapping[str, Any]) -> Finding:
    return Finding(
        detector=data["detector"],
        title=data["title"],
        severity=Severity.from_word(data["severity"]),
        confidence=data["confidence"],
        techniques=tuple(data["techniques"]),
        subjects=_subjects(data["subjects"]),
        first_seen=_clock(data["first_seen"]),
        last_seen=_clock(data["last_seen"]),
        count=data["count"],
        places=tuple(Place(p["file"], p["record"], p["offset"]) for p in data["places"]),
        because=data["because"],
        facts=data["facts"],
        source=data["source"],
        revision=data["revision"],
    )


def _incident(data: Mapping[str, Any], findings: Mapping[str, Finding]) -> Incident:
    return Incident(
        id=data["id"],
        rank=data["rank"],
        score=data["score"],
        score_parts=(),
        title=data["title"],
        findings=tuple(findings[name] for name in data["findings"]),
        subjects=_subjects(data["subjects"]),
        techniques=tuple(data["techniques"]),
        stages=tuple(data["stages"]),
        first_seen=_clock(data["first_seen"]),
        last_seen=_clock(data["last_seen"]),
        merged_from=tuple(data["merged_from"]),
        facts=data["facts"],
    )


def _subjects(data: Any) -> tuple[Subject, ...]:
    return tuple(Subject(one["type"], one["value"]) for one in data)


def _clock(text: str | None) -> int | None:
    return None if text is None else instant(text)


def _evidence(manifest: Mapping[str, Any]) -> Evidence:
    return Evidence(
        logs_of={file["path"]: frozenset(one["log"] for one in file["logs"]) for file in manifest["files"]},
        named={one["title"]: one["log"] for one in manifest["coverage"]["logs"]},
    )

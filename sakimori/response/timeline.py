"""Findings as a timeline: CSV for people, JSON lines for Timesketch, which both import as they are.

https://timesketch.org/guides/user/import-from-json-csv/ (message, datetime and timestamp_desc are required)
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sakimori.findings import Finding, moment
from sakimori.response.case import Case
from sakimori.response.contract import incidents_of, json_line
from sakimori.response.folder import write_file
from sakimori.response.hostile import for_csv

CSV_FILE, JSON_FILE = "timeline.csv", "timesketch.jsonl"
COLUMNS = (
    "datetime", "timestamp_desc", "message", "severity", "title", "subjects", "techniques", "detector",
    "incidents", "file", "record", "finding",
)  # fmt: skip
_FIRST, _LAST = "First seen", "Last seen"


def write_timeline(case: Case, folder: Path) -> Path:
    """Path of `timeline.csv` in the case folder."""
    return write_file(folder, CSV_FILE, timeline_csv(case))


def write_timesketch(case: Case, folder: Path) -> Path:
    """Path of `timesketch.jsonl` in the case folder."""
    return write_file(folder, JSON_FILE, map(json_line, rows(case)))


def timeline_csv(case: Case) -> Iterator[bytes]:
    """The rows as CSV with a byte order mark, so that spreadsheets read Japanese."""
    yield "\ufeff".encode()
    for row in ({name: name for name in COLUMNS}, *rows(case)):
        text = io.StringIO()
        csv.writer(text).writerow([for_csv(str(row[name])) for name in COLUMNS])
        yield text.getvalue().encode()


def rows(case: Case) -> Iterator[dict[str, Any]]:
    """One row where a finding begins and one where it ends, by time; findings without a time are left out."""
    incidents = incidents_of(case)
    found = [
        (clock, number, what, finding)
        for number, finding in enumerate(case.findings)
        for clock, what in _times(finding)
    ]
    for clock, _, what, finding in sorted(found, key=lambda entry: (entry[0], entry[1], entry[2])):
        yield _row(finding, moment(clock) or "", what, incidents.get(finding.id, ()))


def _times(finding: Finding) -> Iterator[tuple[int, str]]:
    if finding.first_seen is not None:
        yield finding.first_seen, _FIRST
    if finding.last_seen is not None and finding.last_seen != finding.first_seen:
        yield finding.last_seen, _LAST


def _row(finding: Finding, when: str, what: str, incidents: tuple[str, ...]) -> dict[str, Any]:
    place = next(iter(finding.places), None)
    return {
        "datetime": when,
        "timestamp_desc": what,
        "message": f"{finding.title}: {finding.because}",
        "severity": finding.severity.word,
        "title": finding.title,
        "subjects": "; ".join(f"{s.type} {s.value}" for s in finding.subjects),
        "techniques": " ".join(finding.techniques),
        "detector": finding.detector,
        "incidents": " ".join(incidents),
        "file": place.file if place else "",
        "record": place.record if place else "",
        "finding": finding.id,
    }

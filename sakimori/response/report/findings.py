"""The table of all findings, as many as there is room for; the weakest are left to the files beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from sakimori.findings import Finding, Severity
from sakimori.response.case import Case
from sakimori.response.localised import finding_because, finding_title
from sakimori.response.report.incidents import finding_words
from sakimori.response.report.speech import Speech


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as a row; `rank` of its incident, 0 where it stands alone."""

    finding: Finding
    when: Markup
    title: Markup
    because: Markup
    entity: Markup
    key: str
    rank: int
    in_page: bool


@dataclass(frozen=True, slots=True)
class FindingTable:
    """The rows, and how many findings of which severity have no room."""

    rows: tuple[FindingRow, ...]
    left_out: tuple[tuple[Severity, int], ...]
    total: int


def finding_table(case: Case, speech: Speech, on_pages: frozenset[str], room: int) -> FindingTable:
    """Rows by time, in `room` bytes. Room goes to findings of incidents first, then by severity."""
    ranks = {f.id: incident.rank for incident in reversed(case.incidents) for f in incident.findings}
    wanted = sorted(case.findings, key=lambda f: (f.id not in ranks, -f.severity, f.first_seen or 0, f.id))
    spent, kept = 0, list[FindingRow]()
    for finding in wanted:
        row = _row(finding, speech, ranks.get(finding.id, 0), on_pages)
        spent += 260 + len((row.when + row.title + row.because + row.entity).encode())
        if spent > room:
            break
        kept.append(row)
    left_out = Counter(finding.severity for finding in wanted[len(kept) :])
    kept.sort(key=lambda row: (row.finding.first_seen is None, row.finding.first_seen or 0, row.finding.id))
    return FindingTable(tuple(kept), tuple(sorted(left_out.items(), reverse=True)), len(case.findings))


def _row(finding: Finding, speech: Speech, rank: int, on_pages: frozenset[str]) -> FindingRow:
    return FindingRow(
        finding=finding,
        when=speech.when(finding.first_seen),
        title=finding_words(finding, speech, finding_title, 160),
        because=finding_words(finding, speech, finding_because, 240),
        entity=speech.term(finding.subjects[0]),
        key=finding.subjects[0].value[:60],
        rank=rank,
        in_page=finding.id in on_pages,
    )

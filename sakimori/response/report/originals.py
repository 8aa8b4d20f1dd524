"""Original records with the matching parts marked, within a budget for the whole page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from sakimori.response.case import Case, Original
from sakimori.response.hostile import for_html

RECORD_LIMIT = 4_000
RECORDS_BUDGET = 1_500_000


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """An original record ready to show; `left_out` characters were cut, `after_cut` matches stand in them."""

    original: Original
    text: Markup
    left_out: int
    after_cut: int


def shown_records(case: Case) -> dict[str, tuple[ShownRecord, ...]]:
    """Finding id -> records, in rank order of incidents until the budget is spent."""
    ordered = [finding.id for incident in case.incidents for finding in incident.findings]
    shown: dict[str, tuple[ShownRecord, ...]] = {}
    spent = 0
    for finding_id in dict.fromkeys((*ordered, *sorted(case.originals))):
        records = tuple(_shown(original) for original in case.originals.get(finding_id, ()))
        spent += sum(len(record.text) + 400 for record in records)
        if spent > RECORDS_BUDGET:
            break
        if records:
            shown[finding_id] = records
    return shown


def _shown(original: Original) -> ShownRecord:
    kept = original.text[:RECORD_LIMIT]
    spans = list(_spans(original.text, original.matched))
    within = [(start, min(end, len(kept))) for start, end in spans if start < len(kept)]
    return ShownRecord(
        original, marked(kept, within), len(original.text) - len(kept), len(spans) - len(within)
    )


def marked(text: str, spans: list[tuple[int, int]]) -> Markup:
    """The neutralised text with each span in a `mark` element; spans do not overlap and are in order."""
    parts: list[Markup] = []
    at = 0
    for start, end in spans:
        parts.append(for_html(text[at:start], keep="\n"))
        parts.append(Markup("<mark>{}</mark>").format(for_html(text[start:end], keep="\n")))
        at = end
    return Markup("").join((*parts, for_html(text[at:], keep="\n")))


def _spans(text: str, matched: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    # In JSON evidence a value stands with its escapes, so both ways of writing it are looked for.
    wanted = {form for value in matched if len(value) > 1 for form in (value, _in_json(value))}
    if not wanted:
        return
    pattern = "|".join(re.escape(value) for value in sorted(wanted, key=lambda v: (-len(v), v)))
    for found in re.finditer(pattern, text, re.IGNORECASE):
        yield found.span()


def _in_json(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')

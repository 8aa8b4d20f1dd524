"""Original records with the matching parts marked, within a budget for the whole page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from sakimori.response.case import Case, Original
from sakimori.response.hostile import for_html

RECORD_LIMIT = 4_000
RECORDS_EACH = 5


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """An original record ready to show; `left_out` characters were cut, `after_cut` matches stand in them."""

    original: Original
    text: Markup
    left_out: int
    after_cut: int


def shown_records(case: Case, budget: int) -> dict[str, tuple[ShownRecord, ...]]:
    """Finding id -> records within the budget: first one for each finding by rank, then the further ones."""
    ordered = [finding.id for incident in case.incidents for finding in incident.findings]
    shown: dict[str, list[ShownRecord]] = {}
    for turn in range(RECORDS_EACH):
        for finding_id in dict.fromkeys((*ordered, *sorted(case.originals))):
            for original in case.originals.get(finding_id, ())[turn : turn + 1]:
                record = _shown(original)
                budget -= len(record.text) + 300
                if budget < 0:
                    return {key: tuple(records) for key, records in shown.items()}
                shown.setdefault(finding_id, []).append(record)
    return {key: tuple(records) for key, records in shown.items()}


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
        parts.append(_content(text[at:start]))
        parts.append(Markup("<mark>{}</mark>").format(_content(text[start:end])))
        at = end
    return Markup("").join((*parts, _content(text[at:])))


def _content(text: str) -> Markup:
    # JSON is full of quotes; between tags they need no escape, and so a record takes two thirds of the room.
    return Markup(str(for_html(text, keep="\n")).replace("&#34;", '"').replace("&#39;", "'"))


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

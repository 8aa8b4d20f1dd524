"""What the page of an incident shows, ready for its template."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from sakimori.findings import Finding, Subject
from sakimori.incidents.against import against
from sakimori.incidents.hunts import hunts
from sakimori.incidents.incident import Incident, ScorePart
from sakimori.incidents.ladder_ground import Climb
from sakimori.incidents.story import story
from sakimori.response.actions import Action, actions
from sakimori.response.hostile import for_html
from sakimori.response.localised import finding_because, finding_title, incident_title, part_texts
from sakimori.response.queries import kql, spl
from sakimori.response.report.anchors import evidence_anchor, incident_anchor, linked
from sakimori.response.report.ladder import LadderPart, ladder_part
from sakimori.response.report.lanes import Drawing, drawing
from sakimori.response.report.originals import ShownRecord
from sakimori.response.report.speech import Speech
from sakimori.response.sentences import prose
from sakimori.response.words import kind_of, stage_of, telling
from sakimori.tongue import tongue

STRONGEST = 20


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A finding of an incident, with its original records where the page has room for them."""

    finding: Finding
    anchor: str
    title: Markup
    because: Markup
    stage: str | None
    kind: str
    records: tuple[ShownRecord, ...]


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the score; `share` of the largest part, 0 to 1."""

    points: float
    share: float
    name: Markup
    because: Markup
    lower_if: Markup


@dataclass(frozen=True, slots=True)
class HuntRow:
    """A hunt, its queries ready to copy."""

    question: Markup
    look: Markup
    kql: Markup
    spl: Markup


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """What speaks against, how to check it, and to how many of the findings it applies."""

    text: Markup
    check: Markup
    findings: int


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """An incident as its page shows it."""

    incident: Incident
    anchor: str
    title: Markup
    story: tuple[Markup, ...]
    drawing: Drawing | None
    parts: tuple[PartRow, ...]
    ladder: LadderPart
    subjects: tuple[Subject, ...]
    rows: tuple[EvidenceRow, ...]
    strongest: frozenset[str]
    left_out: int
    doubts: tuple[DoubtRow, ...]
    authors: tuple[tuple[str, int], ...]
    hunts: tuple[HuntRow, ...]
    actions: tuple[Action, ...]


def incident_page(
    incident: Incident, climb: Climb, speech: Speech, records: dict[str, tuple[ShownRecord, ...]], most: int
) -> IncidentPage:
    """The page of an incident, with at most `most` rows of evidence."""
    rows = _rows(incident, speech, records, most)
    return IncidentPage(
        incident=incident,
        anchor=incident_anchor(incident),
        title=title_words(incident, speech),
        story=_story(incident, speech, {row.finding.id: row.finding for row in rows}),
        drawing=drawing(incident, frozenset(row.finding.id for row in rows)),
        parts=_parts(incident, speech),
        ladder=ladder_part(incident, climb, speech),
        subjects=tuple(telling(incident.subjects)),
        rows=rows,
        strongest=frozenset(finding.id for finding in by_strength(incident)[:STRONGEST]),
        left_out=len(incident.findings) - len(rows),
        doubts=_doubts(incident, speech),
        authors=_authors(incident),
        hunts=_hunts(incident, speech),
        actions=actions(incident),
    )


def by_strength(incident: Incident) -> list[Finding]:
    """Its findings, the most severe first."""
    return sorted(incident.findings, key=lambda f: (-f.severity, f.first_seen or 0, f.id))


def title_words(incident: Incident, speech: Speech) -> Markup:
    """The title in both tongues."""
    return speech.each(lambda lang: escape(prose(incident_title(incident, lang), lang)))


def _rows(
    incident: Incident, speech: Speech, records: dict[str, tuple[ShownRecord, ...]], most: int
) -> tuple[EvidenceRow, ...]:
    kept = {finding.id for finding in by_strength(incident)[:most]}
    return tuple(
        EvidenceRow(
            finding=finding,
            anchor=evidence_anchor(incident, finding),
            title=finding_words(finding, speech, finding_title, 200),
            because=finding_words(finding, speech, finding_because, 600),
            stage=stage_of(finding),
            kind=kind_of(finding),
            records=records.get(finding.id, ()),
        )
        for finding in incident.findings
        if finding.id in kept
    )


def finding_words(
    finding: Finding, speech: Speech, text: Callable[[Finding, str], str], limit: int
) -> Markup:
    """A text of a finding in both tongues."""
    return speech.each(lambda lang: escape(prose(text(finding, lang), lang, limit)))


def _story(incident: Incident, speech: Speech, shown: dict[str, Finding]) -> tuple[Markup, ...]:
    zone = speech.zone
    both = zip(story(incident, tongue("en")), story(incident, tongue("ja")), strict=True)
    return tuple(
        speech.both(
            {"en": linked(en, "en", incident, shown, zone), "ja": linked(ja, "ja", incident, shown, zone)}
        )
        for en, ja in both
    )


def _parts(incident: Incident, speech: Speech) -> tuple[PartRow, ...]:
    most = max((abs(part.points) for part in incident.score_parts), default=1.0) or 1.0
    return tuple(_part(part, most, speech) for part in incident.score_parts)


def _part(part: ScorePart, most: float, speech: Speech) -> PartRow:
    english, japanese = part_texts(part, "en"), part_texts(part, "ja")
    name, because, lower_if = (
        speech.both({"en": escape(prose(en, "en")), "ja": escape(prose(ja, "ja"))})
        for en, ja in zip(english, japanese, strict=True)
    )
    return PartRow(part.points, abs(part.points) / most, name, because, lower_if)


def _doubts(incident: Incident, speech: Speech) -> tuple[DoubtRow, ...]:
    both = zip(against(incident, tongue("en")), against(incident, tongue("ja")), strict=True)
    return tuple(
        DoubtRow(
            speech.both({"en": escape(en.text), "ja": escape(ja.text)}),
            speech.both({"en": escape(en.check), "ja": escape(ja.check)}),
            len(en.findings),
        )
        for en, ja in both
    )


def _authors(incident: Incident) -> tuple[tuple[str, int], ...]:
    """Harmless explanations in the words of the rules' authors, with how many findings they would explain."""
    met: dict[str, int] = {}
    for finding in incident.findings:
        for text in finding.facts.get("falsepositives", "").split("; "):
            if text.strip().lower().rstrip(".") not in ("", "unknown", "none", "-", "unlikely"):
                met[text.strip()] = met.get(text.strip(), 0) + 1
    return tuple(sorted(met.items(), key=lambda item: (-item[1], item[0]))[:8])


def _hunts(incident: Incident, speech: Speech) -> tuple[HuntRow, ...]:
    both = zip(hunts(incident, tongue("en")), hunts(incident, tongue("ja")), strict=True)
    return tuple(
        HuntRow(
            speech.both({"en": escape(prose(en.question, "en")), "ja": escape(prose(ja.question, "ja"))}),
            speech.both({"en": escape(prose(en.look, "en")), "ja": escape(prose(ja.look, "ja"))}),
            for_html(kql(incident, en), keep="\n"),
            for_html(spl(incident, en), keep="\n"),
        )
        for en, ja in both
    )

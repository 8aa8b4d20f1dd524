"""Texts of findings and incidents in the reader's tongue, where whoever wrote them gave more than English."""

from __future__ import annotations

from sakimori.findings import Finding
from sakimori.incidents.incident import Incident, ScorePart
from sakimori.incidents.reasons import NAMES, because, lower_if, name
from sakimori.incidents.title import title
from sakimori.tongue import tongue

_FIELD = "field."
_FIELDS_SAID = 3
_MARKS = ("expected", "suppressed")  # facts of findings that the organisation accounts for


def incident_title(incident: Incident, lang: str) -> str:
    """The title made anew from its facts; the written one where it has none."""
    if "title_key" not in incident.facts:
        return incident.title
    return title(incident.facts, tongue(lang))


def finding_title(finding: Finding, lang: str) -> str:
    """The rule's title in that tongue, else as its author wrote it."""
    return finding.facts.get(f"title_{lang}") or finding.title


def finding_because(finding: Finding, lang: str) -> str:
    """Why the finding stands there, in one sentence; before it, where it founds no incident, why not."""
    names = (mark if lang == "en" else f"{mark}_{lang}" for mark in _MARKS)
    return " ".join([*(finding.facts[name] for name in names if name in finding.facts), _why(finding, lang)])


def _why(finding: Finding, lang: str) -> str:
    own = finding.facts.get(f"because_{lang}")
    if lang == "en" or own:
        return own or finding.because
    fields = [(key[len(_FIELD) :], text) for key, text in finding.facts.items() if key.startswith(_FIELD)]
    if not finding.detector.startswith("sigma:") or not fields:
        return finding.because
    say = tongue(lang)
    said = [
        say("{field} is “{value}”", field=field, value=text[:160]) for field, text in fields[:_FIELDS_SAID]
    ]
    return say("{n} events match this rule: {fields}.", n=finding.count, fields="、".join(said))


def part_texts(part: ScorePart, lang: str) -> tuple[str, str, str]:
    """Name, because and lower-if of a part of the score; as written where it is not ours."""
    if part.name not in NAMES:
        return part.name, part.because, part.lower_if
    say = tongue(lang)
    return name(part, say), because(part, say), lower_if(part, say)

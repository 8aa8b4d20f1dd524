"""Names of places on the page, and sentences whose times and names lead there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from sakimori.findings import Finding
from sakimori.incidents.context import home
from sakimori.incidents.incident import Incident
from sakimori.incidents.story import Sentence, when
from sakimori.response.localised import finding_title
from sakimori.response.sentences import prose
from sakimori.response.times import date_words
from sakimori.tongue import tongue

SENTENCE_LIMIT = 900


def incident_anchor(incident: Incident) -> str:
    """`i3`: the page of the third incident."""
    return f"i{incident.rank}"


def evidence_anchor(incident: Incident, finding: Finding) -> str:
    """The evidence row of a finding on its incident's page."""
    return f"i{incident.rank}-{finding.id}"


@dataclass(frozen=True, slots=True)
class _Link:
    """What a piece of a sentence becomes: where it leads, and the words that stand there."""

    target: str
    words: str


def linked(
    said: Sentence, lang: str, incident: Incident, shown: Mapping[str, Finding], zone: str = "UTC"
) -> Markup:
    """A sentence of a story: the time, host and title it names lead to the row that bears them out."""
    findings = [shown[one] for one in said.findings if one in shown]
    text = said.text[:SENTENCE_LIMIT]
    links: dict[str, _Link] = {}
    for finding in sorted(findings, key=lambda f: finding_title(f, lang) not in text):
        for name, words in _names(finding, lang, zone):
            links.setdefault(name, _Link(evidence_anchor(incident, finding), words))
    for name, words, finding in _ends(incident, shown, lang, zone):
        links.setdefault(name, _Link(evidence_anchor(incident, finding), words))
    return _woven(text, links, lang) if links else _safe(text, lang)


def _ends(
    incident: Incident, shown: Mapping[str, Finding], lang: str, zone: str
) -> list[tuple[str, str, Finding]]:
    """When the incident was last seen, and the finding that says so."""
    ending = [f for f in shown.values() if f.last_seen is not None and f.last_seen == incident.last_seen]
    return [
        (when(f.last_seen, tongue(lang)), date_words(f.last_seen, lang, zone=zone), f)
        for f in ending[:1]
        if f.last_seen is not None
    ]


def _names(finding: Finding, lang: str, zone: str) -> list[tuple[str, str]]:
    say = tongue(lang)
    clocks = [clock for clock in (finding.first_seen, finding.last_seen) if clock is not None]
    place, title = home(finding).value, finding_title(finding, lang)
    names = [
        *((when(clock, say), date_words(clock, lang, zone=zone)) for clock in clocks),
        (place, place),
        (title, title),
    ]
    return [(name, words) for name, words in names if len(name) > 1]


def _woven(text: str, links: Mapping[str, _Link], lang: str) -> Markup:
    pattern = re.compile("|".join(re.escape(name) for name in sorted(links, key=lambda n: (-len(n), n))))
    parts: list[Markup] = []
    at = 0
    for found in pattern.finditer(text):
        link = links[found.group()]
        parts.append(_safe(text[at : found.start()], lang))
        parts.append(Markup('<a href="#{}">{}</a>').format(link.target, _safe(link.words, lang)))
        at = found.end()
    return Markup("").join((*parts, _safe(text[at:], lang)))


def _safe(text: str, lang: str) -> Markup:
    return escape(prose(text, lang, SENTENCE_LIMIT))

"""Names of places on the page, and sentences whose times and names lead there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from sakimori.findings import Finding
from sakimori.incidents.context import home
from sakimori.incidents.incident import Incident
from sakimori.incidents.story import Sentence, when
from sakimori.response.defanging import defang
from sakimori.response.hostile import for_terminal
from sakimori.response.localised import finding_title
from sakimori.tongue import tongue

SENTENCE_LIMIT = 900


def incident_anchor(incident: Incident) -> str:
    """`i3`: the page of the third incident."""
    return f"i{incident.rank}"


def evidence_anchor(incident: Incident, finding: Finding) -> str:
    """The evidence row of a finding on its incident's page."""
    return f"i{incident.rank}-{finding.id}"


def linked(said: Sentence, lang: str, incident: Incident, shown: Mapping[str, Finding]) -> Markup:
    """A sentence of a story: the time, host and title it names lead to the row that bears them out."""
    findings = [shown[one] for one in said.findings if one in shown]
    text = said.text[:SENTENCE_LIMIT]
    needles: dict[str, str] = {}
    for finding in sorted(findings, key=lambda f: finding_title(f, lang) not in text):
        for name in _names(finding, lang):
            needles.setdefault(name, evidence_anchor(incident, finding))
    if not findings:
        return _safe(text, lang)
    return _woven(text, needles, lang) or _safe(text, lang)


def _names(finding: Finding, lang: str) -> list[str]:
    say = tongue(lang)
    clocks = [clock for clock in (finding.first_seen, finding.last_seen) if clock is not None]
    names = [*(when(clock, say) for clock in clocks), home(finding).value, finding_title(finding, lang)]
    return [name for name in names if len(name) > 1]


def _woven(text: str, needles: Mapping[str, str], lang: str) -> Markup:
    pattern = re.compile("|".join(re.escape(name) for name in sorted(needles, key=lambda n: (-len(n), n))))
    parts: list[Markup] = []
    at = 0
    for found in pattern.finditer(text):
        parts.append(_safe(text[at : found.start()], lang))
        parts.append(
            Markup('<a href="#{}">{}</a>').format(needles[found.group()], _safe(found.group(), lang))
        )
        at = found.end()
    return Markup("").join((*parts, _safe(text[at:], lang)))


def _safe(text: str, lang: str) -> Markup:
    return escape(for_terminal(defang(text), SENTENCE_LIMIT, lang))

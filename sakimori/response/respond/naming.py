"""What findings name that could be listed: their entities, and links inside of what they quote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sakimori.findings import Finding, Severity
from sakimori.incidents.everybodys import everybodys
from sakimori.response.respond.entry import TYPES, Entry, entry

_LINK = re.compile(r"https?://[^\s\"'<>|`{}\\^]{4,1500}", re.IGNORECASE)
_AFTER = ".,;:!?)]"
_FIELD = "field."


def named(finding: Finding) -> Iterator[Entry]:
    """Entries of a finding, those of its own entities first; what no list may hold is left out."""
    if finding.severity < Severity.MEDIUM and not finding.detector.startswith("indicator:"):
        return
    home = finding.facts.get(f"{_FIELD}home")
    for subject in finding.subjects:
        if subject.type in TYPES and not everybodys(subject) and subject.value != home:
            yield from _entries(subject.type, subject.value)
    for key, text in finding.facts.items():
        if key.startswith(_FIELD):
            for found in _LINK.findall(text):
                yield from _link(found.rstrip(_AFTER))


def _link(text: str) -> Iterator[Entry]:
    for link in _entries("url", text):
        yield link
        host = link.host
        yield from _entries("address" if _is_address(host) else "domain", host)


def _entries(type_: str, text: str) -> Iterator[Entry]:
    try:
        yield entry(type_, text)
    except ValueError:
        return


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def system_program(finding: Finding) -> bool:
    """Whether a finding names a program of the system, whose hash may be among its hashes."""
    programs = [subject for subject in finding.subjects if subject.type in ("process", "file")]
    return not programs or any(map(everybodys, programs))

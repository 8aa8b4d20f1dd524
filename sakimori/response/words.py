"""Words for the fixed terms of findings and incidents: severities, stages, kinds, tactics, subject types."""

from __future__ import annotations

from collections.abc import Sequence

from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.incident import STAGES
from sakimori.incidents.observation import stages
from sakimori.response.sentences import Sentence, sentence

SEVERITIES = {
    Severity.INFORMATIONAL: sentence("informational"),
    Severity.LOW: sentence("low"),
    Severity.MEDIUM: sentence("medium"),
    Severity.HIGH: sentence("high"),
    Severity.CRITICAL: sentence("critical"),
}
STAGE_WORDS = {
    "way_in": sentence("way in"),
    "foothold": sentence("foothold"),
    "look_round": sentence("look round"),
    "tool_up": sentence("tool up"),
    "hide_and_persist": sentence("hide and persist"),
    "spread": sentence("spread"),
    "reach_the_goal": sentence("reach the goal"),
    "erase_or_destroy": sentence("erase or destroy"),
}
SUBJECT_WORDS = {
    "host": sentence("host"),
    "account": sentence("account"),
    "process": sentence("program"),
    "process_instance": sentence("process"),
    "session": sentence("session"),
    "file": sentence("file"),
    "hash": sentence("hash"),
    "address": sentence("address"),
    "domain": sentence("domain"),
    "url": sentence("URL"),
    "service": sentence("service"),
    "task": sentence("scheduled task"),
    "registry_key": sentence("registry key"),
    "pipe": sentence("pipe"),
}
CONFIDENCE_WORDS = {
    "low": sentence("low confidence"),
    "medium": sentence("medium confidence"),
    "high": sentence("high confidence"),
}
KINDS = {
    "program": sentence("program started or touched"),
    "network": sentence("network contact"),
    "account": sentence("sign-in or account"),
    "file": sentence("file"),
    "setting": sentence("service, task or registry"),
    "other": sentence("other"),
}
# A finding is drawn as the kind of the most telling thing it names.
_KIND_OF_SUBJECT = (
    ("setting", ("service", "task", "registry_key")),
    ("network", ("address", "domain", "url")),
    ("program", ("process", "process_instance", "pipe")),
    ("file", ("file", "hash")),
    ("account", ("account", "session")),
)
TACTICS = {
    "reconnaissance": sentence("Reconnaissance"),
    "resource-development": sentence("Resource development"),
    "initial-access": sentence("Initial access"),
    "execution": sentence("Execution"),
    "persistence": sentence("Persistence"),
    "privilege-escalation": sentence("Privilege escalation"),
    "defense-evasion": sentence("Defense evasion"),
    "stealth": sentence("Stealth"),
    "defense-impairment": sentence("Defense impairment"),
    "credential-access": sentence("Credential access"),
    "discovery": sentence("Discovery"),
    "lateral-movement": sentence("Lateral movement"),
    "collection": sentence("Collection"),
    "command-and-control": sentence("Command and control"),
    "exfiltration": sentence("Exfiltration"),
    "impact": sentence("Impact"),
    "other": sentence("Other techniques"),
}


# What a person knows by name, the most telling type first; sessions and process ids tell a machine only.
_TELLING = (
    "host",
    "account",
    "domain",
    "address",
    "url",
    "file",
    "process",
    "service",
    "task",
    "pipe",
    "registry_key",
)


def telling(subjects: Sequence[Subject]) -> list[Subject]:
    """The entities a person would name, everybody's last; the given order within a type."""
    named = [subject for subject in subjects if subject.type in _TELLING]
    ordered = sorted(named, key=lambda s: (everybodys(s), _TELLING.index(s.type)))
    return ordered or list(subjects)


def findings_counted(n: int) -> Sentence:
    """`1 finding`, `12 findings`."""
    return sentence("{n} finding", n=n) if n == 1 else sentence("{n} findings", n=n)


def kind_of(finding: Finding) -> str:
    """A key of KINDS."""
    met = {subject.type for subject in finding.subjects}
    return next((kind for kind, types in _KIND_OF_SUBJECT if met & set(types)), "other")


def stage_of(finding: Finding) -> str | None:
    """The stage a finding speaks of first; None where its techniques name none."""
    return next(iter(stages(finding)), None)


def stage_sentence(stage: str) -> Sentence:
    """The stage in words; an unknown one as it is written."""
    return STAGE_WORDS[stage] if stage in STAGES else sentence("{name}", name=stage)


def subject_word(kind: str) -> Sentence:
    """The type of an entity in words."""
    return SUBJECT_WORDS.get(kind, sentence("{name}", name=kind))

"""Hunts worth making next, whoever this is: what would come before, beside and after what was seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sakimori.findings import Subject
from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.incident import STAGES, Incident
from sakimori.tongue import Tongue

AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Hunt:
    """A question to other logs, and what to look for; `key` names it.

    `tables` are those of ours that would answer, `subjects` the entities to search for.
    """

    key: str
    question: str
    look: str
    tables: tuple[str, ...]
    subjects: tuple[Subject, ...] = ()


# Stage -> (question, what to look for, tables): asked where the stage is next or was missed.
_STAGE = {
    "way_in": (
        "How did it come in?",
        "Look at downloads, attachments, web visits and remote sign-ins of the seven days before.",
        ("file_event", "http_request", "sign_in", "process"),
    ),
    "foothold": (
        "Which program answers to the outside?",
        "Look for steady or rare outgoing connections of unsigned programs on these hosts.",
        ("network_flow", "dns_query", "process"),
    ),
    "look_round": (
        "What did it ask about?",
        "Look for bursts of discovery commands and directory queries by the same accounts.",
        ("process", "script"),
    ),
    "tool_up": (
        "What was brought along or taken?",
        "Look for new programs, data-named libraries and reads of password stores and LSASS on these hosts.",
        ("file_event", "process_access", "image_load"),
    ),
    "hide_and_persist": (
        "What would survive a restart?",
        "Look for new services, tasks, Run keys, start-up files and launch agents since the first sighting.",
        ("service", "scheduled_job", "registry_event", "file_event"),
    ),
    "spread": (
        "Where else did it go?",
        "Look for sign-ins, services and tasks made from these hosts or by these accounts elsewhere.",
        ("sign_in", "service", "scheduled_job", "network_flow"),
    ),
    "reach_the_goal": (
        "What was it after?",
        "Look for archives, large uploads and access to wallets, signing keys, source and payment systems.",
        ("file_event", "network_flow", "http_request"),
    ),
    "erase_or_destroy": (
        "What is gone?",
        "Look for cleared logs, gaps in time, deleted files and stopped backups, and"
        " secure the logs kept elsewhere now.",
        ("process", "file_event", "service"),
    ),
}
_BESIDE = ("Who else has this?", "Search every host for: {names}.")
SENTENCES = (*(text for *texts, _ in _STAGE.values() for text in texts), *_BESIDE)
_BESIDE_TYPES = ("hash", "domain", "address", "url", "file", "service", "task", "pipe")
_BESIDE_TABLES = ("process", "file_event", "network_flow", "dns_query", "service", "scheduled_job")


def hunts(incident: Incident, say: Tongue) -> tuple[Hunt, ...]:
    """Up to six hunts: the same artefacts elsewhere, the next stages, and those missing before."""
    wanted = [of_stage(stage, say) for stage in _wanted(incident.stages)]
    return (*_beside(incident, say), *wanted)[:AT_MOST]


def of_stage(stage: str, say: Tongue) -> Hunt:
    """The hunt that would show a stage of STAGES."""
    question, look, tables = _STAGE[stage]
    return Hunt(stage, say(question), say(look), tables)


def _beside(incident: Incident, say: Tongue) -> tuple[Hunt, ...]:
    rare = tuple(s for s in incident.subjects if s.type in _BESIDE_TYPES and not everybodys(s))[:3]
    if not rare:
        return ()
    glue = "、" if say.lang == "ja" else ", "
    names = glue.join(subject.value for subject in rare)
    return (Hunt("beside", say(_BESIDE[0]), say(_BESIDE[1], names=names), _BESIDE_TABLES, rare),)


def _wanted(seen: Iterable[str]) -> tuple[str, ...]:
    """First the two stages after the last seen, then the missing ones before it, the latest first."""
    met = set(seen)
    last = max((STAGES.index(stage) for stage in met), default=0)
    after = [stage for stage in STAGES[last + 1 :] if stage not in met][:2]
    before = [stage for stage in reversed(STAGES[:last]) if stage not in met]
    return (*after, *before)

"""From L3 up: published cases that share a trace with an incident, what was done next, how to see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sakimori.incidents.hunts import Hunt, of_stage
from sakimori.incidents.incident import STAGES, Incident
from sakimori.incidents.ladder_ground import Climb
from sakimori.incidents.ladder_shapes import by_technique
from sakimori.knowledge.courses import Course, Step, courses
from sakimori.knowledge.entries import Operation
from sakimori.knowledge.known import known
from sakimori.tongue import Tongue

CASES, HUNTS = 4, 5
_ASKED = "Was it done here too? In “{case}”: {step}"
_RULES = "Rules and behaviours that look for it: {rules}."
SHARES = {
    "operation": "a trace that was met is published of this very case",
    "family": "software that was met was used there",
    "cluster": "it is reported of a cluster that a trace points to",
}
SENTENCES = (_ASKED, _RULES, *SHARES.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A published case; `shares` is one of SHARES, `next` the steps after what was seen here."""

    operation: Operation
    shares: str
    course: Course | None
    next: tuple[Step, ...]


def similar(incident: Incident, climb: Climb) -> tuple[Similar, ...]:
    """Up to four cases, those that share most first; none below L3."""
    if not climb.names:
        return ()
    found = [one for operation in known().of(Operation) if (one := _compared(operation, incident, climb))]
    order = list(SHARES)
    found.sort(key=lambda one: (order.index(one.shares), one.course is None, _ago(one.operation)))
    return tuple(found[:CASES])


def _ago(operation: Operation) -> str:
    """Sorts the newer before the older."""
    return "".join(chr(0x10FFFF - ord(letter)) for letter in operation.began)


def _compared(operation: Operation, incident: Incident, climb: Climb) -> Similar | None:
    shares = _shares(operation, climb)
    if not shares:
        return None
    course = courses().get(operation.id)
    return Similar(operation=operation, shares=shares, course=course, next=_next(course, incident))


def _shares(operation: Operation, climb: Climb) -> str:
    if any(operation.id in one.operations for one in climb.seen):
        return "operation"
    if any(set(operation.families) & set(one.families) for one in climb.seen):
        return "family"
    clusters = {option.name for option in climb.options if option.kind == "cluster"} - {"lazarus"}
    return "cluster" if clusters & set(operation.clusters) else ""


def _next(course: Course | None, incident: Incident) -> tuple[Step, ...]:
    """The steps of stages after the last one seen; where none is left, those of stages not seen at all."""
    if course is None:
        return ()
    last = max((STAGES.index(stage) for stage in incident.stages), default=-1)
    after = tuple(step for step in course.steps if STAGES.index(step.stage) > last)
    return after or tuple(step for step in course.steps if step.stage not in incident.stages)


def hunts_after(cases: tuple[Similar, ...], say: Tongue) -> tuple[Hunt, ...]:
    """Up to five hunts for what was done next in these cases, each step once."""
    return tuple(_hunts(cases, say))[:HUNTS]


def _hunts(cases: tuple[Similar, ...], say: Tongue) -> Iterator[Hunt]:
    for case in cases:
        for number, step in enumerate(case.next, 1):
            stage = of_stage(step.stage, say)
            asked = say(_ASKED, case=case.operation.title.of(say.lang), step=step.of(say.lang))
            rules = by_technique(step.attack)
            told = say(_RULES, rules=", ".join(rules)) if rules else ""
            look = f"{stage.look}{'' if say.lang == 'ja' else ' '}{told}".strip()
            yield Hunt(f"{case.operation.id}-{number}", asked, look, stage.tables)

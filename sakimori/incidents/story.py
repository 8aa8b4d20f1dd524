"""An incident told in three to seven sentences, in order of time; each leads to its findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sakimori.findings import Finding, Severity, moment
from sakimori.incidents.context import home
from sakimori.incidents.incident import Incident
from sakimori.incidents.join import by_time
from sakimori.incidents.observation import points, stages
from sakimori.incidents.rank import FADING
from sakimori.incidents.title import finding_title
from sakimori.tongue import Tongue

MOST = 7


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the ids of the findings that bear it out."""

    text: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """One stage on one host: its findings by time, the strongest of them its word."""

    stage: str
    findings: tuple[Finding, ...]

    @property
    def lead(self) -> Finding:
        return min(self.findings, key=lambda f: (-points(f), by_time(f)))

    @property
    def weight(self) -> float:
        """What its detectors say together, each next one adding less."""
        best: dict[str, float] = {}
        for finding in self.findings:
            best[finding.detector] = max(best.get(finding.detector, 0.0), points(finding))
        return sum(worth * FADING**at for at, worth in enumerate(sorted(best.values(), reverse=True)))


_TELLS = {
    "way_in": "On {time} something came in on {host}: {what}.",
    "foothold": "On {time} code of unknown purpose ran on {host}: {what}.",
    "look_round": "On {time} someone looked round from {host}: {what}.",
    "tool_up": "On {time} tools, rights or credentials were gathered on {host}: {what}.",
    "hide_and_persist": "On {time} something was hidden or made to last on {host}: {what}.",
    "spread": "On {time} it moved between hosts, seen on {host}: {what}.",
    "reach_the_goal": "On {time} data or keys were reached on {host}: {what}.",
    "erase_or_destroy": "On {time} something was erased or destroyed on {host}: {what}.",
    "": "On {time} this was seen on {host}: {what}.",
}
_UNTIMED = "At an unknown time this was seen on {host}: {what}."
_AND_MORE = "{what}, and {n} other kinds of finding"
_AND_ONE = "{what}, and another kind of finding"
_REST = "{n} further findings belong to it."
_REST_ONE = "One further finding belongs to it."
_EVENTS = "In all, {n} records bear this out."
_EVENT = "One record bears this out."
_TIMELESS = "The records carry no time, so its order is unknown."
_LAST = "It was last seen on {time}; {n} hosts are linked to it."
_LAST_ALIKE = "The same was seen on {n} hosts, last on {time}; nothing else links them."
_LAST_ALONE = "It was last seen on {time}; no other host is linked to it."
SENTENCES = (
    *_TELLS.values(), _UNTIMED, _AND_MORE, _AND_ONE, _REST, _REST_ONE, _EVENTS, _EVENT, _TIMELESS, _LAST,
    _LAST_ALONE, _LAST_ALIKE,
)  # fmt: skip


def story(incident: Incident, say: Tongue) -> tuple[Sentence, ...]:
    """Three to seven sentences: the strongest steps by time, how far it went, and when it was last seen."""
    told = sorted(_chosen(_steps(incident.findings)), key=_when)
    return (*(_tell(step, say) for step in told), *_rest(incident, told, say), _extent(incident, say))


def _steps(findings: Sequence[Finding]) -> list[_Step]:
    buckets: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.severity > Severity.INFORMATIONAL:
            stage = next(iter(stages(finding)), "")
            buckets.setdefault((stage, home(finding).value), []).append(finding)
    return [_Step(stage, tuple(held)) for (stage, _), held in buckets.items()]


def _chosen(steps: Sequence[_Step]) -> Sequence[_Step]:
    """The weightiest step of each stage first, then the weightiest others."""
    ranked = sorted(steps, key=lambda step: (-step.weight, by_time(step.lead)))
    first = {step.stage: step for step in reversed(ranked)}
    return sorted(ranked, key=lambda step: step is not first[step.stage])[: MOST - 2]


def _when(step: _Step) -> tuple[object, ...]:
    return by_time(step.lead)


def _tell(step: _Step, say: Tongue) -> Sentence:
    lead = step.lead
    what = _what(step, say)
    facts = {"host": home(lead).value, "what": what}
    if lead.first_seen is None:
        return Sentence(say(_UNTIMED, **facts), _ids(step.findings))
    return Sentence(say(_TELLS[step.stage], time=when(lead.first_seen, say), **facts), _ids(step.findings))


def _what(step: _Step, say: Tongue) -> str:
    what = finding_title(step.lead, say)
    others = len({finding.detector for finding in step.findings}) - 1
    if others > 1:
        return say(_AND_MORE, what=what, n=others)
    return say(_AND_ONE, what=what) if others else what


def _rest(incident: Incident, told: Sequence[_Step], say: Tongue) -> tuple[Sentence, ...]:
    """What the told steps leave out; for a short story, how often what was found happened."""
    shown = {finding.id for step in told for finding in step.findings}
    left = [finding for finding in incident.findings if finding.id not in shown]
    events = sum(finding.count for finding in incident.findings)
    ids = _ids(left or incident.findings)
    if len(left) == 1:
        return (Sentence(say(_REST_ONE), ids),)
    if left:
        return (Sentence(say(_REST, n=len(left)), ids),)
    return (Sentence(say(_EVENT) if events == 1 else say(_EVENTS, n=events), ids),)


def _extent(incident: Incident, say: Tongue) -> Sentence:
    hosts = sorted({home(finding).value for finding in incident.findings})
    ids = _ids(incident.findings[-1:])
    if incident.last_seen is None:
        return Sentence(say(_TIMELESS), ids)
    time = when(incident.last_seen, say)
    if incident.facts.get("title_key") == "alike":
        return Sentence(say(_LAST_ALIKE, time=time, n=len(hosts)), ids)
    if len(hosts) == 1:
        return Sentence(say(_LAST_ALONE, time=time), ids)
    return Sentence(say(_LAST, time=time, n=len(hosts)), ids)


def _ids(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(finding.id for finding in findings)


def when(clock: int, say: Tongue) -> str:
    """`2026-03-03 09:12 UTC`, in Japanese `2026年3月3日 09:12 UTC`; the minute is enough for a story."""
    text = moment(clock) or ""
    if say.lang == "ja" and text:
        year, month, day = (int(part) for part in text[:10].split("-"))
        return f"{year}年{month}月{day}日 {text[11:16]} UTC"
    return f"{text[:10]} {text[11:16]} UTC" if text else str(clock)

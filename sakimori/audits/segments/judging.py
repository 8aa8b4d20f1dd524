"""Each flow held against the plan: `must_not` first, then what may, then exceptions that still hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sakimori.audits.segments.flows import Flow
from sakimori.audits.segments.plan import End, Plan, Rule

Result = Literal["allowed", "violated", "blocked", "unlabelled"]
RESULTS: tuple[Result, ...] = ("violated", "blocked", "unlabelled", "allowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A flow, its result, where its ends belong, and the rule that decided; no rule: nothing allows it."""

    flow: Flow
    result: Result
    source: tuple[str, ...]
    target: tuple[str, ...]
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All verdicts, worst first; what was allowed and never used; exceptions whose day is over."""

    verdicts: tuple[Verdict, ...]
    unused: tuple[Rule, ...]
    expired: tuple[Rule, ...]

    @property
    def counts(self) -> dict[Result, int]:
        """Connections by result; every result is there."""
        counted: Counter[Result] = Counter()
        for one in self.verdicts:
            counted[one.result] += one.flow.flows
        return {result: counted[result] for result in RESULTS}

    @property
    def holds(self) -> bool:
        """Whether nothing went through that should not."""
        return all(one.result != "violated" for one in self.verdicts)


def judge(plan: Plan, flows: Iterable[Flow], on: date) -> Report:
    """The verdicts on all flows; exceptions count as they stand on that day.

    A flow within one segment is allowed unless `must_not` names it: no wall stands there. One that is not
    allowed is blocked where none of its connections was answered, violated otherwise.
    """
    live = tuple(rule for rule in plan.exceptions if not rule.expired(on))
    granting = (*plan.may, *live)
    used: set[str] = set()
    verdicts = [_verdict(plan, granting, flow, used) for flow in flows]
    verdicts.sort(key=lambda one: (RESULTS.index(one.result), -one.flow.flows))
    return Report(
        verdicts=tuple(verdicts),
        unused=tuple(rule for rule in granting if rule.name not in used),
        expired=tuple(rule for rule in plan.exceptions if rule.expired(on)),
    )


def _verdict(plan: Plan, granting: Iterable[Rule], flow: Flow, used: set[str]) -> Verdict:
    source = plan.end(flow.source, flow.source_name)
    target = plan.end(flow.destination, flow.target_name)
    result, rule = _result(plan, granting, flow, (source, target), used)
    return Verdict(flow=flow, result=result, source=source.segments, target=target.segments, rule=rule)


def _result(
    plan: Plan, granting: Iterable[Rule], flow: Flow, ends: tuple[End, End], used: set[str]
) -> tuple[Result, str]:
    refused: Result = "violated" if flow.reached else "blocked"
    if forbidding := next((rule for rule in plan.must_not if _meant(rule, flow, ends)), None):
        return refused, forbidding.name
    granted = [rule.name for rule in granting if _meant(rule, flow, ends)]
    used.update(granted)
    if granted:
        return "allowed", granted[0]
    source, target = (set(end.segments) for end in ends)
    if not source or not target:
        return "unlabelled", ""
    return ("allowed", "") if source & target else (refused, "")


def _meant(rule: Rule, flow: Flow, ends: tuple[End, End]) -> bool:
    source, target = ends
    return source.meets(rule.source) and target.meets(rule.target) and rule.by(flow.protocol, flow.port)

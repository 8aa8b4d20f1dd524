"""What each rule could see in this evidence, and what switching a log on would let more rules see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sakimori.coverage import Blind, Coverage, LogSeen, RuleState
from sakimori.detection.sigma.engine import Engine, answers
from sakimori.detection.sigma.rule import Rule
from sakimori.records.ledger import LogTotals


def coverage(engine: Engine, logs: Mapping[str, LogTotals], events: Mapping[str, int]) -> Coverage:
    """The account of a hunt. `logs` are the logs met, `events` on how many events each rule fired."""
    met = [engine.catalogue[name] for name in logs]
    able: dict[str, int] = defaultdict(int)
    by_log: dict[str, int] = {}
    for log in met:
        rules = engine.rules_of(log)
        by_log[log.name] = len(rules)
        for rule in rules:
            able[rule.id] += logs[log.name].records
    unable = [rule for rule in engine.pack.rules if not able.get(rule.id)]
    states = [_state(rule, able.get(rule.id, 0), events.get(rule.id, 0)) for rule in engine.pack.rules]
    states += [
        RuleState(
            detector=f"sigma:{r.name}", title=r.title, level="", state="refused", events=0, reason=r.reason
        )
        for r in engine.pack.refused
    ]
    return Coverage(
        rules=len(engine.pack.rules),
        able=sum(1 for rule in engine.pack.rules if able.get(rule.id)),
        spoke=sum(1 for rule in engine.pack.rules if events.get(rule.id)),
        refused=len(engine.pack.refused),
        logs=tuple(
            LogSeen(
                log=log.name, title=log.title, records=logs[log.name].records,
                first_seen=logs[log.name].first_seen, last_seen=logs[log.name].last_seen,
                hosts=logs[log.name].hosts, rules=by_log[log.name],
            )
            for log in met
        ),
        blind=_blind(engine, unable, {log.product for log in met}),
        states=tuple(sorted(states, key=lambda s: (s.detector, s.title))),
    )  # fmt: skip


def _state(rule: Rule, records: int, events: int) -> RuleState:
    if events:
        state, reason = "spoke", f"it held on {events:,} events"
    elif records:
        state, reason = "silent", f"none of the {records:,} records of its logs met its condition"
    else:
        state, reason = "blind", f"no log of the kind {rule.logsource} was in the evidence"
    return RuleState(
        detector=f"sigma:{rule.id}", title=rule.title, level=rule.level, state=state, events=events,
        reason=reason, techniques=rule.techniques,
    )  # fmt: skip


def _blind(engine: Engine, rules: list[Rule], here: set[str | None]) -> tuple[Blind, ...]:
    groups: dict[tuple[str | None, str | None, str | None], list[Rule]] = defaultdict(list)
    for rule in rules:
        groups[(rule.product, rule.category, rule.service)].append(rule)
    order = sorted(groups, key=lambda s: (s[0] not in here, -len(groups[s]), groups[s][0].logsource))
    found = [
        Blind(
            logsource=groups[source][0].logsource,
            rules=len(groups[source]),
            logs=tuple(sorted(log.title for log in engine.catalogue.logs.values() if answers(log, *source))),
        )
        for source in order
    ]
    return tuple(found)

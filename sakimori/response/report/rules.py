"""Rules by what became of them: spoke, silent, blind, refused; long lists are cut and say so."""

from __future__ import annotations

from dataclasses import dataclass

from sakimori.coverage import Coverage, RuleState

SHOWN = 400
STATES = ("spoke", "silent", "blind", "refused")


@dataclass(frozen=True, slots=True)
class RuleList:
    """Rules of one state, the loudest or the most severe first."""

    state: str
    rules: tuple[RuleState, ...]
    left_out: int
    total: int


_LEVELS = ("critical", "high", "medium", "low", "informational")


def rule_lists(coverage: Coverage) -> tuple[RuleList, ...]:
    """One list for each state, also where it is empty."""
    return tuple(_list(state, coverage) for state in STATES)


def _list(state: str, coverage: Coverage) -> RuleList:
    total = sum(one.state == state for one in coverage.states)
    return RuleList(state, shown(coverage, state), max(0, total - SHOWN), total)


def shown(coverage: Coverage, state: str) -> tuple[RuleState, ...]:
    """The rules of a state that the report lists."""
    return tuple(sorted((one for one in coverage.states if one.state == state), key=_weight)[:SHOWN])


def _weight(rule: RuleState) -> tuple[object, ...]:
    level = _LEVELS.index(rule.level) if rule.level in _LEVELS else len(_LEVELS)
    return (level, -rule.events, rule.title, rule.detector)

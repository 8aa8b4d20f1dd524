"""ATT&CK coverage as a heat map of three states: seen, could have been seen, blind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sakimori.coverage import Coverage, RuleState
from sakimori.knowledge.stages import attack
from sakimori.response.words import TACTICS

SEEN, COULD, BLIND = "seen", "could", "blind"


@dataclass(frozen=True, slots=True)
class Cell:
    """A technique with its sub-techniques: its state, and how many rules spoke, were silent, were blind."""

    technique: str
    state: str
    spoke: int
    silent: int
    blind: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Cells by tactic, in ATT&CK's order; a technique of several tactics stands under each."""

    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    totals: dict[str, int]


def heat_map(coverage: Coverage) -> HeatMap:
    """The map of all techniques that loaded rules name."""
    rules: dict[str, list[RuleState]] = defaultdict(list)
    for state in coverage.states:
        for technique in sorted({t.partition(".")[0].upper() for t in state.techniques}):
            rules[technique].append(state)
    cells = [_cell(technique, states) for technique, states in sorted(rules.items())]
    rows: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        for tactic in attack().aims(cell.technique) or ("other",):
            rows[tactic if tactic in TACTICS else "other"].append(cell)
    totals = {state: sum(cell.state == state for cell in cells) for state in (SEEN, COULD, BLIND)}
    return HeatMap(tuple((tactic, tuple(rows[tactic])) for tactic in TACTICS if tactic in rows), totals)


def _cell(technique: str, states: list[RuleState]) -> Cell:
    spoke, silent = _count(states, "spoke"), _count(states, "silent")
    blind = len(states) - spoke - silent
    return Cell(technique, SEEN if spoke else COULD if silent else BLIND, spoke, silent, blind)


def _count(states: list[RuleState], state: str) -> int:
    return sum(one.state == state for one in states)

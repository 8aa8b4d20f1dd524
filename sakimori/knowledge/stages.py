"""Technique and tactic to observable stage: the attack chain as a victim sees it.

The tables are data with their sources: `attack.csv` (ids of MITRE ATT&CK) and `stages.toml` (our choices).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Attack:
    """Technique ids with their tactics, and the newer id of those that were replaced."""

    tactics: Mapping[str, tuple[str, ...]]
    replaced_by: Mapping[str, str]

    def current(self, technique: str) -> str:
        """The newest id we know: `T1685.005` for `T1070.001`, itself where none replaced it."""
        return self.replaced_by.get(technique, technique)

    def aims(self, technique: str) -> tuple[str, ...]:
        """The tactics a technique serves; its parent's where the sub-technique is unknown; else none."""
        return self.tactics.get(technique) or self.tactics.get(technique.partition(".")[0], ())


@dataclass(frozen=True, slots=True)
class StageMap:
    """Tactic to stage, technique to stage where the tactic would mislead, and which stage wins."""

    order: tuple[str, ...]
    telling: tuple[str, ...]
    alone: frozenset[str]
    tactics: Mapping[str, str]
    techniques: Mapping[str, str]
    version: str
    source: str


@cache
def attack() -> Attack:
    """The ATT&CK table that ships with Sakimori."""
    tactics: dict[str, tuple[str, ...]] = {}
    replaced: dict[str, str] = {}
    for technique, aims, newer in _rows(
        files("sakimori.knowledge").joinpath("attack.csv").read_text("utf-8")
    ):
        tactics[technique] = tuple(aims.split())
        if newer:
            replaced[technique] = newer
    return Attack(tactics, replaced)


def _rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line.split(",") for line in lines[1:]]


@cache
def stage_map() -> StageMap:
    """Our reading of tactics as stages."""
    data = tomllib.loads(files("sakimori.knowledge").joinpath("stages.toml").read_text("utf-8"))
    return StageMap(
        order=tuple(data["order"]),
        telling=tuple(data["telling"]),
        alone=frozenset(data["alone"]),
        tactics=data["tactics"],
        techniques=data["techniques"],
        version=data["attack"],
        source=data["source"],
    )


def stages_of(techniques: Iterable[str], tactics: Iterable[str] = ()) -> tuple[str, ...]:
    """The stages that techniques speak of, the most telling first, each once.

    `tactics` are those the rule's author names (`defense_evasion` or `defense-evasion`): they decide
    where a technique serves several, and speak alone where no technique is known.
    """
    named = frozenset(tactic.strip().replace("_", "-").lower() for tactic in tactics)
    found = {stage for technique in techniques if (stage := _stage(technique.upper(), named))}
    if not found:
        return _of_tactics(named)
    found |= {stage_map().tactics[tactic] for tactic in named & stage_map().alone}
    return tuple(stage for stage in stage_map().telling if stage in found)


@cache
def _stage(technique: str, named: frozenset[str]) -> str | None:
    own = stage_map().techniques.get(technique) or stage_map().techniques.get(technique.partition(".")[0])
    if own:
        return own
    aims = frozenset(attack().aims(technique))
    return next(iter(_of_tactics(aims & named or aims)), None)


def _of_tactics(tactics: Iterable[str]) -> tuple[str, ...]:
    known = {stage_map().tactics[tactic] for tactic in tactics if tactic in stage_map().tactics}
    return tuple(stage for stage in stage_map().order if stage in known)

"""ATT&CK coverage of a case as a layer for the Navigator, with the version its ids belong to.

https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from sakimori.knowledge.stages import stage_map
from sakimori.response.case import Case
from sakimori.response.contract import document
from sakimori.response.folder import write_file

FILE = "navigator.json"
# Read without colours too: seen has a score, the other two say in words what they are.
_COLOURS = {"seen": "#b3261e", "could have been seen": "#c9d7e8", "blind": "#e6e6e6"}


def write_navigator(case: Case, folder: Path) -> Path:
    """Path of `navigator.json` in the case folder."""
    return write_file(folder, FILE, [document(layer(case))])


def layer(case: Case) -> dict[str, Any]:
    """The layer: every technique our detectors speak of, seen, could have been seen, or blind."""
    seen = Counter(technique for finding in case.findings for technique in finding.techniques)
    states = {technique: "blind" for state in case.coverage.states for technique in state.techniques}
    for state in case.coverage.states:
        if state.state in ("silent", "spoke"):
            states.update(dict.fromkeys(state.techniques, "could have been seen"))
    states.update(dict.fromkeys(seen, "seen"))
    return {
        "name": "Sakimori: what was seen",
        "versions": {"attack": _major(stage_map().version), "navigator": "5.1.0", "layer": "4.5"},
        "domain": "enterprise-attack",
        "description": "Seen: findings name it. Could have been seen: a detector looked. Blind: no log.",
        "techniques": [_technique(name, states[name], seen[name]) for name in sorted(states)],
        "gradient": {"colors": ["#f6dedc", "#b3261e"], "minValue": 1, "maxValue": max((1, *seen.values()))},
        "legendItems": [{"label": state, "color": colour} for state, colour in _COLOURS.items()],
    }


def _technique(name: str, state: str, findings: int) -> dict[str, Any]:
    found: dict[str, Any] = {"techniqueID": name, "comment": state, "enabled": True}
    return {**found, "score": findings} if findings else {**found, "color": _COLOURS[state]}


def _major(version: str) -> str:
    """The Navigator names ATT&CK by its first number."""
    return version.lstrip("v").partition(".")[0]

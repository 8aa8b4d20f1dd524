"""Acts, the words of habits, twins and intrusions: each entry of data compiles to a function of a scene.

Every entry has `do`, and is passed over while a process it speaks of (`by`, `target`, `parent`) does not run.
It may have `when` (chance), `repeat` ([low, high]) and `wait` (seconds before it, at most).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakimori.errors import CatalogueError
from sakimori.scenario.acts_accounts import ACCOUNT_ACTS
from sakimori.scenario.acts_processes import PROCESS_ACTS
from sakimori.scenario.scene import MICROS, Act, Scene
from sakimori.scenario.slots import Bound, Words, template

MAKERS = {**PROCESS_ACTS, **ACCOUNT_ACTS}


def acts(steps: list[dict[str, Any]], bound: Bound = None) -> tuple[Act, ...]:
    """The acts of a list of data entries; `bound` fixes words of their templates.

    Raises CatalogueError for an act or a slot that does not exist.
    """
    return tuple(_timed(step, _act(step, bound)) for step in steps)


def _act(step: dict[str, Any], bound: Bound) -> Act:
    maker = MAKERS.get(step["do"])
    if maker is None:
        raise CatalogueError(f"scenario data: no act is called {step['do']!r}")
    return maker(_words(step, bound), step)


def _words(step: Mapping[str, Any], bound: Bound) -> Words:
    words: dict[str, Any] = {}
    for key, value in step.items():
        if isinstance(value, str):
            words[key] = template(value, bound)
        elif isinstance(value, list) and value and isinstance(value[0], str):
            words[key] = tuple(template(text, bound) for text in value)
    return words


def _timed(step: Mapping[str, Any], act: Act) -> Act:
    chance, wait = float(step.get("when", 1)), float(step.get("wait", 0.4)) * MICROS
    low, high = step.get("repeat", (1, 1))
    needed = tuple(step[key] for key in ("by", "target", "parent") if key in step)
    needed += ("explorer",) if step["do"] == "start" and "parent" not in step else ()

    def run(scene: Scene) -> None:
        rng = scene.rng
        if (chance < 1 and rng.random() >= chance) or any(scene.process(name) is None for name in needed):
            return
        for _ in range(low if low == high else low + int(rng.random() * (high - low + 1))):
            scene.t += int(rng.random() * wait) + 1000
            act(scene)

    return run

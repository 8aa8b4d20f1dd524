"""Templates such as `C:\\Users\\{user}\\Documents\\{doc}`, compiled once and filled many times."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sakimori.errors import CatalogueError
from sakimori.scenario.data import words

if TYPE_CHECKING:
    from sakimori.scenario.scene import Scene

Fill = Callable[["Scene"], str]
Bound = Mapping[str, str] | None
Words = Mapping[str, Any]  # a filler, or a tuple of fillers, under each key of a data entry
_SLOT = re.compile(r"\{\{|\}\}|\{(\w+)\}")


def _hex(digits: int) -> Fill:
    size = 16**digits
    return lambda scene: f"{int(scene.rng.random() * size):0{digits}x}"


def _number(digits: int) -> Fill:
    low = 10 ** (digits - 1)
    span = 9 * low
    return lambda scene: str(low + int(scene.rng.random() * span))


def _tail(group: str, spread: int) -> Fill:
    """A word, most often one of the first, with a number that is often small."""
    many = words(group)

    def fill(scene: Scene) -> str:
        draw = scene.rng.random()
        return f"{many[int(draw * draw * len(many))]}-{int(scene.rng.random() ** 3 * spread)}"

    return fill


def _word(group: str) -> Fill:
    many = words(group)
    return lambda scene: many[int(scene.rng.random() ** 1.6 * len(many))]


_FILLS: dict[str, Fill] = {
    "user": lambda scene: scene.session.account.name,
    "home": lambda scene: f"C:\\Users\\{scene.session.account.name}",
    "host": lambda scene: scene.host.name,
    "sid": lambda scene: scene.session.account.sid,
    "lsass": lambda scene: str(scene.actor("lsass").pid),
    "hex4": _hex(4),
    "hex8": _hex(8),
    "hex16": _hex(16),
    **{f"n{digits}": _number(digits) for digits in range(1, 7)},
    "doc": _tail("subjects", 60),
    "repo": _word("repositories"),
    "pkg": _word("packages"),
    "branch": _tail("branches", 300),
    "server": lambda scene: scene.any_server().name,
    "seat": lambda scene: scene.any_seat().name,
}


def template(text: str, bound: Bound = None) -> Fill:
    """The filler of a template; doubled braces stand for braces. `bound` gives some slots fixed words.

    Raises CatalogueError for a slot that nothing fills.
    """
    plain, slots, at = [""], list[str](), 0
    for found in _SLOT.finditer(text):
        plain[-1] += text[at : found.start()]
        at, slot = found.end(), found[1]
        if slot is None or slot in (bound or {}):
            plain[-1] += found[0][0] if slot is None else (bound or {})[slot]
        elif slot in _FILLS:
            slots.append(slot)
            plain.append("")
        else:
            raise CatalogueError(f"scenario template {text!r}: nothing fills the slot {{{slot}}}")
    plain[-1] += text[at:]
    return _filled(plain, tuple(_FILLS[slot] for slot in slots))


def _filled(plain: list[str], fills: tuple[Fill, ...]) -> Fill:
    if not fills:
        only = plain[0]
        return lambda scene: only
    pattern = "%s".join(part.replace("%", "%%") for part in plain)
    if len(fills) == 1:
        first = fills[0]
        return lambda scene: pattern % first(scene)
    return lambda scene: pattern % tuple([fill(scene) for fill in fills])


def choice(entry: Words, key: str, default: str = "") -> Fill:
    """The filler under a key; a list of templates means one of them, the first ones more often."""
    value: Fill | tuple[Fill, ...] | None = entry.get(key)
    if value is None:
        return lambda scene: default
    if isinstance(value, tuple):
        many = value
        return lambda scene: many[int(scene.rng.random() ** 1.5 * len(many))](scene)
    return value

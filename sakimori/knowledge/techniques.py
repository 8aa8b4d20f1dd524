"""ATT&CK techniques by id, with the version an id belongs to and the id that replaced it.

Version 19 split and renumbered what 18.1 still has; older ids live on in rules and reports. Every id is
therefore answered with its version: `T1574.002` was replaced before 18.1, `T1070.001` by 19.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sakimori.knowledge.stages import attack

OLDER, NEWER = "18.1", "19"
_ID = re.compile(r"T\d{4}(\.\d{3})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    """One id. `current` is the id to use today; `name` is that of the id, or of its forerunner."""

    id: str
    name: str
    japanese: str
    version: str
    tactics: tuple[str, ...]
    current: str
    replaced_in: str
    forerunners: tuple[str, ...]


def looks_like_technique(text: str) -> bool:
    """Whether it is written like a technique's id."""
    return _ID.fullmatch(text.strip()) is not None


def technique(text: str) -> Technique | None:
    """The technique of this id in any version we know; None where no version has it."""
    id_ = text.strip().upper()
    before = tuple(sorted(old for old in _replaced() if _last(old) == id_))
    named = _names().get(id_) or next((_names()[old] for old in before if old in _names()), None)
    if named is None and id_ not in _replaced() and not attack().tactics.get(id_):
        return None
    name, japanese = named or _names().get(_last(id_), ("", ""))
    current = _last(id_)
    return Technique(
        id=id_,
        name=name,
        japanese=japanese,
        version=_version(id_),
        tactics=attack().aims(id_) or attack().aims(current),
        current=current,
        replaced_in=_replaced()[id_][1] if id_ in _replaced() else "",
        forerunners=before,
    )


def translated(versioned: str, to: str) -> str:
    """An id with its version as the other version writes it: `T1070.001@18.1` to 19 is `T1685.005@19`.

    An id that the other version does not change keeps its number; going back, the first forerunner is taken.
    """
    id_, _, version = versioned.partition("@")
    if version == to:
        return versioned
    if to == NEWER:
        return f"{_last(id_)}@{to}"
    old = next((old for old in sorted(_replaced()) if _replaced()[old] == (id_, NEWER)), id_)
    return f"{old}@{to}"


def _version(id_: str) -> str:
    if id_ in _names():
        return OLDER
    return (
        NEWER if any(new == id_ for new, _ in _replaced().values()) and id_ not in _replaced() else "earlier"
    )


def _last(id_: str) -> str:
    """The end of a chain of replacements; ids are replaced at most a few times."""
    for _ in range(5):
        if id_ not in _replaced():
            break
        id_ = _replaced()[id_][0]
    return id_


@cache
def _names() -> Mapping[str, tuple[str, str]]:
    return {id_: (name, japanese) for id_, name, japanese in _rows("attack_names.csv")}


@cache
def _replaced() -> Mapping[str, tuple[str, str]]:
    return {old: (new, version) for old, new, version in _rows("attack_replaced.csv")}


def _rows(file: str) -> list[list[str]]:
    text = files("sakimori.knowledge").joinpath(file).read_text("utf-8")
    return list(csv.reader(line for line in text.splitlines() if line and not line.startswith("#")))[1:]

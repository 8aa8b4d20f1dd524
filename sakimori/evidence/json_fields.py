"""Structs that pick single fields out of JSON objects, built from the paths of the fields wanted."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import msgspec

from sakimori.records.encoding import Cell


class Fields:
    """The fields wanted of an object; each has an attribute of its own, whatever its name.

    A level that is missing reads as one without fields; one that is null or no object makes decoding fail.
    """

    def __init__(self) -> None:
        self._leaves: dict[str, str] = {}
        self._levels: dict[str, tuple[str, Fields]] = {}

    def get(self, *path: str) -> Callable[[Any], Any]:
        """A getter for the field at this path, None where it is missing."""
        attribute = self.attribute(*path)
        return attrgetter(attribute) if "." in attribute else Cell(attribute, int(attribute[1:]))

    def attribute(self, *path: str) -> str:
        """The dotted attribute for the field at this path."""
        name, *rest = path
        if not rest:
            return self._leaves.setdefault(name, f"f{len(self._leaves)}")
        attribute, level = self._levels.setdefault(name, (f"g{len(self._levels)}", Fields()))
        return f"{attribute}.{level.attribute(*rest)}"

    def struct(self) -> type[msgspec.Struct]:
        """The struct with all fields asked for until now."""
        members: list[Any] = [(attribute, Any, None) for attribute in self._leaves.values()]
        rename = {attribute: name for name, attribute in self._leaves.items()}
        for name, (attribute, level) in self._levels.items():
            kind = level.struct()
            members.append((attribute, kind, msgspec.field(default_factory=kind)))
            rename[attribute] = name
        return msgspec.defstruct("Fields", members, rename=rename, gc=False)

"""Nested records as rows: dotted names, lists of named values as names of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_DEEPEST = 8
# How products write a list of named values: {"Name": ..., "Value": ...}, {"name": ..., "intValue": ...}.
_NAMES = ("name", "Name", "key", "Key")
_VALUES = (
    "value",
    "Value",
    "intValue",
    "boolValue",
    "multiValue",
    "multiIntValue",
    "NewValue",
    "newValue",
    "ValueString",
)


def flat(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """The record with nested objects under dotted names: `{"user": {"name": "x"}}` has `user.name`.

    A list stays as it is. A list of objects is told in further fields: `{"target": [{"id": 1}, {"id": 2}]}`
    has `target.id` = [1, 2], and `{"Parameters": [{"Name": "Who", "Value": "x"}]}` has `Parameters.Who`. Where
    objects say what changed, both: `{"changed": [{"displayName": "Who", "newValue": "x"}]}` has `changed.Who` too.
    """
    found: dict[str, Any] = {}
    for key, inner in value.items():
        name = prefix + key
        if isinstance(inner, dict) and depth < _DEEPEST:
            found.update(flat(inner, f"{name}.", depth + 1))
            continue
        found[name] = None if inner == "" else inner
        if isinstance(inner, list) and inner and isinstance(inner[0], dict) and depth < _DEEPEST:
            found.update(_listed(inner, name, depth))
    return found


def _listed(values: Sequence[Any], name: str, depth: int) -> dict[str, Any]:
    objects = [value for value in values if isinstance(value, dict)]
    pairs = [_pair(value) for value in objects]
    if all(pair is not None for pair in pairs):
        return {f"{name}.{pair[0]}": pair[1] for pair in pairs if pair is not None}
    gathered: dict[str, list[Any]] = {}
    for value in objects:
        for key, inner in flat(value, f"{name}.", depth + 1).items():
            gathered.setdefault(key, []).extend(inner if isinstance(inner, list) else [inner])
    whole = {key: inner if len(inner) > 1 else inner[0] for key, inner in gathered.items() if inner}
    return {f"{name}.{key}": inner for key, inner in _changes(objects)} | whole


def _changes(objects: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """What Entra's `modifiedProperties` say of each property: its new value."""
    for value in objects:
        if isinstance(value.get("displayName"), str) and "newValue" in value:
            yield value["displayName"], value["newValue"]


def _pair(value: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The name and the value of a named value; None where the object is something else."""
    name = next((value[key] for key in _NAMES if key in value), None)
    held = next((value[key] for key in _VALUES if key in value), None)
    told = any(key in value for key in _VALUES)
    return (name, None if held == "" else held) if isinstance(name, str) and told else None

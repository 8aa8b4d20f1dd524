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


def flat(value: Mapping[str, Any]) -> dict[str, Any]:
    """The record with nested objects under dotted names: `{"user": {"name": "x"}}` has `user.name`.

    A list stays as it is. A list of objects is told in further fields: `{"target": [{"id": 1}, {"id": 2}]}`
    has `target.id` = [1, 2], and `{"Parameters": [{"Name": "Who", "Value": "x"}]}` has `Parameters.Who`.
    Where objects say what changed, both: `{"changed": [{"displayName": "Who", "newValue": "x"}]}` has
    `changed.Who` too.
    """
    found: dict[str, Any] = {}
    _fill(found, value, "", 0)
    return found


def _fill(found: dict[str, Any], value: Mapping[str, Any], prefix: str, depth: int) -> None:
    # The innermost loop of every described log: exact types are what JSON gives, and the fastest question.
    for key, inner in value.items():
        kind = type(inner)
        if kind is str:
            found[prefix + key] = inner or None
        elif kind is dict and depth < _DEEPEST:
            _fill(found, inner, f"{prefix}{key}.", depth + 1)
        else:
            found[prefix + key] = inner
            if kind is list and inner and type(inner[0]) is dict and depth < _DEEPEST:
                _tell(found, inner, prefix + key, depth)


def _tell(found: dict[str, Any], values: Sequence[Any], name: str, depth: int) -> None:
    """The further fields of a list of objects."""
    objects = [value for value in values if type(value) is dict]
    pairs = _pairs(objects)
    if pairs is not None:
        found.update((f"{name}.{key}", held) for key, held in pairs)
        return
    found.update((f"{name}.{key}", held) for key, held in _changes(objects))
    gathered: dict[str, list[Any]] = {}
    for value in objects:
        one: dict[str, Any] = {}
        _fill(one, value, f"{name}.", depth + 1)
        for key, inner in one.items():
            gathered.setdefault(key, []).extend(inner if type(inner) is list else (inner,))
    found.update((key, inner if len(inner) > 1 else inner[0]) for key, inner in gathered.items() if inner)


def _changes(objects: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    """What Entra's `modifiedProperties` say of each property: its new value."""
    for value in objects:
        if isinstance(value.get("displayName"), str) and "newValue" in value:
            yield value["displayName"], value["newValue"]


def _pairs(objects: Sequence[Mapping[str, Any]]) -> list[tuple[str, Any]] | None:
    """Names and values of named values; None where one of the objects is something else."""
    pairs: list[tuple[str, Any]] = []
    for value in objects:
        pair = _pair(value)
        if pair is None:
            return None
        pairs.append(pair)
    return pairs


def _pair(value: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The name and the value of a named value; None where the object is something else."""
    name = next((value[key] for key in _NAMES if key in value), None)
    if not isinstance(name, str):
        return None
    for key in _VALUES:
        if key in value:
            return name, None if value[key] == "" else value[key]
    return None


def camelled(value: Any) -> Any:
    """The value with the names of its objects begun small: `IPAddress` is `ipAddress`, `Id` is `id`."""
    if isinstance(value, Mapping):
        return {_camel(key): camelled(inner) for key, inner in value.items()}
    return [camelled(one) for one in value] if isinstance(value, list) else value


def _camel(name: str) -> str:
    capitals = next((at for at, letter in enumerate(name) if not letter.isupper()), len(name))
    # Of several capitals the last begins the next word.
    small = capitals if capitals in (0, 1, len(name)) else capitals - 1
    return name[:small].lower() + name[small:]

"""Correlations as JSON-able values, for packs that are kept compiled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakimori.detection.sigma.correlation.correlation import Bound, Correlation
from sakimori.detection.sigma.rule import tree_from_json, tree_to_json

_LISTS = ("rules", "tags", "group_by", "fields", "references", "falsepositives")


def to_json(one: Correlation) -> dict[str, Any]:
    """The correlation as JSON-able values; `from_json` gives it back."""
    plain = {name: getattr(one, name) for name in Correlation.__dataclass_fields__}
    expression = None if one.expression is None else tree_to_json(one.expression)
    bounds = [[bound.op, bound.number] for bound in one.bounds]
    return {
        **plain,
        "aliases": dict(one.aliases),
        "ja": dict(one.ja),
        "bounds": bounds,
        "expression": expression,
    }


def from_json(data: Mapping[str, Any]) -> Correlation:
    """The correlation that `to_json` wrote."""
    lists = {name: tuple(data[name]) for name in _LISTS}
    expression = None if data["expression"] is None else tree_from_json(data["expression"])
    bounds = tuple(Bound(op, number) for op, number in data["bounds"])
    return Correlation(**{**data, **lists, "bounds": bounds, "expression": expression})

"""Sigma filters: one condition added to many rules.

https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-filters-specification.md
Its condition is joined to the rule's by `and`, as pySigma does: what is not wanted stands behind `not`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sakimori.detection.sigma.kernel.tree import Tree, all_of
from sakimori.detection.sigma.parse import parse
from sakimori.detection.sigma.rule import Rule
from sakimori.errors import RuleError

_KEYS = frozenset({"rules", "condition"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A condition for the rules it names (ids or names; none means all) within its log source."""

    id: str
    title: str
    rules: tuple[str, ...]
    product: str | None
    category: str | None
    service: str | None
    tree: Tree

    def reaches(self, rule: Rule) -> bool:
        """Whether the rule is one that it names and speaks of the same log."""
        named = not self.rules or rule.id in self.rules or (rule.name and rule.name in self.rules)
        parts = ((self.product, rule.product), (self.category, rule.category), (self.service, rule.service))
        return bool(named) and all(wanted is None or wanted == theirs for wanted, theirs in parts)


def parse_filter(data: Mapping[str, Any], file: str = "") -> Filter:
    """The filter a document describes. Raises RuleError with the reason where it cannot be honoured."""
    section = data.get("filter")
    if not isinstance(section, Mapping):
        raise RuleError("the filter is no mapping")
    selections = {name: value for name, value in section.items() if name not in _KEYS}
    detection = {**selections, "condition": section.get("condition")}
    plain = {key: value for key, value in data.items() if key != "filter"}
    rule = parse({"title": "filter", **plain, "detection": detection}, file)
    return Filter(
        id=rule.id, title=rule.title, rules=_named(section.get("rules")), product=rule.product,
        category=rule.category, service=rule.service, tree=rule.tree,
    )  # fmt: skip


def _named(value: Any) -> tuple[str, ...]:
    if value is None:
        raise RuleError("the filter names no rules: list them, or write `rules: any`")
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise RuleError("the filter's rules are neither `any` nor a list of ids and names")
    return () if [one.lower() for one in found] in ([], ["any"]) else tuple(found)


def filtered(rules: Iterable[Rule], filters: Sequence[Filter]) -> tuple[Rule, ...]:
    """The rules, each with the conditions of the filters that reach it."""
    return tuple(_narrowed(rule, [f for f in filters if f.reaches(rule)]) for rule in rules)


def _narrowed(rule: Rule, filters: Sequence[Filter]) -> Rule:
    if not filters:
        return rule
    return replace(rule, tree=all_of((rule.tree, *(one.tree for one in filters))))


def unmet(one: Filter, rules: Iterable[Rule]) -> str | None:
    """Why a filter changes less than it says: it names rules that are not here. None where all is well."""
    known = {name for rule in rules for name in (rule.id, rule.name) if name}
    missing = [name for name in one.rules if name not in known]
    return f"it names {', '.join(missing)}, which is no rule that was read" if missing else None

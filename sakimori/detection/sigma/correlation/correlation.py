"""A correlation as the engine keeps it, and its condition as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from sakimori.detection.sigma.kernel.tree import And, Atom, Not, Or, Tree

COUNTING = frozenset(
    {"event_count", "value_count", "value_sum", "value_avg", "value_percentile", "value_median"}
)
TEMPORAL = frozenset({"temporal", "temporal_ordered"})
VALUED = COUNTING - {"event_count"}
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "gt": gt, "gte": ge, "lt": lt, "lte": le, "eq": eq, "neq": ne,
}  # fmt: skip
OPERATORS = frozenset(_COMPARE)
_RISING = frozenset({"gt", "gte"})


@dataclass(frozen=True, slots=True)
class Bound:
    """One comparison of a condition: `gte`, 5."""

    op: str
    number: float | int

    @property
    def exact(self) -> Decimal:
        """The number as it was written: 0.3 is three tenths."""
        return Decimal(str(self.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """One correlation. `rules` are ids of rules or correlations, in the order that is written.

    `aliases` maps an alias to {rule id: field}. `timespan` is microseconds. `expression` is a condition over
    rules (SEP 198): a tree whose atoms' fields are rule ids. `level` is empty where the author gave none.
    """

    id: str
    title: str
    type: str
    rules: tuple[str, ...]
    timespan: int
    name: str = ""
    level: str = ""
    tags: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    bounds: tuple[Bound, ...] = ()
    fields: tuple[str, ...] = ()
    percentile: int | None = None
    expression: Tree | None = None
    generate: bool = False
    status: str = ""
    author: str = ""
    license: str = ""
    description: str = ""
    references: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    file: str = ""
    ja: Mapping[str, str] = field(default_factory=dict)

    def holds(self, number: int | Decimal) -> bool:
        """Whether a count, sum or other figure satisfies every comparison of the condition."""
        return all(_COMPARE[bound.op](number, bound.exact) for bound in self.bounds)

    @property
    def rising(self) -> bool:
        """Whether a larger figure can never satisfy it less: then it can be told before its window ends."""
        return all(bound.op in _RISING for bound in self.bounds)

    def field_of(self, name: str, rule: str) -> str:
        """The event's own name of a field or alias, in events of a rule."""
        return self.aliases.get(name, {}).get(rule, name)

    def asked(self, rule: str) -> tuple[str, ...]:
        """The fields that events of a rule must bring."""
        return tuple(dict.fromkeys(self.field_of(name, rule) for name in (*self.group_by, *self.fields)))


def satisfied(tree: Tree, seen: frozenset[str]) -> bool:
    """Whether an expression over rules holds where just these were seen."""
    if isinstance(tree, Atom):
        return tree.field in seen
    if isinstance(tree, Not):
        return not satisfied(tree.arg, seen)
    if isinstance(tree, And):
        return all(satisfied(arg, seen) for arg in tree.args)
    return any(satisfied(arg, seen) for arg in tree.args) if isinstance(tree, Or) else False


def negated(tree: Tree, under: bool = False) -> frozenset[str]:
    """The rules of whose absence an expression speaks."""
    if isinstance(tree, Atom):
        return frozenset({tree.field} if under else ())
    if isinstance(tree, Not):
        return negated(tree.arg, not under)
    args = tree.args if isinstance(tree, And | Or) else ()
    return frozenset().union(*(negated(arg, under) for arg in args))

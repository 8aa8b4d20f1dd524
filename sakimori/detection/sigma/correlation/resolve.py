"""Names become ids: which rules each correlation listens to, and what those must bring along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sakimori.detection.sigma.correlation.correlation import Correlation
from sakimori.detection.sigma.kernel.tree import And, Atom, Not, Or, Tree, all_of, any_of, negation
from sakimori.records.manifest import Refused


@dataclass(frozen=True, slots=True)
class Resolved:
    """Correlations with ids; what was refused; fields asked of each rule; rules that stay quiet.

    A correlation stands behind those it listens to; otherwise they are sorted by id.
    A quiet rule only serves correlations: its author did not ask for findings of its own (`generate`).
    """

    correlations: tuple[Correlation, ...]
    refused: tuple[Refused, ...]
    asked: Mapping[str, tuple[str, ...]]
    quiet: frozenset[str]


def resolve(correlations: Iterable[Correlation], known: Mapping[str, str]) -> Resolved:
    """`known` maps names and ids of rules to ids. Correlations may name each other, but not in a circle."""
    given = sorted(correlations, key=lambda one: one.id)
    ids = {name: one.id for one in given for name in (one.id, one.name) if name}
    names = {**ids, **known}
    waiting = {one.id: _with_ids(one, names) for one in given}
    kept: dict[str, Correlation] = {}
    fine = set(known.values())
    while ready := [one for one in waiting.values() if set(one.rules) <= fine]:
        for one in ready:
            kept[one.id] = waiting.pop(one.id)
            fine.add(one.id)
    refused = [_refused(one, names, fine) for one in waiting.values()]
    listened = {rule: one for one in kept.values() for rule in one.rules}
    quiet = frozenset(r for r in listened if not any(r in o.rules and o.generate for o in kept.values()))
    asked = {rule: tuple(dict.fromkeys(_asked(kept.values(), rule))) for rule in sorted(listened)}
    return Resolved(tuple(kept.values()), tuple(refused), asked, quiet)


def _asked(correlations: Iterable[Correlation], rule: str) -> Iterator[str]:
    for one in correlations:
        if rule in one.rules:
            yield from one.asked(rule)


def _with_ids(one: Correlation, names: Mapping[str, str]) -> Correlation:
    aliases = {
        alias: {names.get(rule, rule): field for rule, field in mapping.items()}
        for alias, mapping in one.aliases.items()
    }
    expression = None if one.expression is None else _renamed(one.expression, names)
    rules = tuple(names.get(rule, rule) for rule in one.rules)
    return replace(one, rules=rules, aliases=aliases, expression=expression)


def _renamed(tree: Tree, names: Mapping[str, str]) -> Tree:
    if isinstance(tree, Atom):
        return Atom(names.get(tree.field, tree.field), tree.op, tree.value)
    if isinstance(tree, Not):
        return negation(_renamed(tree.arg, names))
    if isinstance(tree, And | Or):
        return (all_of if isinstance(tree, And) else any_of)(_renamed(arg, names) for arg in tree.args)
    return tree


def _refused(one: Correlation, names: Mapping[str, str], fine: set[str]) -> Refused:
    absent = [rule for rule in one.rules if rule not in fine]
    unknown = [rule for rule in absent if rule not in names.values()]
    reason = (
        f"it listens to {', '.join(unknown)}, which is no rule that was read"
        if unknown
        else f"it listens to {', '.join(absent)}, which was refused or listens to it in turn"
    )
    return Refused(name=one.id, title=one.title, reason=reason)

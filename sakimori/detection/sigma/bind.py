"""Rules meet a log: Sigma's field names become its columns, what is known beforehand is folded away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sakimori.detection.sigma.kernel import Atom, Field, KernelPlan, PlannedRule, Tree
from sakimori.detection.sigma.kernel.tree import (
    ALWAYS,
    KEYWORD,
    NEVER,
    all_of,
    any_of,
    atoms,
    fold,
)
from sakimori.detection.sigma.kernel.values import holds
from sakimori.detection.sigma.rule import Rule
from sakimori.records.batch import column_name
from sakimori.records.catalogue import Alias, Log


@dataclass(frozen=True, slots=True)
class Bound:
    """Rules bound to one stream, without those that never hold there. `asked` are the columns they need."""

    plan: KernelPlan
    asked: frozenset[str]


@dataclass(slots=True)
class _Binding:
    log: Log
    constants: Mapping[str, str]
    fields: dict[str, Field] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)

    def bound(self, rule: Rule) -> Tree:
        """The rule's condition in this log, narrowed to the rows its category means."""
        narrowed = self.log.where.get(rule.category or "", {})
        rows = all_of(
            any_of(Atom(column, "eq", value.lower()) for value in values)
            for column, values in narrowed.items()
        )
        return fold(all_of((rule.tree, rows)), self._atom)

    def _atom(self, atom: Atom) -> Tree:
        if atom.field == KEYWORD:
            return atom
        known = self._constant(atom.field)
        if known is not None and atom.op != "ref":
            return ALWAYS if holds(atom, known) else NEVER
        self._ask(atom.field)
        if atom.op == "ref":
            self._ask(atom.value.partition(":")[2])
        return atom

    def _constant(self, name: str) -> str | None:
        alias = self._alias(name)
        plain = alias.column is not None and not alias.values and alias.column in self.constants
        return self.constants[alias.column or ""] if plain else None

    def _alias(self, name: str) -> Alias:
        return (
            Alias(column=name)
            if name in self.constants and name not in self.log.aliases
            else alias_of(self.log, name)
        )

    def _ask(self, name: str) -> None:
        if name in self.fields:
            return
        alias = self._alias(name)
        columns = _columns(alias)
        self.asked.update(columns)
        self.fields[name] = Field(
            name=name,
            columns=tuple(column_name(column) for column in columns),
            values=alias.values,
            template=alias.template,
        )


def alias_of(log: Log, name: str) -> Alias:
    """How a log has a Sigma field: by an alias, or as a column, capitals apart, or as a field of its own."""
    if name in log.aliases:
        return log.aliases[name]
    if name in log.columns:
        return Alias(column=name)
    lower = {column.lower(): column for column in log.columns}
    return Alias(column=lower.get(name.lower(), name))


def columns_of(log: Log, name: str) -> tuple[str, ...]:
    """The native columns that a Sigma field is made of."""
    return _columns(alias_of(log, name))


def _columns(alias: Alias) -> tuple[str, ...]:
    return (alias.column,) if alias.column else _named(alias.template or "")


def text_of_field(log: Log, name: str, fields: Mapping[str, str]) -> str | None:
    """What a Sigma field holds in an event of a log; None where it is missing."""
    alias = alias_of(log, name)
    columns = _columns(alias)
    made = Field(name=name, columns=columns, values=alias.values, template=alias.template)
    return made.render(tuple(fields.get(column) for column in columns))


def bind(rules: Iterable[Rule], log: Log, constants: Mapping[str, str]) -> Bound:
    """The kernel's plan for records of `log` in which `constants` hold."""
    binding = _Binding(log, constants)
    planned: list[PlannedRule] = []
    brought: set[str] = set()  # what correlations want of the rules' events
    for rule in rules:
        tree = binding.bound(rule)
        if tree is not NEVER:
            planned.append(PlannedRule(rule.id, tree))
            brought.update(column for name in rule.asked for column in columns_of(log, name))
    used = {name for rule in planned for atom in atoms(rule.tree) for name in _names(atom)}
    fields = tuple(binding.fields[name] for name in sorted(used - {KEYWORD}))
    asked = {column for f in fields for column in f.columns}
    native = frozenset(name for name in binding.asked if column_name(name) in asked)
    return Bound(KernelPlan(fields, tuple(planned), KEYWORD in used), native | brought)


def _names(atom: Atom) -> tuple[str, ...]:
    return (atom.field, atom.value.partition(":")[2]) if atom.op == "ref" else (atom.field,)


def _named(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.partition("}")[0] for part in template.split("{")[1:]))

"""What is wrong with rules, or merely odd, before they are run: for who writes them and who takes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sakimori.detection.sigma.bind import columns_of
from sakimori.detection.sigma.engine import Engine, answers
from sakimori.detection.sigma.kernel.tree import KEYWORD, NEVER, And, Atom, Not, Or, Tree, atoms
from sakimori.detection.sigma.pack import Pack
from sakimori.detection.sigma.rule import Rule
from sakimori.records.catalogue import Catalogue, Log

# Relative to a text compared as a whole; expressions and whole records cost most.
_COSTS: Mapping[str, float] = {"re": 20.0, "like": 4.0, "has": 1.5, "ref": 6.0, "cidr": 3.0, "time": 8.0}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about one rule. `kind` is refused, never, blind, field, twice, or cases."""

    rule: str
    title: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Remarks by kind and rule, and the cost of each rule by id, in comparisons of a whole text."""

    remarks: tuple[Remark, ...]
    costs: Mapping[str, float]


def check(pack: Pack, catalogue: Catalogue, cases: frozenset[str] | None = None) -> Checked:
    """Everything that can be told without evidence. `cases` are the files of rules that have their own."""
    engine = Engine(pack, catalogue)
    found = [Remark(r.name, r.title, "refused", r.reason) for r in pack.refused]
    for rule in pack.rules:
        found += _of_rule(rule, engine, cases)
    found += _twice(pack)
    order = {kind: at for at, kind in enumerate(("refused", "never", "blind", "field", "twice", "cases"))}
    found.sort(key=lambda remark: (order[remark.kind], remark.title, remark.rule, remark.text))
    return Checked(tuple(found), {rule.id: cost(rule) for rule in pack.rules})


def cost(rule: Rule) -> float:
    """About how much work a rule is for each distinct value it looks at."""
    known = set(atoms(rule.tree))
    return sum(30.0 if atom.field == KEYWORD else _COSTS.get(atom.op, 1.0) for atom in known)


def _of_rule(rule: Rule, engine: Engine, cases: frozenset[str] | None) -> Iterator[Remark]:
    logs = [
        log
        for log in engine.catalogue.logs.values()
        if answers(log, rule.product, rule.category, rule.service)
    ]
    if rule.tree is NEVER or contradicts(rule.tree):
        yield Remark(rule.id, rule.title, "never", "it wants two values of one field: only a list holds both")
    if not logs:
        yield Remark(
            rule.id, rule.title, "blind", f"no log that Sakimori reads is {rule.logsource or 'of its kind'}"
        )
    yield from _unknown_fields(rule, logs)
    if cases is not None and rule.file not in cases:
        yield Remark(rule.id, rule.title, "cases", "no cases show that it speaks and when it is silent")


def _unknown_fields(rule: Rule, logs: list[Log]) -> Iterator[Remark]:
    """Fields that none of its logs is known to have; some logs hold more than is described."""
    for name in sorted({atom.field for atom in atoms(rule.tree)} - {KEYWORD}):
        known = any(set(columns_of(log, name)) <= {*log.columns, *log.match} for log in logs)
        if logs and not known:
            yield Remark(rule.id, rule.title, "field", f"no log of its kind is described with a field {name}")


def contradicts(tree: Tree) -> bool:
    """Whether all of a condition's parts can never hold together: one field equal to two different texts."""
    if isinstance(tree, Or):
        return all(contradicts(arg) for arg in tree.args)
    if not isinstance(tree, And):
        return False
    wanted: dict[tuple[str, bool], set[str]] = {}
    for arg in tree.args:
        if isinstance(arg, Atom) and arg.op == "eq":
            wanted.setdefault((arg.field, arg.cased), set()).add(arg.value)
        if isinstance(arg, Not) and arg.arg in tree.args:
            return True
    return any(len(values) > 1 for values in wanted.values()) or any(map(contradicts, tree.args))


def _twice(pack: Pack) -> Iterator[Remark]:
    """Rules with the same condition on the same log."""
    first: dict[tuple[object, ...], Rule] = {}
    for rule in pack.rules:
        key = (rule.product, rule.category, rule.service, _shape(rule.tree))
        other = first.setdefault(key, rule)
        if other is not rule:
            yield Remark(rule.id, rule.title, "twice", f"it says the same as {other.title} ({other.id})")


def _shape(tree: Tree) -> object:
    """A condition without regard to the order of its parts."""
    if isinstance(tree, And | Or):
        return (type(tree).__name__, frozenset(Counter(map(_shape, tree.args)).items()))
    return ("not", _shape(tree.arg)) if isinstance(tree, Not) else tree

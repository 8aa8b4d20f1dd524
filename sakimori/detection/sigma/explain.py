"""Why a rule spoke, or what single thing kept it silent, told from the evidence itself.

Each selection of the rule becomes a rule of its own; the records are read again and each says which of them
hold. Nothing is guessed: a selection that never held, or one that would have made the difference, is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sakimori.detection.sigma.bind import columns_of
from sakimori.detection.sigma.engine import Engine
from sakimori.detection.sigma.kernel.tree import And, Atom, Not, Or, Tree, atoms
from sakimori.detection.sigma.pack import Pack
from sakimori.detection.sigma.parse import parse
from sakimori.detection.sigma.rule import Rule
from sakimori.records.batch import Batch, column_name
from sakimori.records.catalogue import Catalogue
from sakimori.records.plan import Plan


@dataclass(slots=True)
class FieldSeen:
    """A field the rule asks for: in how many records of the rule's logs it held something."""

    records: int = 0
    filled: int = 0


@dataclass(slots=True)
class Explanation:
    """What became of a rule. `logs` are records of each log that answers it, `selections` how often one held.

    `one_away` counts records on which the rule would have fired had just this selection held (or, for one
    that stands under `not`, had it not).
    """

    rule: Rule
    answering: tuple[str, ...]
    logs: Counter[str] = field(default_factory=Counter)
    fields: dict[str, FieldSeen] = field(default_factory=dict)
    selections: Counter[str] = field(default_factory=Counter)
    names: tuple[str, ...] = ()
    fired: int = 0
    one_away: Counter[str] = field(default_factory=Counter)


class Explaining:
    """Looks at batches as they are read; `explanation` says what was seen."""

    def __init__(self, document: Mapping[str, Any], catalogue: Catalogue) -> None:
        self._rule = parse(document)
        parts = [replace(self._rule, id=name, tree=tree) for name, tree in selections(document).items()]
        self._condition = condition(document)
        pack = Pack(tuple(parts), (), "explain")
        self._engine = Engine(pack, catalogue)
        answering = tuple(log.title for log in catalogue.logs.values() if self._engine.rules_of(log))
        self.explanation = Explanation(self._rule, answering, names=tuple(part.id for part in parts))
        self._asked = sorted({atom.field for part in parts for atom in atoms(part.tree) if atom.field})

    def plan(self) -> Plan:
        """Which columns readers must deliver."""
        return self._engine.plan()

    def look(self, batch: Batch) -> None:
        """Counts what a batch shows of the rule."""
        log = batch.stream.log
        if not self._engine.rules_of(log):
            return
        found, rows = self.explanation, batch.data.num_rows
        found.logs[log.title] += rows
        for name in self._asked:
            seen = found.fields.setdefault(name, FieldSeen())
            seen.records += rows
            seen.filled += _filled(batch, name)
        for held, count in self._held(batch).items():
            self._judge(held, count)

    def _held(self, batch: Batch) -> Counter[frozenset[str]]:
        """How many records hold just these selections."""
        fired = self._engine.look(batch)
        sets = [] if fired is None else map(frozenset, fired.column("rules").to_pylist())
        counted: Counter[frozenset[str]] = Counter(sets)
        counted[frozenset()] = batch.data.num_rows - counted.total()
        return counted

    def _judge(self, held: frozenset[str], count: int) -> None:
        found = self.explanation
        for name in held:
            found.selections[name] += count
        if _holds(self._condition, held):
            found.fired += count
            return
        for name in found.names:
            if _holds(self._condition, held ^ {name}):
                found.one_away[name] += count


def selections(document: Mapping[str, Any]) -> dict[str, Tree]:
    """The condition of each selection alone. Raises RuleError where one cannot be honoured."""
    parts = {name: value for name, value in document["detection"].items() if name != "condition"}
    return {name: _alone(document, {name: value, "condition": name}) for name, value in parts.items()}


def condition(document: Mapping[str, Any]) -> Tree:
    """The rule's condition over its selections: an atom's field is a selection's name."""
    named = {name: {name: "holds"} for name in document["detection"] if name != "condition"}
    return _alone(document, {**named, "condition": document["detection"]["condition"]})


def _alone(document: Mapping[str, Any], detection: Mapping[str, Any]) -> Tree:
    return parse({**document, "detection": detection}).tree


def _filled(batch: Batch, name: str) -> int:
    names = (column_name(column) for column in columns_of(batch.stream.log, name))
    there = [column for column in names if column in batch.data.schema.names]
    fixed = dict(batch.stream.constants)
    if not there:
        return batch.data.num_rows if all(c in fixed for c in columns_of(batch.stream.log, name)) else 0
    return max(int(batch.data.num_rows - batch.data.column(column).null_count) for column in there)


def _holds(tree: Tree, held: frozenset[str]) -> bool:
    if isinstance(tree, Atom):
        return tree.field in held
    if isinstance(tree, Not):
        return not _holds(tree.arg, held)
    if isinstance(tree, And):
        return all(_holds(arg, held) for arg in tree.args)
    return isinstance(tree, Or) and any(_holds(arg, held) for arg in tree.args)

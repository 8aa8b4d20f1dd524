"""Why a rule spoke, or what single thing kept it silent, told from what held in the evidence itself.

The kernel tells which comparisons held together and how often (`tally`). Each selection of the rule is asked
of those sets; nothing is guessed: a selection that never held, or one that would have made the difference,
is counted. What the tallies cannot tell is left open.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sakimori.coverage import Why
from sakimori.detection.sigma.bind import bind, columns_of
from sakimori.detection.sigma.engine import Engine
from sakimori.detection.sigma.kernel import And, Atom, Not, Or, Tree, numbers_of
from sakimori.detection.sigma.kernel.tree import ALWAYS, NEVER, atoms
from sakimori.detection.sigma.pack import Pack
from sakimori.detection.sigma.parse import parse
from sakimori.detection.sigma.rule import Rule
from sakimori.detection.sigma.tally import Key, Tallies
from sakimori.records.batch import Batch, column_name
from sakimori.records.catalogue import Catalogue, Log
from sakimori.records.plan import Plan

Mask = npt.NDArray[np.bool_]
Filled = Mapping[tuple[str, str], int]
"""Of a log's name and a native column, in how many records it holds something."""
_ROWS = "\0rows"  # no selection can have this name


@dataclass(frozen=True, slots=True)
class Parts:
    """A rule's selections as conditions of their own, and its condition over their names."""

    rule: Rule
    selections: Mapping[str, Tree]
    condition: Tree


@dataclass(slots=True)
class Explanation:
    """What became of a rule. `logs` are records of each log that answers it, `selections` how often one held.

    `one_away` counts records on which the rule would have fired had just this selection held (or, for one
    that stands under `not`, had it not). `open` names selections of which nobody counted.
    """

    rule: Rule
    answering: tuple[str, ...]
    names: tuple[str, ...]
    logs: Counter[str] = field(default_factory=Counter)
    empty: tuple[str, ...] = ()
    selections: Counter[str] = field(default_factory=Counter)
    open: set[str] = field(default_factory=set)
    fired: int = 0
    one_away: Counter[str] = field(default_factory=Counter)

    @property
    def why(self) -> Why:
        """The same as the coverage keeps it."""
        held = tuple((name, None if name in self.open else self.selections[name]) for name in self.names)
        away = sorted(self.one_away.items(), key=lambda one: (-one[1], one[0]))
        return Why(sum(self.logs.values()), held, tuple(away), self.empty)


def parts_of(document: Mapping[str, Any]) -> Parts:
    """The rule taken apart. Raises RuleError where it, or a selection alone, cannot be honoured."""
    return Parts(parse(document), selections(document), condition(document))


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


class Heard:
    """What was tallied of the evidence, ready to be asked for any rule."""

    def __init__(self, engine: Engine, tallies: Tallies, filled: Filled) -> None:
        self._logs = engine.catalogue.logs
        self._engine = engine
        self._filled = filled
        self._streams = [_Stream(engine, key, sets) for key, sets in sorted(tallies.items()) if sets]

    def explanation(self, parts: Parts) -> Explanation:
        """What became of the rule."""
        rule = parts.rule
        answering = tuple(log.title for log in self._logs.values() if self._engine.answers(rule, log))
        found = Explanation(rule, answering, tuple(parts.selections))
        met = [stream for stream in self._streams if self._engine.answers(rule, stream.log)]
        for stream in met:
            stream.tell(parts, found)
        found.empty = tuple(sorted(n for n in fields_of(parts) if met and not self._ever(n, met)))
        return found

    def _ever(self, name: str, streams: Iterable[_Stream]) -> bool:
        return any(
            column in stream.constants or self._filled.get((stream.log.name, column))
            for stream in streams
            for column in columns_of(stream.log, name)
        )


def fields_of(parts: Parts) -> set[str]:
    """The fields that the rule asks for."""
    return {atom.field for tree in parts.selections.values() for atom in atoms(tree) if atom.field}


class _Stream:
    """The sets of atoms of one stream; a condition becomes the sets in which it holds."""

    def __init__(self, engine: Engine, key: Key, sets: Mapping[frozenset[int], int]) -> None:
        self.log, self.constants = engine.catalogue[key[0]], dict(key[1])
        self._engine = engine
        self._sets = list(sets)
        self._rows = np.fromiter(sets.values(), np.int64, len(sets))
        self._masks: dict[int, Mask] = {}

    @cached_property
    def _numbers(self) -> Mapping[Atom, int]:
        return numbers_of(self._engine.bound(self.log, self.constants).plan)

    @cached_property
    def _holding(self) -> Mapping[int, list[int]]:
        """The sets in which each atom is."""
        found: dict[int, list[int]] = defaultdict(list)
        for at, numbers in enumerate(self._sets):
            for number in numbers:
                found[number].append(at)
        return found

    def tell(self, parts: Parts, found: Explanation) -> None:
        """Add what this stream says of the rule."""
        trees = self._bound(parts)
        rows = self._mask(trees.get(_ROWS, NEVER))
        if rows is None:
            rows = self._all(True)  # no rule of the category could hold here, so nobody told its rows apart
        found.logs[self.log.title] += self._count(rows)
        masks = {name: self._mask(trees.get(name, NEVER)) for name in parts.selections}
        for name, mask in masks.items():
            if mask is None:
                found.open.add(name)
            else:
                found.selections[name] += self._count(mask)
        self._judge(parts, {name: mask for name, mask in masks.items() if mask is not None}, rows, found)

    def _judge(self, parts: Parts, masks: dict[str, Mask], rows: Mask, found: Explanation) -> None:
        if len(masks) < len(parts.selections):
            return
        fired = self._over(parts.condition, masks) & rows
        found.fired += self._count(fired)
        for name, mask in masks.items():
            would = self._over(parts.condition, {**masks, name: ~mask}) & rows & ~fired
            if near := self._count(would):
                found.one_away[name] += near

    def _bound(self, parts: Parts) -> dict[str, Tree]:
        trees = {**parts.selections, _ROWS: ALWAYS}
        alone = (replace(parts.rule, id=name, tree=tree, asked=()) for name, tree in trees.items())
        return {rule.id: rule.tree for rule in bind(alone, self.log, self.constants).plan.rules}

    def _count(self, mask: Mask) -> int:
        return int(self._rows[mask].sum())

    def _all(self, value: bool) -> Mask:
        return np.full(len(self._sets), value)

    def _mask(self, tree: Tree) -> Mask | None:
        """Where the condition holds; None where it compares what no rule of the pack compared here."""
        if any(atom not in self._numbers for atom in atoms(tree)):
            return None
        return self._holds(tree, self._atom)

    def _over(self, tree: Tree, masks: Mapping[str, Mask]) -> Mask:
        return self._holds(tree, lambda atom: masks[atom.field])

    def _holds(self, tree: Tree, atom: Any) -> Mask:
        if isinstance(tree, Atom):
            found: Mask = atom(tree)
            return found
        if isinstance(tree, Not):
            return ~self._holds(tree.arg, atom)
        parts = [self._holds(arg, atom) for arg in tree.args] if isinstance(tree, And | Or) else []
        if isinstance(tree, And):
            return np.logical_and.reduce(parts) if parts else self._all(True)
        return np.logical_or.reduce(parts) if parts else self._all(False)

    def _atom(self, atom: Atom) -> Mask:
        number = self._numbers[atom]
        if number not in self._masks:
            mask = self._all(False)
            mask[self._holding.get(number, [])] = True
            self._masks[number] = mask
        return self._masks[number]


class Explaining:
    """Looks at batches as they are read, for one rule; `explanation` says what was seen."""

    def __init__(self, document: Mapping[str, Any], catalogue: Catalogue) -> None:
        self._parts = parts_of(document)
        # Each selection is a rule of its own here, so that every comparison is made on every record.
        alone = [replace(self._parts.rule, id=name, tree=t) for name, t in self._parts.selections.items()]
        self._engine = Engine(Pack(tuple(alone), (), "explain"), catalogue)
        self._filled: Counter[tuple[str, str]] = Counter()

    def explanation(self) -> Explanation:
        """What became of the rule in the batches since this was last asked."""
        return Heard(self._engine, self._engine.tallies(), self._filled).explanation(self._parts)

    def plan(self) -> Plan:
        """Which columns readers must deliver."""
        return self._engine.plan()

    def look(self, batch: Batch) -> None:
        """Counts what a batch shows of the rule."""
        self._engine.look(batch)
        for name, column in _columns(self._parts, batch.stream.log):
            if name in batch.data.schema.names:
                empty = batch.data.column(name).null_count
                self._filled[batch.stream.log.name, column] += int(batch.data.num_rows - empty)


def _columns(parts: Parts, log: Log) -> Iterator[tuple[str, str]]:
    """Columns of the log that the rule asks for: as batches name them, and as the log does."""
    for name in fields_of(parts):
        for column in columns_of(log, name):
            yield column_name(column), column

"""From the set of true atoms to the rules that fire, looking only at rules that could."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sakimori.detection.sigma.kernel.plan import PlannedRule
from sakimori.detection.sigma.kernel.tree import And, Atom, Never, Not, Or, Tree

_COMMON = {
    "exists": 50.0,
    "null": 50.0,
    "ref": 20.0,
    "lt": 20.0,
    "lte": 20.0,
    "gt": 20.0,
    "gte": 20.0,
    "re": 4.0,
}


class Verdicts:
    """Which rules hold, given the numbers of the atoms that do.

    Every rule hangs on a witness: a set of atoms of which one must be true for the rule to be true, chosen
    as rare as possible. Rules that can hold with no atom at all are tried always.
    """

    def __init__(self, rules: Sequence[PlannedRule], numbers: Mapping[Atom, int]) -> None:
        self._trees = [_numbered(rule.tree, numbers) for rule in rules]
        self._by_atom: dict[int, list[int]] = defaultdict(list)
        self._always: list[int] = []
        for index, rule in enumerate(rules):
            witness = witness_of(rule.tree)
            if witness is None:
                self._always.append(index)
            for atom in witness or ():
                self._by_atom[numbers[atom]].append(index)
        self.tried = 0

    def of(self, true: frozenset[int]) -> tuple[int, ...]:
        """Indexes of the rules that hold, in order."""
        candidates = set(self._always)
        for number in true:
            candidates.update(self._by_atom.get(number, ()))
        self.tried += len(candidates)
        return tuple(sorted(index for index in candidates if self._trees[index].holds(true)))


def witness_of(tree: Tree) -> frozenset[Atom] | None:
    """Atoms of which at least one is true whenever the tree is; None where it can hold without any."""
    found = _witness(tree)
    return None if found is None else found[1]


def _witness(tree: Tree) -> tuple[float, frozenset[Atom]] | None:
    if isinstance(tree, Atom):
        return _commonness(tree), frozenset((tree,))
    if isinstance(tree, And):
        return min((w for w in map(_witness, tree.args) if w is not None), default=None, key=lambda w: w[0])
    if isinstance(tree, Or):
        return _together(map(_witness, tree.args))
    return (0.0, frozenset()) if isinstance(tree, Never) else None


def _together(
    parts: Iterable[tuple[float, frozenset[Atom]] | None],
) -> tuple[float, frozenset[Atom]] | None:
    cost, atoms = 0.0, set[Atom]()
    for part in parts:
        if part is None:
            return None
        cost += part[0]
        atoms |= part[1]
    return cost, frozenset(atoms)


def _commonness(atom: Atom) -> float:
    # A guess at how often an atom holds: long texts and whole values are rare.
    if atom.op in ("eq", "has", "starts", "ends", "like"):
        base = {"eq": 4.0, "starts": 12.0}.get(atom.op, 8.0)
        return base / max(len(atom.value), 1)
    return _COMMON.get(atom.op, 4.0)


class _AnyOf:
    __slots__ = ("atoms",)

    def __init__(self, atoms: frozenset[int]) -> None:
        self.atoms = atoms

    def holds(self, true: frozenset[int]) -> bool:
        return not self.atoms.isdisjoint(true)


class _AllOf:
    __slots__ = ("atoms",)

    def __init__(self, atoms: frozenset[int]) -> None:
        self.atoms = atoms

    def holds(self, true: frozenset[int]) -> bool:
        return self.atoms <= true


class _Every:
    __slots__ = ("args",)

    def __init__(self, args: tuple[_Node, ...]) -> None:
        self.args = args

    def holds(self, true: frozenset[int]) -> bool:
        return all(arg.holds(true) for arg in self.args)


class _Some:
    __slots__ = ("args",)

    def __init__(self, args: tuple[_Node, ...]) -> None:
        self.args = args

    def holds(self, true: frozenset[int]) -> bool:
        return any(arg.holds(true) for arg in self.args)


class _Opposite:
    __slots__ = ("arg",)

    def __init__(self, arg: _Node) -> None:
        self.arg = arg

    def holds(self, true: frozenset[int]) -> bool:
        return not self.arg.holds(true)


_Node = _AnyOf | _AllOf | _Every | _Some | _Opposite


def _numbered(tree: Tree, numbers: Mapping[Atom, int]) -> _Node:
    if isinstance(tree, Atom):
        return _AllOf(frozenset((numbers[tree],)))
    if isinstance(tree, Not):
        return _Opposite(_numbered(tree.arg, numbers))
    if isinstance(tree, Never):
        return _AnyOf(frozenset())
    return _joined(tree, numbers)


def _joined(tree: And | Or, numbers: Mapping[Atom, int]) -> _Node:
    every = isinstance(tree, And)
    plain = frozenset(numbers[arg] for arg in tree.args if isinstance(arg, Atom))
    nodes: list[_Node] = [_numbered(arg, numbers) for arg in tree.args if not isinstance(arg, Atom)]
    if plain:
        nodes.insert(0, _AllOf(plain) if every else _AnyOf(plain))
    return nodes[0] if len(nodes) == 1 else (_Every if every else _Some)(tuple(nodes))

"""Conditions as trees over atoms, folded as far as they go before any row is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

KEYWORD = ""  # the field of an atom that searches the whole event


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison: `field` `op` `value`.

    ops: eq has starts ends like re cidr lt lte gt gte null exists ref time. `value` is always text: for
    `like` a Sigma pattern with escapes, for `re` "flags:pattern", for `ref` "op:other field", for `time`
    "comparison:part:number".
    `cased` strings compare as written; the others in lower case.
    """

    field: str
    op: str
    value: str
    cased: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    args: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    args: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this one."""

    arg: Tree


@dataclass(frozen=True, slots=True)
class Never:
    """Never true. Use the constants NEVER and ALWAYS: folding tells them by identity."""


Tree = Atom | And | Or | Not | Never
NEVER = Never()
ALWAYS = Not(NEVER)


def fold(tree: Tree, atom: Callable[[Atom], Tree]) -> Tree:
    """The tree with every atom replaced by what `atom` gives, simplified."""
    if isinstance(tree, Atom):
        return atom(tree)
    if isinstance(tree, And):
        return all_of(fold(arg, atom) for arg in tree.args)
    if isinstance(tree, Or):
        return any_of(fold(arg, atom) for arg in tree.args)
    if isinstance(tree, Not):
        return negation(fold(tree.arg, atom))
    return tree


def all_of(args: Iterable[Tree]) -> Tree:
    """Conjunction, flat, without what is always true; NEVER if any part is."""
    parts: list[Tree] = []
    for arg in args:
        if arg is NEVER:
            return NEVER
        if arg is not ALWAYS:
            parts += arg.args if isinstance(arg, And) else (arg,)
    return ALWAYS if not parts else parts[0] if len(parts) == 1 else And(_once(parts))


def any_of(args: Iterable[Tree]) -> Tree:
    """Disjunction, flat, without what is never true; ALWAYS if any part is."""
    parts: list[Tree] = []
    for arg in args:
        if arg is ALWAYS:
            return ALWAYS
        if arg is not NEVER:
            parts += arg.args if isinstance(arg, Or) else (arg,)
    return NEVER if not parts else parts[0] if len(parts) == 1 else Or(_once(parts))


def _once(parts: list[Tree]) -> tuple[Tree, ...]:
    # Only atoms repeat in practice, and hashing whole trees costs more than it saves.
    seen: set[Atom] = set()
    kept: list[Tree] = []
    for part in parts:
        if isinstance(part, Atom):
            if part in seen:
                continue
            seen.add(part)
        kept.append(part)
    return tuple(kept)


def negation(arg: Tree) -> Tree:
    """The opposite; a double negation cancels."""
    if arg is NEVER:
        return ALWAYS
    return arg.arg if isinstance(arg, Not) else Not(arg)


def atoms(tree: Tree) -> Iterator[Atom]:
    """Every atom of the tree, with repetitions."""
    if isinstance(tree, Atom):
        yield tree
    elif isinstance(tree, Not):
        yield from atoms(tree.arg)
    elif isinstance(tree, And | Or):
        for arg in tree.args:
            yield from atoms(arg)


def positive_atoms(tree: Tree) -> Iterator[Atom]:
    """The atoms that do not stand under a negation."""
    if isinstance(tree, Atom):
        yield tree
    elif isinstance(tree, And | Or):
        for arg in tree.args:
            yield from positive_atoms(arg)

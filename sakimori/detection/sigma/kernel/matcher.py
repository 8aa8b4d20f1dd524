"""All atoms of one field against its distinct values: each gets the set of atoms that hold, as a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from sakimori.detection.sigma.kernel.strings import Needle, Scanner
from sakimori.detection.sigma.kernel.tree import Atom
from sakimori.detection.sigma.kernel.values import elements, fits, holds_text
from sakimori.detection.sigma.kernel.wildcards import literals

_LONGEST_REMEMBERED = 1 << 14


class Budget:
    """What all matchers of a process remember together, in characters; when it is spent, all begin anew."""

    def __init__(self, characters: int = 12 << 20) -> None:
        self.characters = characters
        self.round = 0
        self._spent = 0

    def spend(self, characters: int) -> None:
        """Note that so many more characters are kept."""
        self._spent += characters
        if self._spent > self.characters:
            self.round += 1
            self._spent = 0


BUDGET = Budget()


class Matcher:
    """Signatures of values. Signature 0 is the empty set; `sets[signature]` are the atoms' numbers."""

    def __init__(self, atoms: Mapping[Atom, int], cache: Path | None = None) -> None:
        self.sets: list[frozenset[int]] = [frozenset()]
        self._numbers: dict[frozenset[int], int] = {frozenset(): 0}
        self._equal: dict[str, list[int]] = {}
        self._equal_cased: dict[str, list[int]] = {}
        self._present: list[int] = []
        self._missing: list[int] = []
        self._each: list[tuple[Atom, int]] = []
        self._edges = _Edges()
        lowered: list[tuple[Needle, Atom, int]] = []
        written: list[tuple[Needle, Atom, int]] = []
        for atom, number in atoms.items():
            self._place(atom, number, lowered, written)
        self._lowered = _Search(lowered, cache)
        self._written = _Search(written, cache)
        self._round = BUDGET.round
        self._memory: dict[str | None, int] = {None: self.number(frozenset(self._missing))}

    def _place(
        self,
        atom: Atom,
        number: int,
        lowered: list[tuple[Needle, Atom, int]],
        written: list[tuple[Needle, Atom, int]],
    ) -> None:
        if atom.op == "eq":
            (self._equal_cased if atom.cased else self._equal).setdefault(atom.value, []).append(number)
        elif atom.op == "null":
            self._missing.append(number)
        elif atom.op == "exists":
            (self._present if atom.value == "true" else self._missing).append(number)
        elif atom.op == "re":
            flags, _, expression = atom.value.partition(":")
            written.append((Needle(expression, flags), atom, number))
        elif atom.op in ("starts", "ends"):
            self._edges.add(atom, number)
        elif (needle := _needle(atom)) is not None:
            (written if atom.cased else lowered).append((needle, atom, number))
        else:
            self._each.append((atom, number))

    def signatures(self, values: Sequence[str | None]) -> list[int]:
        """The signature of each value, in order."""
        if self._round != BUDGET.round:
            self._memory, self._round = {None: self._memory[None]}, BUDGET.round
        memory = self._memory
        found = list(map(memory.get, values))
        for index, signature in enumerate(found):
            if signature is None:
                found[index] = self._fresh(values[index])
        return found  # type: ignore[return-value]

    def _fresh(self, value: str | None) -> int:
        assert value is not None
        signature = self.number(frozenset(self.true_of(value)))
        if len(value) <= _LONGEST_REMEMBERED:
            self._memory[value] = signature
            BUDGET.spend(len(value) + 100)
        return signature

    def number(self, true: frozenset[int]) -> int:
        """The signature of a set of atoms."""
        number = self._numbers.get(true)
        if number is None:
            number = self._numbers[true] = len(self.sets)
            self.sets.append(true)
        return number

    def true_of(self, value: str) -> set[int]:
        """Numbers of the atoms that hold for a value that is present; any element of a JSON list counts."""
        true = set(self._present)
        self._one(value, true)
        if value.startswith("["):
            for element in elements(value):
                self._one(element, true)
        return true

    def _one(self, value: str, true: set[int]) -> None:
        # The innermost loop over new values: what a field has no atoms for is not even asked.
        lower = value.lower()
        if found := self._equal.get(lower):
            true.update(found)
        if self._equal_cased and (found := self._equal_cased.get(value)):
            true.update(found)
        self._edges.find(lower, value, true)
        if self._lowered:
            self._lowered.add(lower, true)
        if self._written:
            self._written.add(value, true)
        if self._each:
            true.update(number for atom, number in self._each if holds_text(atom, value))


_KEYS = (32, 16, 8, 4, 2, 1, 0)
Edge = dict[int, dict[str, list[tuple[str, int]]]]
_Cuts = list[tuple[slice, dict[str, list[tuple[str, int]]]]]


class _Edges:
    """Beginnings and ends. Each hangs on its outermost 1, 2, 4 ... characters, so that few are compared."""

    def __init__(self) -> None:
        self._starts: dict[bool, Edge] = {False: {}, True: {}}
        self._ends: dict[bool, Edge] = {False: {}, True: {}}

    def add(self, atom: Atom, number: int) -> None:
        size = next(key for key in _KEYS if key <= len(atom.value))
        starts = atom.op == "starts"
        side = (self._starts if starts else self._ends)[atom.cased]
        key = atom.value[:size] if starts else atom.value[len(atom.value) - size :]
        side.setdefault(size, {}).setdefault(key, []).append((atom.value, number))

    def find(self, lower: str, value: str, true: set[int]) -> None:
        for cased, starts, ends in self._cuts:
            text = value if cased else lower
            for cut, keys in starts:
                if found := keys.get(text[cut]):
                    true.update([number for wanted, number in found if text.startswith(wanted)])
            for cut, keys in ends:
                if found := keys.get(text[cut]):
                    true.update([number for wanted, number in found if text.endswith(wanted)])

    @cached_property
    def _cuts(self) -> list[tuple[bool, _Cuts, _Cuts]]:
        """For texts as lowered and as written: the stretches at both ends, and what hangs on each."""
        sides = [
            (
                cased,
                [(slice(size), keys) for size, keys in self._starts[cased].items()],
                [
                    (slice(-size if size else 0, None if size else 0), k)
                    for size, k in self._ends[cased].items()
                ],
            )
            for cased in (False, True)
        ]
        return [side for side in sides if side[1] or side[2]]


class _Search:
    """Needles with the atoms they stand for; `sure` needles are the atom, the others only narrow it down."""

    def __init__(self, entries: Iterable[tuple[Needle, Atom, int]], cache: Path | None) -> None:
        by_needle: dict[Needle, list[tuple[int, Atom | None]]] = {}
        for needle, atom, number in entries:
            sure = atom.op == "has" and "\n" not in atom.value  # the scanner adds line ends
            by_needle.setdefault(needle, []).append((number, None if sure else atom))
        self._meanings = list(by_needle.values())
        self._scanner = Scanner(list(by_needle), cache)

    def __bool__(self) -> bool:
        return bool(self._meanings)

    def add(self, text: str, true: set[int]) -> None:
        for index in self._scanner.find(text.encode("utf-8", "replace")):
            for number, confirm in self._meanings[index]:
                if confirm is None or fits(confirm, text):
                    true.add(number)


def _needle(atom: Atom) -> Needle | None:
    if atom.op == "has":
        return Needle(atom.value) if atom.value else None
    if atom.op == "like":
        text = max(literals(atom.value), key=len, default="")
        return Needle(text) if text else None
    return None

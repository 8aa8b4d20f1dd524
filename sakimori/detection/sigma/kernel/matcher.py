"""All atoms of one field against its distinct values: each gets the set of atoms that hold, as a number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from sakimori.detection.sigma.kernel.strings import Needle, Scanner
from sakimori.detection.sigma.kernel.tree import Atom
from sakimori.detection.sigma.kernel.values import elements, fits, holds_text
from sakimori.detection.sigma.kernel.wildcards import literals

VALUES_REMEMBERED = 1 << 17
_SHORTEST_REMEMBERED_LONG = 4096


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
        memory = self._memory
        found = list(map(memory.get, values))
        for index, signature in enumerate(found):
            if signature is None:
                found[index] = self._fresh(values[index])
        return found  # type: ignore[return-value]

    def _fresh(self, value: str | None) -> int:
        assert value is not None
        signature = self.number(frozenset(self.true_of(value)))
        if len(self._memory) > VALUES_REMEMBERED:
            self._memory = {None: self._memory[None]}
        if len(value) < _SHORTEST_REMEMBERED_LONG:
            self._memory[value] = signature
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
        lower = value.lower()
        true.update(self._equal.get(lower, ()))
        true.update(self._equal_cased.get(value, ()))
        self._edges.find(lower, value, true)
        self._lowered.add(lower, true)
        self._written.add(value, true)
        true.update(number for atom, number in self._each if holds_text(atom, value))


class _Edges:
    """Beginnings and ends, looked up by their length: there are few lengths, and a slice is quick."""

    def __init__(self) -> None:
        self._starts: dict[bool, dict[int, dict[str, list[int]]]] = {False: {}, True: {}}
        self._ends: dict[bool, dict[int, dict[str, list[int]]]] = {False: {}, True: {}}

    def add(self, atom: Atom, number: int) -> None:
        side = self._starts if atom.op == "starts" else self._ends
        texts = side[atom.cased].setdefault(len(atom.value), {})
        texts.setdefault(atom.value, []).append(number)

    def find(self, lower: str, value: str, true: set[int]) -> None:
        for cased, text in ((False, lower), (True, value)):
            for length, texts in self._starts[cased].items():
                true.update(texts.get(text[:length], ()))
            for length, texts in self._ends[cased].items():
                if length <= len(text):
                    true.update(texts.get(text[len(text) - length :], ()))


class _Search:
    """Needles with the atoms they stand for; `sure` needles are the atom, the others only narrow it down."""

    def __init__(self, entries: Iterable[tuple[Needle, Atom, int]], cache: Path | None) -> None:
        by_needle: dict[Needle, list[tuple[int, Atom | None]]] = {}
        for needle, atom, number in entries:
            sure = atom.op == "has" and "\n" not in atom.value  # the scanner adds line ends
            by_needle.setdefault(needle, []).append((number, None if sure else atom))
        self._meanings = list(by_needle.values())
        self._scanner = Scanner(list(by_needle), cache)

    def add(self, text: str, true: set[int]) -> None:
        if not self._meanings:
            return
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

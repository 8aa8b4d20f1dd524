"""The kernel's loop: batches of one stream in, their firing rows out, each with the rules that fired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sakimori.detection.sigma.kernel.keywords import KeywordMatcher
from sakimori.detection.sigma.kernel.matcher import Matcher
from sakimori.detection.sigma.kernel.plan import Field, KernelPlan
from sakimori.detection.sigma.kernel.tree import KEYWORD, Atom, atoms
from sakimori.detection.sigma.kernel.values import refers
from sakimori.detection.sigma.kernel.verdicts import Verdicts

Codes = npt.NDArray[np.int64]
Batches = Iterator[pa.RecordBatch]
Raws = Sequence[bytes | None] | None
_LIMIT = 1 << 62


def kernel(plan: KernelPlan, cache: Path | None = None) -> Callable[[Batches], Batches]:
    """A function from batches to batches: the rows on which any rule fires, with a last column `rules`.

    `rules` is list<string>, rule ids in plan order. Columns may be plain or dictionary-encoded strings; a
    column that the batch lacks is missing in all its rows. Rows keep their order.
    """
    judge = Judge(plan, cache)

    def run(batches: Batches) -> Batches:
        for batch in batches:
            fired = judge.fired(batch)
            if fired is not None:
                yield fired

    return run


@dataclass(slots=True)
class _Seen:
    """One field over one batch: each row's signature, as a code into `signatures`."""

    codes: Codes
    signatures: npt.NDArray[np.int64]

    def of(self, rows: Codes) -> list[int]:
        """The signatures of some rows. With one signature for all, `codes` is empty."""
        if len(self.signatures) == 1:
            return [int(self.signatures[0])] * len(rows)
        found: list[int] = self.signatures[self.codes[rows]].tolist()
        return found


class Judge:
    """One stream's rules; `fired` is the kernel for callers that hold the events' bytes beside the batch."""

    def __init__(self, plan: KernelPlan, cache: Path | None) -> None:
        numbers = numbers_of(plan)
        self._ids = [rule.id for rule in plan.rules]
        self._verdicts = Verdicts(plan.rules, numbers)
        self._memory: dict[tuple[int, ...], int] = {}
        self._outcomes: list[tuple[int, ...]] = [()]
        self._rows_of: Counter[tuple[int, ...]] = Counter()
        self._sources: list[_Source] = _sources(plan, numbers, cache)

    def fired(self, batch: pa.RecordBatch, raws: Raws = None) -> pa.RecordBatch | None:
        """The rows that fire, None where none does. `raws` stand for a column `raw` without a copy."""
        if not self._ids:
            self._rows_of[()] += batch.num_rows
            return None
        if not batch.num_rows:
            return None
        verdicts = self._rows(batch, raws)
        rows = np.flatnonzero(verdicts)
        if not len(rows):
            return None
        rules = [[self._ids[i] for i in self._outcomes[v]] for v in verdicts[rows].tolist()]
        kept = batch.take(pa.array(rows))
        return pa.RecordBatch.from_arrays(
            [*kept.columns, pa.array(rules, pa.list_(pa.string()))], [*kept.schema.names, "rules"]
        )

    def tally(self) -> dict[frozenset[int], int]:
        """Of how many rows just these atoms held, by their numbers, since this was last asked."""
        found: Counter[frozenset[int]] = Counter()
        for signatures, rows in self._rows_of.items():
            found[self._true(signatures)] += rows
        self._rows_of.clear()
        return dict(found)

    def _rows(self, batch: pa.RecordBatch, raws: Raws) -> Codes:
        seen = [source.seen(batch, raws) for source in self._sources]
        groups, first = _grouped([field for field in seen if len(field.signatures) > 1], batch.num_rows)
        columns = [field.of(first) for field in seen]
        # Where the stream's constants said it all, nothing is left to ask: rules hold of every row or none.
        signed = list(zip(*columns, strict=True)) if seen else [()]
        for signatures, rows in zip(signed, np.bincount(groups, minlength=len(signed)).tolist(), strict=True):
            self._rows_of[signatures] += rows
        outcome = [self._outcome(signatures) for signatures in signed]
        return np.array(outcome, np.int64)[groups]

    def _outcome(self, signatures: tuple[int, ...]) -> int:
        known = self._memory.get(signatures)
        if known is None:
            if len(self._memory) > 1 << 18:
                self._memory.clear()
            known = self._memory[signatures] = self._judged(signatures)
        return known

    def _judged(self, signatures: tuple[int, ...]) -> int:
        rules = self._verdicts.of(self._true(signatures))
        if not rules:
            return 0
        self._outcomes.append(rules)
        return len(self._outcomes) - 1

    def _true(self, signatures: tuple[int, ...]) -> frozenset[int]:
        return frozenset().union(
            *(source.sets[s] for source, s in zip(self._sources, signatures, strict=True))
        )


def numbers_of(plan: KernelPlan) -> Mapping[Atom, int]:
    """Every atom of the plan and its number, the same whenever the plan is the same."""
    found: dict[Atom, int] = {}
    for rule in plan.rules:
        for atom in atoms(rule.tree):
            found.setdefault(atom, len(found))
    return found


def _grouped(fields: list[_Seen], rows: int) -> tuple[Codes, Codes]:
    """Group number of each row by its combination of signatures, and the first row of each group."""
    groups = np.zeros(rows, np.int64)
    size = 1
    for field in fields:
        width = len(field.signatures)
        if size > _LIMIT // width:
            groups, size = _numbered(groups)
        groups = groups * width + field.codes
        size *= width
    groups, size = _numbered(groups)
    first = np.zeros(size, np.int64)
    first[groups[::-1]] = np.arange(rows - 1, -1, -1)
    return groups, first


def _numbered(values: Codes) -> tuple[Codes, int]:
    encoded = pc.dictionary_encode(pa.array(values))
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(encoded.dictionary)


class _Source:
    """A field's atoms and where its values come from."""

    def __init__(self, field: Field, numbers: Mapping[Atom, int], cache: Path | None) -> None:
        self._field = field
        self._matcher = Matcher(numbers, cache)

    @property
    def sets(self) -> list[frozenset[int]]:
        return self._matcher.sets

    def seen(self, batch: pa.RecordBatch, raws: Raws) -> _Seen:
        field = self._field
        if field.plain:
            column = _Distinct(batch, field.columns[0])
            return _narrow(column.codes, self._matcher.signatures(column.values))
        codes, tuples = distinct_tuples(batch, field.columns)
        return _narrow(lambda: codes, self._matcher.signatures([field.render(parts) for parts in tuples]))


class _Pair:
    """A field compared to another field of the same event."""

    def __init__(self, field: Field, other: Field, atom: Atom, number: int) -> None:
        self._fields = (field, other)
        self._atom = atom
        self.sets = [frozenset[int](), frozenset((number,))]

    def seen(self, batch: pa.RecordBatch, raws: Raws) -> _Seen:
        left, right = self._fields
        codes, tuples = distinct_tuples(batch, left.columns + right.columns)
        width = len(left.columns)
        mode = self._atom.value.partition(":")[0]
        true = [
            refers(mode, left.render(parts[:width]), right.render(parts[width:]), self._atom.cased)
            for parts in tuples
        ]
        return _narrow(lambda: codes, [int(t) for t in true])


class _Whole:
    """The whole event, for keyword atoms."""

    def __init__(self, numbers: Mapping[Atom, int], cache: Path | None) -> None:
        self._matcher = KeywordMatcher(numbers, cache)

    @property
    def sets(self) -> list[frozenset[int]]:
        return list(self._matcher.sets)

    def seen(self, batch: pa.RecordBatch, raws: Raws) -> _Seen:
        if raws is None and "raw" in batch.schema.names:
            raws = batch.column("raw").to_pylist()
        if not raws:
            return _Seen(_NO_CODES, np.zeros(1, np.int64))
        return _narrow(lambda: np.arange(batch.num_rows), self._matcher.signatures(raws))


def _sources(plan: KernelPlan, numbers: Mapping[Atom, int], cache: Path | None) -> list[_Source]:
    by_field: dict[str, dict[Atom, int]] = {}
    for atom, number in numbers.items():
        by_field.setdefault(atom.field, {})[atom] = number
    fields = {field.name: field for field in plan.fields}
    found: list[_Source] = []
    for name, asked in by_field.items():
        pairs = {atom: number for atom, number in asked.items() if atom.op == "ref"}
        rest = {atom: number for atom, number in asked.items() if atom.op != "ref"}
        for atom, number in pairs.items():
            found.append(_Pair(fields[name], fields[atom.value.partition(":")[2]], atom, number))  # type: ignore[arg-type]
        if rest:
            found.append(_Whole(rest, cache) if name == KEYWORD else _Source(fields[name], rest, cache))  # type: ignore[arg-type]
    return found


def _narrow(codes: Callable[[], Codes], signatures: Sequence[int]) -> _Seen:
    """The same rows with codes into the distinct signatures, far fewer than the values, often one."""
    if len(set(signatures)) == 1:
        return _Seen(_NO_CODES, np.array(signatures[:1], np.int64))
    known, inverse = np.unique(np.array(signatures, np.int64), return_inverse=True)
    return _Seen(inverse[codes()], known)


_NO_CODES = np.zeros(0, np.int64)


class _Distinct:
    """A column's distinct values, None last where a row has none; codes only when asked for."""

    def __init__(self, batch: pa.RecordBatch, column: str) -> None:
        self.values: list[str | None] = [None]
        self._array: pa.DictionaryArray | None = None
        if column in batch.schema.names:
            array = batch.column(column)
            self._array = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array)
            values = self._array.dictionary.to_pylist()
            self.values = [*values, None] if self._array.null_count or not values else values
        self._rows = batch.num_rows

    def codes(self) -> Codes:
        """Index into `values` of each row."""
        if self._array is None:
            return np.zeros(self._rows, np.int64)
        indices = self._array.indices
        if indices.null_count:
            indices = indices.fill_null(len(self.values) - 1)
        codes: Codes = indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return codes


def distinct_tuples(
    batch: pa.RecordBatch, columns: tuple[str, ...]
) -> tuple[Codes, list[tuple[str | None, ...]]]:
    """Code of each row, and the distinct combinations of the columns' values."""
    found = [_Distinct(batch, column) for column in columns]
    parts = [(column.codes(), column.values) for column in found]
    groups, first = _grouped(
        [_Seen(codes, np.arange(len(values))) for codes, values in parts], batch.num_rows
    )
    tuples = [tuple(values[codes[row]] for codes, values in parts) for row in first.tolist()]
    return groups, tuples

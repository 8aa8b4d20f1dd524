"""Values of records become dictionary-encoded text columns."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import count
from operator import attrgetter, methodcaller
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
from msgspec.structs import astuple

Getter = Callable[[Any], Any]
Codes = np.ndarray[Any, np.dtype[np.int32]]

_TEXTS = frozenset({str})
_NOTHING = type(None)
_KEYS = frozenset({str, int, _NOTHING})


class Rows(list[Any]):
    """Rows that are read column by column; what all columns share of the work is done once."""

    @cached_property
    def cells(self) -> list[tuple[Any, ...]]:
        """The columns of rows that are structs, in the order of their fields."""
        return list(zip(*map(astuple, self), strict=True))

    @cached_property
    def names(self) -> set[str]:
        """The names that any of the rows has, which are mappings."""
        return set().union(*self)

    @cached_property
    def nothing(self) -> list[None]:
        """A column without values."""
        return [None] * len(self)


class Cell:
    """A getter of a struct's field by its name and number."""

    __slots__ = ("_get", "_number")

    def __init__(self, name: str, number: int) -> None:
        self._get, self._number = attrgetter(name), number

    def __call__(self, row: Any) -> Any:
        return self._get(row)

    def column(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The values of many rows: all are taken apart at once, in half the time."""
        return rows.cells[self._number] if isinstance(rows, Rows) else list(map(self._get, rows))


class Key:
    """A getter of a mapping's value by its key."""

    __slots__ = ("_get", "_name")

    def __init__(self, name: str) -> None:
        self._get, self._name = methodcaller("get", name), name

    def __call__(self, row: Any) -> Any:
        return self._get(row)

    def column(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The values of many rows. A log has many columns, and an event few of them."""
        if isinstance(rows, Rows) and self._name not in rows.names:
            return rows.nothing
        return list(map(self._get, rows))


class First:
    """A getter that gives the first of its getters' values that is not None."""

    def __init__(self, *getters: Getter) -> None:
        self._getters = getters

    def __call__(self, row: Any) -> Any:
        for get in self._getters:
            found = get(row)
            if found is not None:
                return found
        return None

    def column(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The values of many rows."""
        values: Sequence[Any] = []
        for get in self._getters:
            values = values_of(get, rows)
            kinds = set(map(type, values))
            if _NOTHING not in kinds:
                return values
            if len(kinds) > 1:
                return [
                    self(row) if found is None else found for found, row in zip(values, rows, strict=True)
                ]
        return values


def values_of(get: Getter, rows: Sequence[Any]) -> Sequence[Any]:
    """A getter's values of many rows, by its own `column` where it has one."""
    whole: Callable[[Sequence[Any]], Sequence[Any]] | None = getattr(get, "column", None)
    return whole(rows) if whole else list(map(get, rows))


class Column:
    """One column as it grows: each value's code, and the values in order of their first appearance.

    A getter that has a `column` of its own reads many rows at once.
    """

    __slots__ = ("_codes", "_get", "_pieces", "_rows")

    def __init__(self, get: Getter) -> None:
        self._get = get
        self._empty()

    def fold(self, rows: Sequence[Any]) -> None:
        """Add the rows' values."""
        self.extend(values_of(self._get, rows))

    def extend(self, values: Sequence[Any]) -> None:
        """Add values: texts, numbers, bools, None, lists and mappings."""
        if values[0] is None and values[-1] is None and values.count(None) == len(values):
            self._add(None, len(values))
            return
        kinds = set(map(type, values))
        if not _KEYS.issuperset(kinds):
            # Lists are no keys of a dict; 1, 1.0 and True are one key, but three texts in a log.
            values = [value if value is None or type(value) is str else text_of(value) for value in values]
        first = values[0]
        if len(kinds) == 1 and values[-1] == first and values.count(first) == len(values):
            self._add(first, len(values))
        else:
            self._pieces.append(np.fromiter(map(self._codes.__getitem__, values), np.int32, len(values)))
            self._rows += len(values)

    def _add(self, value: Any, times: int) -> None:
        """Add one value many times."""
        self._pieces.append((self._codes[value], times))
        self._rows += times

    def take(self) -> pa.DictionaryArray:
        """All values since the last take."""
        if len(self._codes) == 1 and None in self._codes:
            array = _nothing(self._rows)
        else:
            array = dictionary_of(list(self._codes), self._indices())
        self._empty()
        return array

    def _indices(self) -> Codes:
        indices = np.empty(self._rows, np.int32)
        start = 0
        for piece in self._pieces:
            code, size = piece if isinstance(piece, tuple) else (piece, len(piece))
            indices[start : start + size] = code
            start += size
        return indices

    def _empty(self) -> None:
        self._codes: defaultdict[Any, int] = defaultdict(count().__next__)
        self._pieces: list[Codes | tuple[int, int]] = []  # codes, or one code and how many times it comes
        self._rows = 0


_KIND = pa.dictionary(pa.int32(), pa.string())
_NOTHING_AT_ALL = pa.nulls(1 << 14, _KIND)


def _nothing(rows: int) -> pa.DictionaryArray:
    # Most columns of most batches; a slice costs a tenth of an array.
    return _NOTHING_AT_ALL.slice(0, rows) if rows <= len(_NOTHING_AT_ALL) else pa.nulls(rows, _KIND)


def encode(values: Sequence[Any]) -> pa.DictionaryArray:
    """dictionary<int32, string> of texts, null where a value is None.

    Numbers and bools become their JSON text, lists and mappings JSON text.
    """
    column = Column(_itself)
    if values:
        column.extend(values)
    return column.take()


def _itself(value: Any) -> Any:
    return value


def constant_column(value: str, rows: int) -> pa.DictionaryArray:
    """dictionary<int32, string> of one text in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([value], pa.string()))


def dictionary_of(distinct: list[Any], indices: Codes) -> pa.DictionaryArray:
    """The array of codes into `distinct`, null where that value is None (at most one may be)."""
    mask = None
    texts: list[str] = distinct
    kinds = set(map(type, distinct))
    if kinds == {int}:
        texts = list(map(str, distinct))
    elif not _TEXTS.issuperset(kinds):
        mask = indices == distinct.index(None) if None in distinct else None
        texts = [value if type(value) is str else text_of(value) or "" for value in distinct]
    return pa.DictionaryArray.from_arrays(pa.array(indices, mask=mask), _strings(texts))


def _strings(texts: list[str]) -> pa.Array:
    whole = "".join(texts)
    if whole.isascii() and len(whole) < 1 << 31:
        # Three times as fast as handing Arrow one text after the other.
        ends = np.zeros(len(texts) + 1, np.int32)
        np.cumsum(np.fromiter(map(len, texts), np.int32, len(texts)), out=ends[1:])
        buffers = [None, pa.py_buffer(ends), pa.py_buffer(whole.encode())]
        return pa.Array.from_buffers(pa.string(), len(texts), buffers)
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:  # lone surrogates, as JSON may escape them
        return pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.string())


def text_of(value: Any) -> str | None:
    """A value as text: `true` for True, `8524` for 8524, JSON for lists and mappings, None for None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if type(value) is int:
        return str(value)
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except orjson.JSONEncodeError:  # numbers past 64 bits, lone surrogates, very deep nesting
        return _patient_text_of(value)


def _patient_text_of(value: Any) -> str:
    try:
        return json.dumps(value, default=str, separators=(",", ":"))
    except RecursionError:
        return f"[{type(value).__name__} nested too deeply to be written]"

"""Records that name two times which do not agree, counted as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sakimori.records.clock import Micros, Zone, instants, time_column

_MINUTE = 60_000_000
APART = 5 * _MINUTE
_STEP = 30 * _MINUTE  # the step of the world's zones, but for a few small ones
_WIDEST = 14 * 60 * _MINUTE
Found = tuple[str, int] | None


def disagreement(data: pa.RecordBatch, time: Sequence[str], zone: Zone) -> Found:
    """`first, second` and the rows in which these two time columns are over five minutes apart; None if none.

    They are the first two of `time` that hold anything; rows whose clock is of another column do not count,
    nor do differences that a zone explains: whole half hours, up to fourteen hours.
    """
    return disagreements(data, np.zeros(1, np.int64), time, zone)[0]


def disagreements(data: pa.RecordBatch, starts: Micros, time: Sequence[str], zone: Zone) -> list[Found]:
    """The disagreement of each run of rows; `starts` are the rows at which runs begin, 0 being the first."""
    there = [entry for entry in time if _is_text(data, time_column(entry))]
    if len(there) < 2 or not data.num_rows:
        return [None] * len(starts)
    held = np.array([np.logical_or.reduceat(_codes(data, time_column(e)) >= 0, starts) for e in there])
    pairs = [tuple(np.flatnonzero(column)[:2].tolist()) for column in held.T]
    found: list[Found] = [None] * len(starts)
    for pair in {pair for pair in pairs if len(pair) == 2}:
        first, second = (there[number] for number in pair)
        counts = np.add.reduceat(_apart(data, first, second, zone).astype(np.int64), starts).tolist()
        names = f"{time_column(first)}, {time_column(second)}"
        for run, rows in enumerate(counts):
            if pairs[run] == pair and rows:
                found[run] = names, rows
    return found


def _apart(data: pa.RecordBatch, first: str, second: str, zone: Zone) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows whose clock comes from the first column and disagrees with the second, and no zone explains it."""
    rows, codes = _codes(data, "clock_source"), _codes(data, time_column(second))
    number = data.column("clock_source").dictionary.to_pylist().index(time_column(first))
    texts = data.column(time_column(second)).dictionary
    values, good = instants(texts, "UTC" if second == time_column(second) else zone.name)
    by = np.abs(pc.fill_null(data.column("clock"), 0).to_numpy() - values[codes])
    apart: np.ndarray[Any, np.dtype[np.bool_]] = (
        (by > APART) & (rows == number) & (codes >= 0) & good[codes] & _unexplained(by)
    )
    return apart


def _is_text(data: pa.RecordBatch, column: str) -> bool:
    if column not in data.schema.names:
        return False
    values = data.column(column)
    return bool(pa.types.is_dictionary(values.type) and len(values.dictionary))


def _codes(data: pa.RecordBatch, column: str) -> Micros:
    indices = data.column(column).indices
    codes: Micros = (pc.fill_null(indices, -1) if indices.null_count else indices).to_numpy()
    return codes


def _unexplained(by: Micros) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    beside = np.minimum(by % _STEP, _STEP - by % _STEP)
    return (beside > _MINUTE) | (by > _WIDEST + _MINUTE)

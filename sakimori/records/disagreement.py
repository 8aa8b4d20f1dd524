"""Records that name two times which do not agree, counted as they are read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sakimori.records.clock import Micros, Zone, instants, time_column

_MINUTE = 60_000_000
APART = 5 * _MINUTE
_STEP = 30 * _MINUTE  # the step of the world's zones, but for a few small ones
_WIDEST = 14 * 60 * _MINUTE


def disagreement(data: pa.RecordBatch, time: Sequence[str], zone: Zone) -> tuple[str, int] | None:
    """`first, second` and the rows in which these two time columns are over five minutes apart; None if none.

    They are the first two of `time` that hold anything; rows whose clock is of another column do not count,
    nor do differences that a zone explains: whole half hours, up to fourteen hours.
    """
    held = [entry for entry in time if _held(data, time_column(entry))][:2]
    if len(held) < 2:
        return None
    first, second = map(time_column, held)
    rows, codes = _codes(data, "clock_source"), _codes(data, second)
    number = data.column("clock_source").dictionary.to_pylist().index(first)
    texts = data.column(second).dictionary
    values, good = instants(texts, "UTC" if second == held[1] else zone.name)
    by = np.abs(pc.fill_null(data.column("clock"), 0).to_numpy() - values[codes])
    apart = (by > APART) & (rows == number) & (codes >= 0) & good[codes]
    count = int(_unexplained(by[apart]).sum()) if apart.any() else 0
    return (f"{first}, {second}", count) if count else None


def _held(data: pa.RecordBatch, column: str) -> bool:
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

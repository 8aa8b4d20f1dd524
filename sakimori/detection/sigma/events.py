"""Rules against events that stand in memory under Sigma's own field names: for rule cases and tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from sakimori.detection.sigma.bind import bind
from sakimori.detection.sigma.kernel import kernel
from sakimori.detection.sigma.pack import pack_of
from sakimori.detection.sigma.placeholders import NOTHING, Lists
from sakimori.records.batch import column_name, encode
from sakimori.records.catalogue import Log


def look(
    rules: Sequence[Mapping[str, Any]],
    events: Sequence[Mapping[str, object]],
    placeholders: Lists = NOTHING,
) -> list[frozenset[str]]:
    """For each event the ids of the rules that hold, whatever log they speak of; a refused one never does."""
    bound = bind(
        pack_of(rules, placeholders=placeholders).rules, Log(name="event", family="event", columns=()), {}
    )
    columns: dict[str, pa.Array] = {
        column_name(name): encode([event.get(name) for event in events]) for name in sorted(bound.asked)
    }
    columns["row"] = pa.array(range(len(events)), pa.int64())
    columns["raw"] = pa.array([orjson.dumps(dict(event), default=str) for event in events], pa.binary())
    found: list[frozenset[str]] = [frozenset()] * len(events)
    for fired in kernel(bound.plan)(iter((pa.RecordBatch.from_pydict(columns),))):
        for row, ids in zip(fired.column("row").to_pylist(), fired.column("rules").to_pylist(), strict=True):
            found[row] = frozenset(ids)
    return found


def refusals(rules: Sequence[Mapping[str, Any]], placeholders: Lists = NOTHING) -> dict[str, str]:
    """Why each refused rule was refused, by its id."""
    return {refused.name: refused.reason for refused in pack_of(rules, placeholders=placeholders).refused}

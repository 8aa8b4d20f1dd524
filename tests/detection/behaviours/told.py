"""A small fleet for behaviours: rows given in a table's own columns, asked through the whole engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sakimori.detection.behaviour import Behaviour
from sakimori.detection.run_behaviours import Heard, hear
from sakimori.engine.local import Local
from sakimori.records.catalogue import Catalogue, Log
from sakimori.tables import TABLES
from tests.rows import store_of

START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
_OWN = {name: [column.name for column in table.columns] for name, table in TABLES.items()}


def plain_logs() -> Catalogue:
    """One log a table, its native fields named as the table's columns."""
    logs = [
        Log(
            name=f"plain_{name}",
            family="plain",
            columns=("When", *columns),
            time=("When",),
            tables={name: {column: f'"{column}"' for column in columns}},
        )
        for name, columns in _OWN.items()
    ]
    return Catalogue(tuple(logs), "plain")


def at(days: float = 0, **row: object) -> dict[str, object]:
    """A row so many days after the start of the evidence."""
    return {"When": (START + timedelta(days=days)).isoformat(), **row}


def heard(
    tmp_path: Path, behaviour: Behaviour, unread: int = 0, **tables: Sequence[Mapping[str, object]]
) -> Heard:
    """What a behaviour says about these rows of each table, read with so many stretches of unread."""
    rows = {f"plain_{name}": given for name, given in tables.items()}
    store = store_of(tmp_path / "store", plain_logs(), rows, unread)
    with Local(store, plain_logs(), 200 << 20, tmp_path / "temp") as engine:
        return hear(engine, [behaviour])

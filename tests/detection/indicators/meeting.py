"""A small fleet in which indicators are looked for: rows in a table's columns, through the whole engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sakimori.detection.indicators.indicator import SYNTHETIC, Indicator, Source
from sakimori.detection.indicators.keeping import write
from sakimori.detection.indicators.match import Hearing, hear
from sakimori.engine.local import Local
from tests.detection.behaviours.told import plain_logs
from tests.rows import store_of

TODAY = datetime(2026, 3, 10, tzinfo=UTC)


def known(type_: str, value: str, **more: object) -> Indicator:
    """An indicator of an example source, reported ten days before the evidence begins."""
    facts = {
        "first_seen": "2026-02-20",
        "sources": (Source("CERT", "https://cert.example.org/1"),),
        "licence": "CC0-1.0",
    }
    tags = (SYNTHETIC, *more.pop("tags", ()))  # type: ignore[misc]
    return Indicator(type=type_, value=value, tags=tags, **{**facts, **more})  # type: ignore[arg-type]


def met(
    tmp_path: Path,
    indicators: Sequence[Indicator],
    name: str = "indicators.jsonl",
    also: Sequence[Path] = (),
    **tables: Sequence[Mapping[str, object]],
) -> Hearing:
    """What these indicators say about these rows of each table."""
    file = tmp_path / name
    write(file, indicators, [], "2026-03-01T00:00:00Z")
    rows = {f"plain_{table}": given for table, given in tables.items()}
    store = store_of(tmp_path / "store", plain_logs(), rows)
    with Local(store, plain_logs(), 200 << 20, tmp_path / "temp") as engine:
        return hear(engine, [file, *also], tmp_path / "temp", TODAY)

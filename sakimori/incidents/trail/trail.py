"""What is gathered around an incident's evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One record; `tie` is the type of entity that brought it in, `value` the entity."""

    clock: int | None
    log: str
    tie: str
    value: str
    file: str
    record: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """The records by clock, at most `LIMIT` of them; `records` is how many there are, `by` tie."""

    rows: tuple[TrailRow, ...]
    records: int
    by: Mapping[str, int]

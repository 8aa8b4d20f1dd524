"""What tests of readers share: a reader fed with bytes, its rows in order and what was unread."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from sakimori.evidence.reader import HEAD_BYTES, Reader, Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.catalogue import Catalogue, Log, catalogue
from sakimori.records.clock import Zone
from sakimori.records.plan import Plan, stored_only

Rows = list[dict[str, Any]]
PLACE = ("record", "offset")


def source(data: bytes, zone: str = "UTC") -> Source:
    """The whole of a member that holds `data`."""
    stream = cast(BinaryIO, io.BufferedReader(io.BytesIO(data)))
    return Source(path="e", stream=stream, head=data[:HEAD_BYTES], zone=Zone(zone))


def part(data: bytes, offset: int, record: int) -> Source:
    """The range of a member that starts at `offset`, where record `record` starts."""
    stream = cast(BinaryIO, io.BufferedReader(io.BytesIO(data[offset:])))
    return Source(path="e", stream=stream, head=data[:HEAD_BYTES], record=record, offset=offset)


def read(
    reader: Reader, data: bytes | Source, plan: Plan | None = None, logs: Catalogue | None = None
) -> tuple[Rows, list[Unread]]:
    """All rows in order of their records, with their log, nulls left out; and what was unread."""
    given = data if isinstance(data, Source) else source(data)
    rows: Rows = []
    unread: list[Unread] = []
    for found in reader.read(given, plan or stored_only(logs or catalogue())):
        if isinstance(found, Batch):
            rows += [{"log": found.stream.log.name, **row} for row in _rows(found)]
        else:
            unread.append(found)
    clean = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return sorted(clean, key=lambda row: row["record"]), unread


def _rows(batch: Batch) -> Rows:
    """The rows, with the record as it stood where rules search whole records."""
    rows: Rows = batch.data.to_pylist()
    if batch.stream.raw:
        rows = [{**row, "raw": raw} for row, raw in zip(rows, batch.raws, strict=True)]
    return rows


def asking(*names: str, raw: bool = False) -> Plan:
    """A plan whose rules ask every log for these columns besides."""

    def asked(log: Log, constants: Mapping[str, str]) -> tuple[frozenset[str], bool]:
        return frozenset(names), raw

    return Plan(catalogue(), asked)

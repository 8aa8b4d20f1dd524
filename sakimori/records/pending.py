"""Rows of logs too few for a Parquet file of their own: one Arrow file a segment, until they are merged.

A Parquet file of forty columns costs two milliseconds to write and two to read, whatever it holds, and a
segment may meet sixty logs. `pending.arrow` holds one Arrow stream a log, one after another; `pending.json`
says where each stands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from sakimori.records.durable import sync, write_json

_ROWS, _INDEX = "pending.arrow", "pending.json"
# Neither compressed nor threaded: with columns this short both cost ten times what they save.
_WRITE = pa.ipc.IpcWriteOptions(use_threads=False)
_READ = pa.ipc.IpcReadOptions(use_threads=False)


def write(directory: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write the rows of each log; nothing where there are none."""
    if not tables:
        return
    places: dict[str, tuple[int, int]] = {}
    with (directory / _ROWS).open("wb") as file:
        for log in sorted(tables):
            start = file.tell()
            with pa.ipc.new_stream(file, tables[log].schema, options=_WRITE) as stream:
                stream.write_table(tables[log].combine_chunks())
            places[log] = (start, file.tell() - start)
    sync(directory / _ROWS)
    write_json(directory / _INDEX, places)


def logs(directory: Path) -> dict[str, tuple[int, int]]:
    """Where the rows of each log stand: start and length."""
    path = directory / _INDEX
    if not path.is_file():
        return {}
    return {log: (place[0], place[1]) for log, place in json.loads(path.read_text(encoding="utf-8")).items()}


def batches(directory: Path, place: tuple[int, int]) -> Iterator[pa.RecordBatch]:
    """The rows that stand at a place."""
    with (directory / _ROWS).open("rb") as file:
        file.seek(place[0])
        data = file.read(place[1])
    with pa.ipc.open_stream(pa.py_buffer(data), options=_READ) as stream:
        yield from stream


def schema(directory: Path, place: tuple[int, int]) -> pa.Schema:
    """The columns of the rows that stand at a place."""
    with (directory / _ROWS).open("rb") as file:
        file.seek(place[0])
        with pa.ipc.open_stream(file) as stream:
            return stream.schema


def drop(directory: Path) -> None:
    """Forget the rows of a segment; the index goes first, so that a kill between the two leaves no half."""
    (directory / _INDEX).unlink(missing_ok=True)
    (directory / _ROWS).unlink(missing_ok=True)

"""Rows of many small segments become few files a log: three thousand tiny ones cost half a second a query."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sakimori.records import pending
from sakimori.records.column_file import ColumnFile
from sakimori.records.durable import sync, write_json
from sakimori.records.segment import HITS

# A query over 64 files costs some ten milliseconds more; writing rows twice costs two microseconds each.
SMALL = 1 << 20
FEW = 64
_ROWS = 1 << 16
_HELD = 8 << 20
_THREADS = 4


@dataclass(frozen=True, slots=True, order=True)
class _Rows:
    """Rows of one log: the tasks they come from; a Parquet file, or a place in pending rows."""

    tasks: tuple[str, ...]
    path: Path
    place: tuple[int, int] | None = None

    @property
    def schema(self) -> pa.Schema:
        return pq.read_schema(self.path) if self.place is None else pending.schema(self.path, self.place)

    @property
    def small(self) -> bool:
        return self.place is None and self.path.stat().st_size < SMALL

    def batches(self) -> Iterator[pa.RecordBatch]:
        if self.place is not None:
            yield from pending.batches(self.path, self.place)
            return
        with pq.ParquetFile(self.path) as parquet:
            yield from parquet.iter_batches(_ROWS, use_threads=False)


class Compaction:
    """Merges rows of a store. A merge counts from the moment `compacted.json` names it.

    Unpublishing comes first, then `keep`; so a kill between the two loses no rows in silence:
    the next start finds merged rows without a segment and drops them.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._index = root / "compacted.json"

    def live(self) -> tuple[dict[str, list[Path]], bool]:
        """The files that hold the rows of each log, each row once; whether some wait to be merged."""
        found = self._all()
        files = {log: [r.path for r in rows if r.place is None] for log, rows in found.items()}
        waiting = any(r.place for rows in found.values() for r in rows)
        return {log: paths for log, paths in files.items() if paths}, waiting

    def run(self, few: int = FEW) -> None:
        """Merge the rows of each log that wait, and its small files where there are more than `few`."""
        merged = self._merged()
        groups = [(log, group) for log, found in self._all().items() for group in _due(found, few)]
        # Arrow lets go of the interpreter's lock: logs are written side by side.
        with ThreadPoolExecutor(max_workers=min(_THREADS, os.cpu_count() or 1)) as threads:
            made = list(threads.map(lambda due: self._merge(due[0], due[1], frozenset()), groups))
        for (log, group), new in zip(groups, made, strict=True):
            merged[log] = sorted([*(m for m in merged[log] if m not in group), new])
        self._commit(merged)

    def lost(self) -> set[str]:
        """Tasks whose merged rows are gone from the disk: they must be read anew."""
        found = (rows for files in self._merged().values() for rows in files)
        return {task for rows in found if not rows.path.is_file() for task in rows.tasks}

    def keep(self, tasks: Set[str]) -> None:
        """Drop rows of all other tasks, files that a merge replaced, and merges that never counted."""
        merged = self._merged()
        for log, found in merged.items():
            merged[log] = sorted(new for rows in found for new in self._only(log, rows, tasks))
        self._commit(merged)

    def _only(self, log: str, rows: _Rows, tasks: Set[str]) -> list[_Rows]:
        gone = set(rows.tasks) - tasks
        if not gone:
            return [rows]
        return [self._merge(log, [rows], gone)] if set(rows.tasks) & tasks else []

    def _merged(self) -> defaultdict[str, list[_Rows]]:
        found: defaultdict[str, list[_Rows]] = defaultdict(list)
        if self._index.exists():
            for log, files in json.loads(self._index.read_text(encoding="utf-8")).items():
                base = self._root / "logs" / log
                found[log] = [_Rows(tuple(f["tasks"]), base / f["file"]) for f in files]
        return found

    def _all(self) -> dict[str, list[_Rows]]:
        found = self._merged()
        covered = {(log, task) for log, files in found.items() for rows in files for task in rows.tasks}
        for directory in self._root.glob("segments/*"):
            for log, rows in _of_segment(directory):
                if (log, directory.name) not in covered:
                    found[log].append(rows)
        return {log: sorted(found[log], key=_order) for log in sorted(found) if found[log]}

    def _merge(self, log: str, sources: list[_Rows], gone: Set[str]) -> _Rows:
        tasks = tuple(sorted({task for rows in sources for task in rows.tasks} - gone))
        digest = hashlib.sha256("\n".join(tasks).encode()).hexdigest()[:16]
        path = self._root / "logs" / log / f"{digest}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".parquet.partial")
        _copy(sources, partial, gone)
        partial.replace(path)
        sync(path.parent)
        return _Rows(tasks, path)

    def _commit(self, merged: defaultdict[str, list[_Rows]]) -> None:
        data = {
            log: [{"file": rows.path.name, "tasks": rows.tasks} for rows in found]
            for log, found in merged.items()
            if found
        }
        if data or self._index.exists():
            write_json(self._index, data)
            sync(self._root)
        self._sweep(merged)

    def _sweep(self, merged: defaultdict[str, list[_Rows]]) -> None:
        for path in self._root.glob("logs/*/*.parquet*"):
            if path not in {rows.path for rows in merged[path.parent.name]}:
                path.unlink()
        covered: defaultdict[str, set[str]] = defaultdict(set)
        for log, found in merged.items():
            for task in (task for rows in found for task in rows.tasks):
                covered[task].add(log)
        for directory in self._root.glob("segments/*"):
            _tidy(directory, covered[directory.name])


def _due(found: Sequence[_Rows], few: int) -> Iterator[list[_Rows]]:
    small = [rows for rows in found if rows.small]
    waiting = [rows for rows in found if rows.place]
    for group in _alike([*waiting, *(small if len(small) > few else ())]):
        yield sorted(group, key=_order)


def _of_segment(directory: Path) -> Iterator[tuple[str, _Rows]]:
    for path in directory.glob("*.parquet"):
        if path.stem != HITS:
            yield path.stem, _Rows((directory.name,), path)
    for log, place in pending.logs(directory).items():
        yield log, _Rows((directory.name,), directory, place)


def _tidy(directory: Path, covered: Set[str]) -> None:
    for path in directory.glob("*.parquet"):
        if path.stem in covered:
            path.unlink()
    waiting = pending.logs(directory)
    if waiting and set(waiting) <= covered:
        pending.drop(directory)


def _order(rows: _Rows) -> tuple[object, ...]:
    return rows.tasks, str(rows.path)


def _copy(sources: list[_Rows], target: Path, gone: Set[str]) -> None:
    file = ColumnFile(target, sources[0].schema)
    for source in sources:
        for batch in source.batches():
            file.append(batch.filter(_staying(batch.column("segment"), gone)) if gone else batch)
            if file.held > _HELD:
                file.flush()
    file.close()


def _staying(segments: pa.Array, gone: Set[str]) -> pa.Array:
    known = pa.array(sorted(gone), pa.string())
    return pc.invert(pc.is_in(segments.cast(pa.string()), value_set=known))


def _alike(files: Iterable[_Rows]) -> Iterator[list[_Rows]]:
    groups: defaultdict[str, list[_Rows]] = defaultdict(list)
    for rows in files:
        groups[rows.schema.to_string(show_schema_metadata=False)].append(rows)
    for key in sorted(groups):
        yield groups[key]

"""Many small files of a log become few: three thousand tiny Parquet files cost half a second a query."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sakimori.records.segment import ColumnFile, sync, write_json

SMALL = 16 << 20
FEW = 4
_ROWS = 1 << 16


@dataclass(frozen=True, slots=True, order=True)
class _Rows:
    """A file of one log and the tasks whose rows it holds, sorted."""

    tasks: tuple[str, ...]
    path: Path


class Compaction:
    """Merges files of a store. A merge counts from the moment `compacted.json` names it.

    Unpublishing comes first, then `keep`; so a kill between the two loses no rows in silence:
    the next start finds merged rows without a segment and drops them.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._index = root / "compacted.json"

    def live(self) -> dict[str, list[Path]]:
        """The files that hold the rows of each log, each row once."""
        return {log: [rows.path for rows in found] for log, found in self._all().items()}

    def run(self) -> None:
        """Merge each log's small files of equal columns, where there are more than a few."""
        merged = self._merged()
        for log, found in self._all().items():
            for group in _alike(rows for rows in found if rows.path.stat().st_size < SMALL):
                if len(group) > FEW:
                    new = self._merge(log, group, frozenset())
                    merged[log] = sorted([*(m for m in merged[log] if m not in group), new])
        self._commit(merged)

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

    def _sweep(self, merged: defaultdict[str, list[_Rows]]) -> None:
        for path in self._root.glob("logs/*/*.parquet*"):
            if path not in {rows.path for rows in merged[path.parent.name]}:
                path.unlink()
        for log, found in merged.items():
            for task in (task for rows in found for task in rows.tasks):
                (self._root / "segments" / task / f"{log}.parquet").unlink(missing_ok=True)

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
        for path in self._root.glob("segments/*/*.parquet"):
            log, task = path.stem, path.parent.name
            if log != "hits" and (log, task) not in covered:
                found[log].append(_Rows((task,), path))
        return {log: sorted(found[log]) for log in sorted(found) if found[log]}

    def _merge(self, log: str, sources: list[_Rows], gone: Set[str]) -> _Rows:
        tasks = tuple(sorted({task for rows in sources for task in rows.tasks} - gone))
        digest = hashlib.sha256("\n".join(tasks).encode()).hexdigest()[:16]
        path = self._root / "logs" / log / f"{digest}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".parquet.partial")
        _copy([rows.path for rows in sources], partial, gone)
        partial.replace(path)
        sync(path.parent)
        return _Rows(tasks, path)


def _copy(sources: list[Path], target: Path, gone: Set[str]) -> None:
    file = ColumnFile(target, pq.read_schema(sources[0]))
    for source in sources:
        with pq.ParquetFile(source, pre_buffer=False) as parquet:
            for batch in parquet.iter_batches(_ROWS):
                file.append(batch.filter(_staying(batch.column("segment"), gone)) if gone else batch)
                if file.held > SMALL:
                    file.flush()
    file.close()


def _staying(segments: pa.Array, gone: Set[str]) -> pa.Array:
    return pc.invert(pc.is_in(segments.cast(pa.string()), value_set=pa.array(sorted(gone), pa.string())))


def _alike(files: Iterable[_Rows]) -> Iterator[list[_Rows]]:
    groups: defaultdict[str, list[_Rows]] = defaultdict(list)
    for rows in files:
        groups[pq.read_schema(rows.path).to_string(show_schema_metadata=False)].append(rows)
    for key in sorted(groups):
        yield groups[key]

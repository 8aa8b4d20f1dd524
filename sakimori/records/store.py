"""The record store: Parquet segments, one file a log, published whole or not at all.

    store/
      lock                   held by the hunt that writes
      staging/<task>/        what a worker is writing; dropped at the next start
      segments/<task>/       published by one rename: <log>.parquet ..., hits.parquet, members.json, and
                             pending.arrow for logs of few rows, tally.json: which comparisons held
      logs/<log>/<hash>.parquet   rows of many segments, merged; segments keep members and hits
      compacted.json         which tasks each merged file holds; replacing it is the moment a merge counts

A task is a group of members, or a range of a large one; its name is a hash of everything its content depends
on, so a task that stands published need not run again. A row stands in (segment, member, record, offset):
`segment` is the task, `member` an index into its members.json.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any, Self

import orjson

from sakimori.errors import EngineError
from sakimori.records.compaction import FEW, Compaction
from sakimori.records.lock import Lock
from sakimori.records.segment import TALLY, SegmentWriter

__all__ = ["SegmentWriter", "Store"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class Store:
    """The published rows of a case. Making one touches nothing; `open` takes the lock and cleans up.

    Workers need no lock: they make a Store of the same root and write into `staging`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = Lock(root / "lock")
        self._compaction = Compaction(root)

    def open(self) -> Self:
        """This store, locked for one writer; what was never published is gone.

        Raises EngineError where another process holds the case.
        """
        for name in ("staging", "segments", "logs"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        shutil.rmtree(self.root / "staging")
        (self.root / "staging").mkdir()
        self.retain(set(self.tasks()) - self._compaction.lost())
        return self

    def close(self) -> None:
        """Give the lock back."""
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def staging(self, task: str) -> Path:
        """An empty directory for a worker to write this task into."""
        path = self.root / "staging" / _checked(task)
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def publish(self, task: str) -> None:
        """Make a finished task part of the store, in one step; a task published before stays as it is."""
        staged = self.root / "staging" / _checked(task)
        if self.published(task):
            shutil.rmtree(staged, ignore_errors=True)
            return
        if not (staged / "members.json").is_file():
            raise EngineError(f"the task {task} was not finished by its worker: run the hunt again")
        # The files are on disk; should the power take the rename away, the task is merely read anew.
        staged.rename(self._segment(task))

    def published(self, task: str) -> bool:
        """Whether this task stands in the store and need not run."""
        return (self._segment(task) / "members.json").is_file()

    def tasks(self) -> list[str]:
        """The published tasks, sorted."""
        return sorted(path.parent.name for path in self.root.glob("segments/*/members.json"))

    def members(self) -> Iterator[dict[str, Any]]:
        """Every entry of every members.json, with its `segment`, sorted by segment and index."""
        for task in self.tasks():
            entries = json.loads((self._segment(task) / "members.json").read_text(encoding="utf-8"))
            for entry in sorted(entries, key=lambda e: int(e["index"])):
                yield {**entry, "segment": task}

    def files(self) -> dict[str, list[Path]]:
        """The Parquet files of each log, by log name; every row stands in exactly one of them.

        Raises EngineError before `compact`, when some rows are in no Parquet file yet.
        """
        files, waiting = self._compaction.live()
        if waiting:
            raise EngineError(f"the hunt of {self.root.parent} did not end: run it again")
        return files

    def tallies(self) -> Iterator[Any]:
        """What each segment keeps of the comparisons that held; one of an older Sakimori keeps nothing."""
        for file in sorted(self.root.glob(f"segments/*/{TALLY}")):
            yield orjson.loads(file.read_bytes())

    def hits(self) -> list[Path]:
        """The files of rule hits, one for each task that had any."""
        return sorted(self.root.glob("segments/*/hits.parquet"))

    def retain(self, tasks: Set[str]) -> None:
        """Remove every segment that is not among `tasks`, with its merged rows."""
        gone = set(self.tasks()) - tasks
        for task in sorted(gone):
            # Out of sight in one step, so that a kill half-way leaves no half segment.
            doomed = self.root / "staging" / f"gone-{task}"
            self._segment(task).rename(doomed)
            shutil.rmtree(doomed)
        self._compaction.keep(set(self.tasks()))

    def compact(self, few: int = FEW) -> None:
        """Merge the rows of many segments into few files a log; call it when all is published.

        Up to `few` small files of a log are left as they are.
        """
        self._compaction.run(few)

    def _segment(self, task: str) -> Path:
        return self.root / "segments" / _checked(task)


def _checked(task: str) -> str:
    if not _NAME.fullmatch(task):
        raise EngineError(f"{task!r} is no name for a task: letters, digits, '_', '.', '-' only")
    return task

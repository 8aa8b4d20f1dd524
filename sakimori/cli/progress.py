"""Progress of a hunt on the terminal: bytes, rate and time left, and the files being read now."""

from __future__ import annotations

from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from sakimori.response.hostile import for_terminal
from sakimori.tongue import Tongue, tongue

FILES_SHOWN = 4
_STAGES = {
    "rules": "Loading rules",
    "read": "Reading evidence",
    "judge": "Judging",
    "join": "Joining findings",
    "write": "Writing the case",
}


class _Shown:
    """A display that is there while its context is, and only on a terminal."""

    _shown: bool
    _progress: Progress

    def __enter__(self) -> Self:
        if self._shown:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._progress.stop()


class Watching(_Shown):
    """Shows what a hunt reports; `quiet` shows nothing. Use it as a context."""

    def __init__(self, console: Console, lang: str, quiet: bool = False) -> None:
        self._say = tongue(lang)
        self._shown = not quiet and console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TextColumn("{task.fields[events]}", markup=False),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._files: dict[str, TaskID] = {}
        self._sizes: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._whole: TaskID | None = None
        self._records = 0
        self._began = monotonic()

    def stage(self, name: str) -> None:
        """A new stage has begun."""
        if name == "read":
            self._began = monotonic()
        if self._shown:
            self._all(description=self._say(_STAGES[name]))

    def read(self, path: str, count: int, records: int) -> None:
        """`count` more bytes of a file were read; a negative count tells how many it has."""
        if count < 0:
            self._sizes[path] = -count
            return
        self._records += records
        self._done[path] = self._done.get(path, 0) + count
        if self._shown:
            self._draw(path)

    def _draw(self, path: str) -> None:
        size = self._sizes.get(path, 0)
        seconds = max(monotonic() - self._began, 0.001)
        rate = self._say(
            "{n} events, {rate} a second", n=f"{self._records:,}", rate=f"{self._records / seconds:,.0f}"
        )
        self._all(completed=sum(self._done.values()), total=sum(self._sizes.values()), events=rate)
        if path in self._files:
            self._progress.update(self._files[path], completed=self._done[path])
        elif len(self._files) < FILES_SHOWN and self._done[path] < size:
            name = for_terminal(path)
            self._files[path] = self._progress.add_task(f"  {name[-48:]}", total=size, events="")
        if self._done[path] >= size and path in self._files:
            self._progress.remove_task(self._files.pop(path))

    def _all(self, **shown: object) -> None:
        if self._whole is None:
            self._whole = self._progress.add_task("", total=None, events="")
        self._progress.update(self._whole, **shown)  # type: ignore[arg-type]


class Days(_Shown):
    """Shows how many days of a scenario are written. Use it as a context."""

    def __init__(self, console: Console, say: Tongue) -> None:
        self._say = say
        self._shown = console.is_terminal
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("", total=None)

    def told(self, done: int, days: int, records: int) -> None:
        """`done` of `days` are written, `records` so far."""
        words = self._say("Writing day {day} of {days}: {n} records", day=done, days=days, n=f"{records:,}")
        self._progress.update(self._task, description=words, completed=done, total=days)

"""Tasks spread over worker processes, in order of finishing, with progress on the way."""

from __future__ import annotations

import gc
import multiprocessing as mp
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, TypeVar

import pyarrow as pa

from sakimori.errors import EngineError

T = TypeVar("T")
R = TypeVar("R")
Report = Callable[..., None]
Make = Callable[[Any, Report], Callable[[T], R]]  # (setting, report) -> job

_POLL = 0.2
_job: Callable[[Any], Any] | None = None


class Workers(Generic[T, R]):
    """Runs one kind of job. `make` and `setting` travel to each worker, which builds its job from them once.

    With one worker everything happens in this process. `report` receives what jobs report, in this process.
    """

    def __init__(self, count: int, make: Make[T, R], setting: Any, report: Report) -> None:
        self._count = max(1, count)
        self._make, self._setting, self._report = make, setting, report

    def run(self, tasks: Iterator[T]) -> Iterator[R]:
        """Each task's result as it comes. Raises EngineError where a worker died; finished work stays."""
        if self._count == 1:
            job = self._make(self._setting, self._report)
            yield from map(job, tasks)
            return
        context = mp.get_context("spawn")
        reports = context.Queue()
        setting = (self._make, self._setting, reports)
        pool = ProcessPoolExecutor(self._count, mp_context=context, initializer=_start, initargs=setting)
        try:
            yield from self._spread(pool, tasks, reports)
        except BrokenProcessPool as problem:
            raise EngineError(
                "A worker process ended unexpectedly, most likely for lack of memory. What was finished is "
                "kept: run the same command again, with fewer --workers or a smaller --memory."
            ) from problem
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            # A result may overtake the last reports; when the workers are gone, all of them have come.
            self._pass_on(reports)

    def _spread(self, pool: ProcessPoolExecutor, tasks: Iterator[T], reports: Any) -> Iterator[R]:
        running: set[Future[R]] = set()
        more = True
        while more or running:
            # Few tasks wait in line: making one may mean hashing gigabytes, and an interrupt should be quick.
            while more and len(running) < 2 * self._count:
                task = next(tasks, None)
                more = task is not None
                if task is not None:
                    running.add(pool.submit(_run, task))
            done, running = wait(running, timeout=_POLL, return_when=FIRST_COMPLETED)
            self._pass_on(reports)
            for future in done:
                yield future.result()

    def _pass_on(self, reports: Any) -> None:
        while True:
            try:
                self._report(*reports.get_nowait())
            except queue.Empty:
                return


def _start(make: Make[Any, Any], setting: Any, reports: Any) -> None:
    global _job  # noqa: PLW0603 - the one thing a worker process is for
    _give_memory_back()
    gc.disable()  # batches of plain values hold no cycles, and collecting costs a tenth of the time
    _job = make(setting, lambda *facts: reports.put(facts))


def _give_memory_back() -> None:
    # mimalloc, Arrow's default, keeps what it freed: 100 MB more a worker, for 3 % less time.
    if "jemalloc" in pa.supported_memory_backends():
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(100)


def _run(task: Any) -> Any:
    assert _job is not None
    return _job(task)

"""Worker processes: the same results as in this process, reports on the way, and a death that is told."""

from __future__ import annotations

import pytest

from sakimori.engine.workers import Workers
from sakimori.errors import EngineError
from tests.engine.jobs import doomed, squares


@pytest.mark.parametrize("count", [1, 2])
def test_every_task_is_done_once_and_reported(count: int) -> None:
    heard: list[tuple[object, ...]] = []
    work: Workers[int, int] = Workers(count, squares, 100, lambda *facts: heard.append(facts))
    assert sorted(work.run(iter(range(7)))) == [100 + n * n for n in range(7)]
    assert sorted(heard) == [("number", n, 1) for n in range(7)]


def test_a_worker_that_dies_is_told_with_what_to_do() -> None:
    work: Workers[int, int] = Workers(2, doomed, 3, lambda *facts: None)
    with pytest.raises(EngineError, match="run the same command again"):
        list(work.run(iter(range(6))))

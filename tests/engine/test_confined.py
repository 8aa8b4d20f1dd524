"""A function in a process of its own: whatever it does, the hunt gets an answer or a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sakimori.engine.confined import Bounds, Confined, Stopped

JOB = "tests.engine.confined_jobs:misbehaving"


@pytest.fixture
def confined(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Confined]:
    """The job with little room."""
    monkeypatch.setenv("A_SECRET", "of the house")
    made = Confined(
        JOB, {"said": "before", "folder": str(tmp_path)}, Bounds(memory=256 << 20, processor=1, wall=5)
    )
    yield made
    made.close()


def test_an_answer_comes_back_and_the_environment_does_not_go_in(confined: Confined) -> None:
    answer = confined.ask({"do": "answer"})
    assert (answer["said"], answer["environment"]) == ("before", [])


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("much memory", "it took more memory than it may"),
        ("failing", r"its parser failed \(IndexError: list index out of range\)"),
        ("dying", r"its parser ended unexpectedly \(code 7\)"),
        ("much work", "it took more than 1 seconds of processor time"),
        ("writing", r"its parser failed \(OSError: \[Errno 27\] File too large"),
    ],
)
def test_what_goes_wrong_is_a_reason_and_the_next_question_is_answered(
    confined: Confined, deed: str, reason: str
) -> None:
    with pytest.raises(Stopped, match=reason):
        confined.ask({"do": deed})
    assert confined.ask({"do": "answer"})["said"] == "before"


def test_one_that_does_not_end_is_ended() -> None:
    waiting = Confined(JOB, {}, Bounds(wall=0.5))
    with pytest.raises(Stopped, match="it took more than 0 seconds"):
        waiting.ask({"do": "no end"})
    waiting.close()


def test_what_it_prints_is_no_answer(confined: Confined) -> None:
    assert confined.ask({"do": "printing"})["said"] == "before"

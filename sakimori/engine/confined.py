"""One function in a process of its own, with limits: for parsers of what attackers wrote.

The process is asked over pipes and answers in JSON: whatever a hostile file makes of it, it cannot send code
back. It gets nothing of the environment, writes no files, and is ended when it takes too long.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

Job = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_LONGEST_ANSWER = 4 << 20
_HOME = str(Path(__file__).resolve().parents[2])


class Stopped(Exception):
    """The question has no answer; the message completes "not analysed because ..."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one question may take: bytes of memory, seconds of processor time, seconds on the wall.

    Memory is what the process may write to (RLIMIT_DATA): engines like YARA-X reserve gigabytes of addresses
    that they never use, so that a limit on addresses would end them at once.
    """

    memory: int = 1 << 30
    processor: int = 20
    wall: float = 60.0


class Confined:
    """A job behind limits. `job` is `module:function`; `function(setting)` gives what answers questions.

    The process starts with the first question, serves many, and is started anew after it was ended.
    """

    def __init__(
        self, job: str, setting: Mapping[str, Any] | None = None, bounds: Bounds | None = None
    ) -> None:
        self._job, self._setting, self._bounds = job, dict(setting or {}), bounds or Bounds()
        self._process: subprocess.Popen[bytes] | None = None
        self._end: weakref.finalize[Any, Any] | None = None

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer. Raises Stopped where a limit was hit, or the job failed or ended."""
        process = self._running()
        try:
            line = self._exchange(process, orjson.dumps(question) + b"\n")
        except (BrokenPipeError, EOFError):
            raise Stopped(self._why_ended(process)) from None
        answer: dict[str, Any] = orjson.loads(line)
        if "stopped" in answer:
            raise Stopped(answer["stopped"])
        found: dict[str, Any] = answer["answer"]
        return found

    def close(self) -> None:
        """End the process, if there is one."""
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = self._started()
            self._end = weakref.finalize(self, _ended, self._process)
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        setting = {"job": self._job, "setting": self._setting}
        limits = {"memory": self._bounds.memory, "processor": self._bounds.processor}
        # -P: nothing is imported from the current folder, which may be the evidence.
        command = [sys.executable, "-P", "-m", __name__, orjson.dumps(setting | limits).decode()]
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": _HOME, "PYTHONUTF8": "1"},
        )  # fmt: skip

    def _exchange(self, process: subprocess.Popen[bytes], question: bytes) -> bytes:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(question)
        process.stdin.flush()
        end, found = time.monotonic() + self._bounds.wall, bytearray()
        while not found.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                self.close()
                raise Stopped(f"it took more than {self._bounds.wall:.0f} seconds")
            piece = os.read(process.stdout.fileno(), 1 << 16)
            if not piece:
                raise EOFError
            found += piece
            if len(found) > _LONGEST_ANSWER:
                self.close()
                raise Stopped("what was found in it is too long")
        return bytes(found)

    def _why_ended(self, process: subprocess.Popen[bytes]) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        code = process.returncode
        self.close()
        if code == -signal.SIGXCPU:
            return f"it took more than {self._bounds.processor} seconds of processor time"
        return f"its parser ended unexpectedly ({_name(code)})"


def _name(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"code {code}"


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def serve(order: Mapping[str, Any]) -> None:
    """Answer questions from standard input until it ends; what a confined process does."""
    # Libraries may print: their words must not be taken for answers.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    module, _, function = order["job"].partition(":")
    answer: Job = getattr(import_module(module), function)(order["setting"])
    limit_memory(order["memory"])
    for line in sys.stdin.buffer:
        limit_processor(order["processor"])
        answers.write(orjson.dumps(answered(answer, orjson.loads(line))) + b"\n")


def answered(answer: Job, question: Mapping[str, Any]) -> dict[str, Any]:
    """The answer, or why there is none: whatever a parser raises on a hostile file is a reason."""
    try:
        return {"answer": answer(question)}
    except MemoryError:
        return {"stopped": "it took more memory than it may"}
    except RecursionError:
        return {"stopped": "it is nested too deeply"}
    except Exception as problem:
        # The one wall between a hostile file and the hunt: a parser may raise anything.
        return {"stopped": f"its parser failed ({type(problem).__name__}: {str(problem)[:200]})"}


def limit_memory(count: int) -> None:
    """Bytes this process may write to; no files, no image of a crash."""
    try:
        import resource
    except ImportError:  # Windows has none of this: there the wall clock alone guards
        return
    resource.setrlimit(resource.RLIMIT_DATA, (count, count))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def limit_processor(seconds: int) -> None:
    """Seconds of processor time from now on; the limit is one of the whole process, so it moves along."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    serve(orjson.loads(sys.argv[1]))

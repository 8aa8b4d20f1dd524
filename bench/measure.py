"""Runs a command and says how long it took and how much memory its whole tree of processes held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Run:
    """Wall seconds, processor seconds, peak proportional set size in bytes, exit code, standard output."""

    wall: float
    cpu: float
    peak: int
    code: int
    output: str


def measured(command: Sequence[str], folder: Path) -> Run:
    """What running the command costs. Its output goes through a file in `folder`."""
    out = folder / "output.txt"
    began = time.perf_counter()
    before = os.times()
    with out.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.STDOUT)
        peak = _watched(process)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(time.perf_counter() - began, cpu, peak, process.returncode, out.read_text(errors="replace"))


def _watched(process: subprocess.Popen[bytes]) -> int:
    peak = 0
    while process.poll() is None:
        peak = max(peak, _held(process.pid))
        time.sleep(_EVERY)
    return peak


def _held(pid: int) -> int:
    try:
        parent = psutil.Process(pid)
        tree = [parent, *parent.children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(map(_own, tree))


def _own(process: psutil.Process) -> int:
    try:
        memory = process.memory_full_info()
    except psutil.Error:
        return 0
    return int(getattr(memory, "pss", memory.rss))


def sakimori(*arguments: object) -> list[str]:
    """The command line of Sakimori in this environment."""
    return [str(Path(sys.executable).with_name("sakimori")), *map(str, arguments)]

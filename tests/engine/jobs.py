"""Jobs for tests of worker processes; they stand in a module so that a new process finds them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from sakimori.engine.workers import Report


def squares(setting: int, report: Report) -> Callable[[int], int]:
    """Squares a number, adds the setting, and reports the number."""

    def job(number: int) -> int:
        report("number", number, 1)
        return number * number + setting

    return job


def doomed(setting: int, report: Report) -> Callable[[int], int]:
    """Kills its process on the number of the setting, as a machine without memory would."""

    def job(number: int) -> int:
        if number == setting:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    return job

"""A limit of time for parsers that can be told to stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Protocol


class Abortable(Protocol):
    """What libyal's file objects are: another thread may ask them to give up."""

    def signal_abort(self) -> None: ...


@contextmanager
def ends_after(seconds: float, file: Abortable) -> Iterator[None]:
    """Asks `file` to give up once the time is over; its next call then raises OSError."""
    timer = Timer(seconds, file.signal_abort)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()

"""One case, one writer: a lock that the system takes back when its holder dies."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import BinaryIO

from sakimori.errors import EngineError

# Windows locks bytes, not files; this one lies past the note, so that others can still read who holds it.
_FAR = 1 << 30


class Lock:
    """An exclusive lock on a file; EngineError names the holder where another has it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def acquire(self) -> None:
        """Take the lock and note who holds it."""
        file = self._path.open("a+b")
        try:
            _take(file)
        except OSError as error:
            file.close()
            raise EngineError(
                f"the case {self._path.parent} is in use by {_holder(self._path)}: "
                "wait for it to end, or name another case with --case"
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back; nothing happens where it is not held."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _holder(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") or "another process"


if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(0)
else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

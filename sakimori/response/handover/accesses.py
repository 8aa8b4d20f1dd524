"""Who opened what of a case and when: `custody/access.jsonl`, each line sealed to the one before.

`hash` is the SHA-256 of the line as JSON with sorted keys and without it; `previous` is the hash of the line
before, 64 zeros for the first. A seal and a handover name the head, so a log that was cut or written anew is
found by whoever has one of them.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import orjson

from sakimori.errors import EngineError, UsageError
from sakimori.records.lock import Lock
from sakimori.response.folder import make_folder

CUSTODY, LOG, LOCK = "custody", "access.jsonl", "access.lock"
BEGINNING = "0" * 64
_PATIENCE, _PAUSE = 5.0, 0.05


class Access(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line. `at` is RFC 3339 in UTC, `verb` show, handover, seal or verify, `what` was opened."""

    n: int
    at: str
    who: str
    verb: str
    what: str
    previous: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Accesses:
    """The lines up to the first that does not hold; `wrong` is its number, 0 where all hold."""

    rows: tuple[Access, ...]
    wrong: int = 0

    @property
    def head(self) -> str:
        """The last line's hash; 64 zeros where nobody opened anything."""
        return self.rows[-1].hash if self.rows else BEGINNING


def note(case: Path, verb: str, what: str, who: str = "", now: datetime | None = None) -> Access:
    """The line that was added. Raises UsageError where it cannot be written or the log does not hold."""
    folder = make_folder(case / CUSTODY)
    with _alone(folder):
        before = accesses(case)
        if before.wrong:
            raise UsageError(
                f"{folder / LOG}: line {before.wrong} does not follow the one before it. Keep the file."
            )
        row = Access(
            n=len(before.rows) + 1, at=(now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            who=who or getpass.getuser(), verb=verb, what=what, previous=before.head,
        )  # fmt: skip
        row = msgspec.structs.replace(row, hash=_hash(row))
        _append(folder / LOG, msgspec.json.encode(row) + b"\n")
    return row


def accesses(case: Path) -> Accesses:
    """The log of a case, checked line by line; empty where there is none."""
    rows: list[Access] = []
    try:
        lines = (case / CUSTODY / LOG).read_bytes().splitlines()
    except OSError:
        return Accesses(())
    for number, line in enumerate(lines, 1):
        try:
            row = msgspec.json.decode(line, type=Access)
        except (msgspec.DecodeError, ValueError):
            return Accesses(tuple(rows), number)
        follows = row.n == number and row.previous == (rows[-1].hash if rows else BEGINNING)
        if not follows or row.hash != _hash(row):
            return Accesses(tuple(rows), number)
        rows.append(row)
    return Accesses(tuple(rows))


def _hash(row: Access) -> str:
    plain = msgspec.to_builtins(row)
    del plain["hash"]
    return hashlib.sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _append(file: Path, line: bytes) -> None:
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as out:
            out.write(line)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror}).") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock, until = Lock(folder / LOCK), time.monotonic() + _PATIENCE
    while True:
        try:
            lock.acquire()
            break
        except EngineError:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
        except OSError as error:
            raise UsageError(f"{folder}: cannot be written ({error.strerror}).") from error
    try:
        yield
    finally:
        lock.release()

"""A case as it stands, signed: `custody/seal-0001.json` names every file with its hash."""

from __future__ import annotations

import getpass
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from sakimori import __version__
from sakimori.errors import SignatureError, UsageError
from sakimori.response.contract import MANIFEST
from sakimori.response.folder import make_folder, write_file
from sakimori.response.handover.accesses import BEGINNING, CUSTODY, accesses
from sakimori.signing import PublicKey, SecretKey, Signature, sign
from sakimori.signing.trusted import signer

SCHEMA = "urn:sakimori:seal:1"
# What every run writes anew and nothing is told from: locks, and the store's scratch folders.
_PASSING = frozenset({"store/spill", "store/staging"})


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A file and its SHA-256."""

    path: str
    bytes: int
    sha256: str


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """All files of a case at one moment, the state of its log of accesses, and the seal before it."""

    schema: str
    n: int
    sealed: str
    by: str
    sakimori: str
    files: tuple[Sealed, ...]
    accesses: int
    access_head: str
    previous: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind` is changed, missing, added, or chain."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found; `changes` is empty where everything is as it was signed."""

    what: str
    signed_by: str
    when: str
    files: int
    head: str
    changes: tuple[Change, ...]


def seal(case: Path, key: SecretKey, by: str = "", now: datetime | None = None) -> Path:
    """The new seal's file, signed. Raises UsageError for no case, or one whose log does not hold."""
    if not (case / MANIFEST).is_file():
        raise UsageError(f"{case} is no case folder: it holds no {MANIFEST}.")
    log, before = accesses(case), seals(case)
    if log.wrong:
        raise UsageError(f"{case}: line {log.wrong} of the log of accesses does not hold; nothing is sealed.")
    made = Seal(
        schema=SCHEMA, n=len(before) + 1, sealed=(now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        by=by or getpass.getuser(), sakimori=__version__, files=tuple(hashed(case)), accesses=len(log.rows),
        access_head=log.head, previous=digest(before[-1].read_bytes()) if before else BEGINNING,
    )  # fmt: skip
    data = msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"
    name, folder = f"seal-{made.n:04}.json", make_folder(case / CUSTODY)
    comment = f"sakimori seal {made.n} made {made.sealed}"
    write_file(folder, f"{name}.minisig", [sign(data, key, comment).text.encode()])
    return write_file(folder, name, [data])


def seals(case: Path) -> list[Path]:
    """The case's seals, the oldest first."""
    return sorted((case / CUSTODY).glob("seal-[0-9][0-9][0-9][0-9].json"))


def hashed(folder: Path) -> Iterator[Sealed]:
    """Every file that counts, by path."""
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and not file.is_symlink() and not _passing(path):
            yield Sealed(path=path, bytes=file.stat().st_size, sha256=file_digest(file))


def _passing(path: str) -> bool:
    name = path.rpartition("/")[2]
    inside = path.startswith(f"{CUSTODY}/") or any(path.startswith(f"{place}/") for place in _PASSING)
    return inside or name == "lock" or name.endswith(".lock")


def check(case: Path, keys: Sequence[PublicKey]) -> Verdict:
    """The case against its last seal.

    Raises UsageError where it was never sealed, SignatureError where the seal is not signed by one of these.
    """
    found = seals(case)
    if not found:
        raise UsageError(f"{case} was never sealed: sakimori seal {case}.")
    data = found[-1].read_bytes()
    made, key = _signed(found[-1], data, keys)
    return Verdict(
        what=str(case), signed_by=key.id, when=made.sealed, files=len(made.files), head=digest(data),
        changes=(*_chain(case, found, made), *compared(made.files, tuple(hashed(case)))),
    )  # fmt: skip


def _signed(file: Path, data: bytes, keys: Sequence[PublicKey]) -> tuple[Seal, PublicKey]:
    try:
        text = file.with_name(f"{file.name}.minisig").read_text(encoding="utf-8", errors="replace")
        key = signer(data, Signature.of(text), tuple(keys))
        return msgspec.json.decode(data, type=Seal), key
    except OSError as error:
        raise SignatureError(f"{file}: its signature cannot be read ({error.strerror}).") from error
    except (msgspec.DecodeError, ValueError) as error:
        raise SignatureError(f"{file}: it is no seal ({error}).") from error
    except SignatureError as error:
        raise SignatureError(f"{file}: {error}") from error


def _chain(case: Path, found: Sequence[Path], made: Seal) -> Iterator[Change]:
    """Seals and accesses that do not follow one another as the last seal says."""
    before = digest(found[-2].read_bytes()) if len(found) > 1 else BEGINNING
    if made.n != len(found) or made.previous != before:
        yield Change("chain", f"{CUSTODY}/{found[-1].name}")
    log = accesses(case)
    there = log.rows[made.accesses - 1].hash if len(log.rows) >= made.accesses > 0 else BEGINNING
    if log.wrong or there != made.access_head:
        yield Change("chain", f"{CUSTODY}/access.jsonl")


def compared(then: Sequence[Sealed], now: Sequence[Sealed]) -> Iterator[Change]:
    """What differs, by path."""
    old, new = ({one.path: one.sha256 for one in files} for files in (then, now))
    for path in sorted(old.keys() | new.keys()):
        if path not in new:
            yield Change("missing", path)
        elif path not in old:
            yield Change("added", path)
        elif old[path] != new[path]:
            yield Change("changed", path)


def digest(data: bytes) -> str:
    """The SHA-256 of the bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def file_digest(file: Path) -> str:
    """The SHA-256 of a file. Raises UsageError where it cannot be read."""
    try:
        with file.open("rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error

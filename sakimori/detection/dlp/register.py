"""The register: keyed hashes, labels and owners. Whoever reads it learns nothing that is sensitive."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec

from sakimori.detection.dlp.key import keyed
from sakimori.errors import UsageError

SCHEMA = "urn:sakimori:dlp:1"
_CHECK = "this register's key"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing registered under a label. `kind` is document, text, value, class or identifier.

    `hashes` are keyed; `patterns` (of file names, for `class`) and `identifiers` (kinds of KINDS) are plain.
    """

    kind: str
    label: str
    owner: str
    added: str
    hashes: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """All entries; `check` tells whether a key is the one they were made with."""

    schema: str
    check: str
    entries: tuple[Entry, ...] = ()


def empty(key: bytes) -> Register:
    """A register with nothing in it yet."""
    return Register(schema=SCHEMA, check=keyed(key, "check", _CHECK))


def read_register(path: Path, key: bytes) -> Register:
    """The register of a file. Raises UsageError where it is none, or was made with another key."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Register)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UsageError(f"{path} is no register of `sakimori dlp register`.") from None
    if found.schema != SCHEMA:
        raise UsageError(f"{path} is a register of another version ({found.schema}).")
    if found.check != keyed(key, "check", _CHECK):
        raise UsageError(f"{path} was made with another key: nothing of it could be found with this one.")
    return found


def write_register(path: Path, register: Register) -> None:
    """Writes the file anew, mode 0600, as a whole or not at all. Raises UsageError where it cannot."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(msgspec.json.format(msgspec.json.encode(register), indent=1) + b"\n")
        draft.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)

"""The owner's key: without it a register says nothing, and no two registers can be compared."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from sakimori.errors import UsageError

_SIZE = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_key(path: Path) -> None:
    """Writes a new key, 32 random bytes in hexadecimal, mode 0600. Raises UsageError where it cannot."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(_SIZE) + "\n")
    except FileExistsError:
        raise UsageError(f"{path} is there already; a key is never written over.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def read_key(path: Path) -> bytes:
    """The key. Raises UsageError where it is none, or others than its owner may read it."""
    try:
        mode, text = path.stat().st_mode, path.read_text("ascii")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read as a key; `sakimori dlp key FILE` makes one.") from None
    if mode & _OTHERS:
        raise UsageError(f"{path} may be read by others than its owner; `chmod 600` it, or make a new one.")
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != _SIZE:
        raise UsageError(
            f"{path} is no key of `sakimori dlp key`: it must hold {2 * _SIZE} hexadecimal digits."
        )
    return key


def keyed(key: bytes, kind: str, text: str) -> str:
    """HMAC-SHA-256 of a text of some kind, the first 16 bytes in hexadecimal."""
    return hmac.new(key, f"{kind}\x1f{text}".encode(), hashlib.sha256).hexdigest()[:32]

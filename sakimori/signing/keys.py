"""The owner's key on disk: who may read it, where it stands, and what unlocks it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

from sakimori.errors import SignatureError, UsageError
from sakimori.signing.minisign import PublicKey, SecretKey
from sakimori.signing.secret import locked, new_key, secret_of, secret_text

PASSWORD = "SAKIMORI_KEY_PASSWORD"
LARGEST = 65536


def config_folder() -> Path:
    """Where keys are kept: $SAKIMORI_CONFIG, else the user's configuration folder."""
    base = os.environ.get("SAKIMORI_CONFIG")
    if base:
        return Path(base)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "sakimori"


def secret_file() -> Path:
    """Where the owner's secret key stands where nobody names another: `owner.key`."""
    return config_folder() / "owner.key"


def make_keys(file: Path, password: str) -> PublicKey:
    """The public half of a new key; `file` holds the secret one, `file.pub` this one.

    Raises UsageError where a key stands there already: what it signed could not be continued.
    """
    public = file.with_name(f"{file.stem}.pub")
    if standing := next((one for one in (file, public) if one.exists()), None):
        raise UsageError(f"{standing} is there already; a key is never written over. Name another file.")
    key = new_key()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(file, secret_text(key, password))
    public.write_text(key.public.text, encoding="utf-8")
    return key.public


def write_private(file: Path, text: str) -> None:
    """A new file of mode 0600. Raises UsageError where it cannot be written."""
    try:
        with os.fdopen(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(text)
    except OSError as error:
        raise UsageError(f"{file}: cannot be written ({error.strerror}).") from error


def read_private(file: Path, what: str) -> str:
    """The text of a file that only its owner may read. Raises UsageError where others may, or it is gone."""
    try:
        mode = file.stat().st_mode
        text = file.read_bytes()[:LARGEST].decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"{file}: {what} cannot be read ({error.strerror}).") from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UsageError(f"{file}: others may read {what} (mode {stat.S_IMODE(mode):04o}). chmod 600 {file}")
    return text


def read_secret(file: Path, ask: Callable[[str], str] | None = None) -> SecretKey:
    """The owner's key; its password comes from $SAKIMORI_KEY_PASSWORD or from `ask`, where it has one.

    Raises UsageError where the file is missing or others may read it, SignatureError where it does not open.
    """
    if not file.exists():
        raise UsageError(f"{file}: no secret key stands there. Make one with sakimori key make.")
    text = read_private(file, "the secret key")
    return secret_of(text, _password(file, ask) if locked(text) else "")


def _password(file: Path, ask: Callable[[str], str] | None) -> str:
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    if ask is None and not sys.stdin.isatty():
        raise SignatureError(
            f"{file}: the key has a password, and nobody is here to type it: set {PASSWORD}."
        )
    return (ask or getpass)(f"Password of {file}: ")

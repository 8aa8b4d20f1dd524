"""Whose signatures count: public keys that the owner of this machine took, and nobody else put there."""

from __future__ import annotations

from pathlib import Path

from sakimori.errors import SignatureError, UsageError
from sakimori.signing.keys import LARGEST, config_folder
from sakimori.signing.minisign import PublicKey, Signature, verify


def trusted_folder() -> Path:
    """Where they stand, a file each, named by its key."""
    return config_folder() / "trusted"


def trust(text: str, folder: Path | None = None) -> tuple[PublicKey, Path]:
    """The key taken from now on, and its file. Raises SignatureError where the text is no public key."""
    key, where = PublicKey.of(text), folder or trusted_folder()
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = where / f"{key.id}.pub"
    file.write_text(key.text, encoding="utf-8")
    return key, file


def trusted(folder: Path | None = None) -> tuple[PublicKey, ...]:
    """All keys that are trusted, by name. Raises UsageError for a file there that is no key."""
    found = []
    for file in sorted((folder or trusted_folder()).glob("*.pub")):
        try:
            found.append(read_public(file))
        except SignatureError as error:
            raise UsageError(f"{file}: {error} Remove it.") from error
    return tuple(found)


def read_public(file: Path) -> PublicKey:
    """The key of a file. Raises UsageError where it cannot be read, SignatureError where it is no key."""
    try:
        text = file.read_bytes()[:LARGEST].decode("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"{file}: the public key cannot be read ({error.strerror}).") from error
    return PublicKey.of(text)


def signer(data: bytes, signature: Signature, keys: tuple[PublicKey, ...]) -> PublicKey:
    """The trusted key that made it. Raises SignatureError where none of them did."""
    key = next((one for one in keys if one.number == signature.number), None)
    if key is None:
        raise SignatureError(
            f"it is signed by the key {signature.key_id}, which is not trusted here; if you know whose it is "
            "and have compared it another way: sakimori key trust FILE."
        )
    if not verify(data, signature, key):
        raise SignatureError(
            f"its signature by the key {key.id} does not hold: it was changed since it was signed."
        )
    return key

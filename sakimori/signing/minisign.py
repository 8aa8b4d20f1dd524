"""minisign's formats: public keys, signatures with a trusted comment; `minisign -V` reads what we write.

https://jedisct1.github.io/minisign/, "Signature format" and "Public key format". Signatures are made over the
BLAKE2b-512 of the data ("ED"); older ones over the data itself ("Ed") are verified too.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sakimori.errors import SignatureError

PURE, PREHASHED = b"Ed", b"ED"
_COMMENT, _TRUSTED = "untrusted comment: ", "trusted comment: "
_PUBLIC_BYTES, _SIGNATURE_BYTES = 42, 74
LARGEST = 8192  # minisign itself refuses longer comments


@dataclass(frozen=True, slots=True)
class PublicKey:
    """`number` is the key's eight-byte name, `raw` the 32 bytes of Ed25519."""

    number: bytes
    raw: bytes

    @property
    def id(self) -> str:
        """The key's name as minisign prints it: sixteen hex digits."""
        return f"{int.from_bytes(self.number, 'little'):016X}"

    @property
    def line(self) -> str:
        """The base64 line, which is all of the key that must be told: `minisign -P` takes it."""
        return base64.b64encode(PURE + self.number + self.raw).decode()

    @property
    def text(self) -> str:
        """The key's file."""
        return f"{_COMMENT}minisign public key {self.id}\n{self.line}\n"

    @classmethod
    def of(cls, text: str) -> PublicKey:
        """The key of a file or of the line alone. Raises SignatureError where it is none."""
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith(_COMMENT)]
        data = _decoded(lines[0] if len(lines) == 1 else "", "a public key of minisign")
        if len(data) != _PUBLIC_BYTES or data[:2] != PURE:
            raise SignatureError("this is no public key of minisign; it is a line that begins with RW.")
        return cls(data[2:10], data[10:])


@dataclass(frozen=True, slots=True)
class SecretKey:
    """The key that signs; it never leaves its owner."""

    number: bytes
    seed: bytes

    @property
    def public(self) -> PublicKey:
        """What others need to verify."""
        return PublicKey(
            self.number, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        )

    def __repr__(self) -> str:
        return f"SecretKey({self.public.id})"


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature; `comment` is signed with it, and so can be believed where it verifies."""

    kind: bytes
    number: bytes
    raw: bytes
    comment: str
    whole: bytes

    @property
    def key_id(self) -> str:
        """Which key is said to have made it."""
        return PublicKey(self.number, b"").id

    @property
    def text(self) -> str:
        """The signature's file, `.minisig`."""
        first = base64.b64encode(self.kind + self.number + self.raw).decode()
        last = base64.b64encode(self.whole).decode()
        return f"{_COMMENT}signature by key {self.key_id}\n{first}\n{_TRUSTED}{self.comment}\n{last}\n"

    @classmethod
    def of(cls, text: str) -> Signature:
        """The signature of a `.minisig` file. Raises SignatureError where it is none."""
        lines = text.splitlines()
        if len(text) > LARGEST or len(lines) < 4 or not lines[2].startswith(_TRUSTED):
            raise SignatureError("this is no signature of minisign: it has not its four lines.")
        first, last = (_decoded(lines[at], "a signature of minisign") for at in (1, 3))
        if len(first) != _SIGNATURE_BYTES or len(last) != 64 or first[:2] not in (PURE, PREHASHED):
            raise SignatureError("this is no signature of minisign that we can read.")
        return cls(first[:2], first[2:10], first[10:], lines[2].removeprefix(_TRUSTED), last)


def sign(data: bytes, key: SecretKey, comment: str) -> Signature:
    """The signature of the data and of the comment, which must be one line."""
    if re.search(r"[\r\n\0]", comment) or len(comment) > LARGEST // 4:
        raise ValueError("a trusted comment is one short line")
    private = Ed25519PrivateKey.from_private_bytes(key.seed)
    raw = private.sign(_hashed(data))
    return Signature(PREHASHED, key.number, raw, comment, private.sign(raw + comment.encode()))


def verify(data: bytes, signature: Signature, key: PublicKey) -> bool:
    """Whether this key signed this data and the signature's comment."""
    if signature.number != key.number:
        return False
    public = Ed25519PublicKey.from_public_bytes(key.raw)
    message = data if signature.kind == PURE else _hashed(data)
    try:
        public.verify(signature.raw, message)
        public.verify(signature.whole, signature.raw + signature.comment.encode())
    except InvalidSignature:
        return False
    return True


def _hashed(data: bytes) -> bytes:
    return hashlib.blake2b(data).digest()


def _decoded(line: str, what: str) -> bytes:
    try:
        return base64.b64decode(line.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureError(f"this is not {what}: its line is not base64.") from error

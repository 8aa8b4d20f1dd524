"""minisign's secret keys: plain, or locked with a password by scrypt.

https://github.com/jedisct1/minisign/blob/master/src/minisign.h, `SeckeyStruct`; how the two limits become
scrypt's parameters: `pickparams` of libsodium's crypto_pwhash_scryptsalsa208sha256.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from sakimori.errors import SignatureError
from sakimori.signing.minisign import PURE, SecretKey

_COMMENT = "untrusted comment: "
_SCRYPT, _PLAIN, _SUM = b"Sc", b"\0\0", b"B2"
_HEAD = struct.Struct("<2s2s2s32sQQ")
_NUMBER, _PAIR, _CHECK = 8, 64, 32
# 128 MB and about half a second; minisign takes 1 GB, which a small machine has not.
OPERATIONS, MEMORY = 1 << 22, 1 << 27
_MOST_MEMORY = 1 << 30


def new_key() -> SecretKey:
    """A key nobody had before."""
    return SecretKey(secrets.token_bytes(_NUMBER), Ed25519PrivateKey.generate().private_bytes_raw())


def secret_text(key: SecretKey, password: str = "") -> str:
    """The file of a secret key; locked where there is a password."""
    pair = key.seed + key.public.raw
    body = key.number + pair + _check(key.number, pair)
    salt = secrets.token_bytes(32) if password else bytes(32)
    limits = (OPERATIONS, MEMORY) if password else (0, 0)
    if password:
        body = _masked(body, password, salt, *limits)
    head = _HEAD.pack(PURE, _SCRYPT if password else _PLAIN, _SUM, salt, *limits)
    kind = "encrypted" if password else "unencrypted"
    return f"{_COMMENT}minisign {kind} secret key\n{base64.b64encode(head + body).decode()}\n"


def locked(text: str) -> bool:
    """Whether the key needs a password."""
    return _parts(text)[0][1] == _SCRYPT


def secret_of(text: str, password: str = "") -> SecretKey:
    """The key of a secret key's file. Raises SignatureError where it is none or the password is wrong."""
    (_, kind, _, salt, operations, memory), body = _parts(text)
    if kind == _SCRYPT:
        if memory > _MOST_MEMORY or operations > _MOST_MEMORY:
            raise SignatureError("this secret key asks for more memory than is given to unlock one.")
        body = _masked(body, password, salt, operations, memory)
    number, pair, check = body[:_NUMBER], body[_NUMBER : _NUMBER + _PAIR], body[_NUMBER + _PAIR :]
    # minisign -W leaves the sum of an unlocked key empty; its two halves must belong together all the same.
    unsummed = kind == _PLAIN and check == bytes(_CHECK)
    key = SecretKey(number, pair[:32])
    sound = unsummed or hmac.compare_digest(check, _check(number, pair))
    if not sound or key.public.raw != pair[32:]:
        raise SignatureError("the secret key does not open: the password is wrong, or the file is damaged.")
    return key


def _parts(text: str) -> tuple[tuple[bytes, bytes, bytes, bytes, int, int], bytes]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(_COMMENT)]
    try:
        data = base64.b64decode(lines[0] if len(lines) == 1 else "", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if len(data) != _HEAD.size + _NUMBER + _PAIR + _CHECK:
        raise SignatureError("this is no secret key of minisign.")
    head = _HEAD.unpack(data[: _HEAD.size])
    if head[0] != PURE or head[1] not in (_SCRYPT, _PLAIN) or head[2] != _SUM:
        raise SignatureError("this secret key is of a kind that we do not know.")
    return head, data[_HEAD.size :]


def _check(number: bytes, pair: bytes) -> bytes:
    return hashlib.blake2b(PURE + number + pair, digest_size=_CHECK).digest()


def _masked(body: bytes, password: str, salt: bytes, operations: int, memory: int) -> bytes:
    cost, parallel = _parameters(operations, memory)
    stream = Scrypt(salt=salt, length=len(body), n=cost, r=8, p=parallel).derive(password.encode())
    return bytes(one ^ other for one, other in zip(body, stream, strict=True))


def _parameters(operations: int, memory: int) -> tuple[int, int]:
    """libsodium's choice of scrypt's N and p; r is 8."""
    operations = max(operations, 32768)
    if operations < memory // 32:
        return _power(operations // 32), 1
    cost = _power(memory // 1024)
    return cost, min(operations // 4 // cost, 0x3FFFFFFF) // 8


def _power(most: int) -> int:
    exponent = next(at for at in range(1, 64) if 1 << at > most // 2)
    return 1 << exponent

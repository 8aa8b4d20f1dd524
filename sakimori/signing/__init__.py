"""Ed25519 signatures in minisign's published format, keys kept by their owner, and whose keys are trusted."""

from sakimori.signing.keys import make_keys, read_secret, secret_file
from sakimori.signing.minisign import PublicKey, SecretKey, Signature, sign, verify
from sakimori.signing.trusted import trust, trusted

__all__ = [
    "PublicKey", "SecretKey", "Signature", "make_keys", "read_secret", "secret_file", "sign", "trust",
    "trusted", "verify",
]  # fmt: skip

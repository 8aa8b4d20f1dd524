"""Whether a bundle may be taken: signed by whom, still valid, not older than what was taken before, whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sakimori.detection.bundles.ledger import Taken
from sakimori.detection.bundles.manifest import BundleManifest, instant_of, ordered
from sakimori.detection.bundles.opening import Opened, opened
from sakimori.errors import SignatureError
from sakimori.signing import PublicKey
from sakimori.signing.trusted import signer

# Clocks differ; a bundle made later than that comes from a wrong clock, here or there.
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Checked:
    """A bundle that may be taken."""

    manifest: BundleManifest
    key: PublicKey
    sha256: str


def check(
    file: Path,
    keys: Sequence[PublicKey],
    before: Taken | None,
    now: datetime | None = None,
    *,
    other_key: bool = False,
    use: Callable[[Opened], None] | None = None,
) -> Checked:
    """The bundle's word, verified; `use` is called with it while it is open, in place of reading all files.

    `before` is what was taken under its name. Raises SignatureError with the reason, UsageError for no ZIP.
    """
    try:
        with opened(file) as bundle:
            key = _signed(bundle, keys)
            _timely(bundle.manifest, now or datetime.now(UTC))
            _newer(bundle, key, before, other_key)
            (use or _read_all)(bundle)
            return Checked(bundle.manifest, key, digest(bundle.manifest_bytes))
    except SignatureError as error:
        raise SignatureError(f"{file} is refused: {error}") from error


def _read_all(bundle: Opened) -> None:
    for entry in bundle.manifest.files:
        bundle.read(entry)


def digest(manifest: bytes) -> str:
    """The SHA-256 of a manifest's bytes, which names the whole bundle."""
    from hashlib import sha256

    return sha256(manifest).hexdigest()


def _signed(bundle: Opened, keys: Sequence[PublicKey]) -> PublicKey:
    if bundle.signature is None:
        raise SignatureError("it is not signed. Its maker signs it with sakimori bundle sign.")
    return signer(bundle.manifest_bytes, bundle.signature, tuple(keys))


def _timely(manifest: BundleManifest, now: datetime) -> None:
    made, expires = instant_of(manifest.made), instant_of(manifest.expires)
    assert made is not None and expires is not None
    if made > now + AHEAD:
        raise SignatureError(
            f"it says that it was made on {manifest.made}, which is still to come; see both clocks."
        )
    if expires <= now:
        raise SignatureError(f"it ended on {manifest.expires}. Ask its maker for a newer one.")


def _newer(bundle: Opened, key: PublicKey, before: Taken | None, other_key: bool) -> None:
    if before is None:
        return
    manifest = bundle.manifest
    if key.id != before.key and not other_key:
        raise SignatureError(
            f"{manifest.name} was signed by the key {before.key} until now, and this one is by {key.id}. "
            "If its maker told you so another way: --other-key."
        )
    if manifest.order < ordered(before.version):
        raise SignatureError(
            f"it is version {manifest.version}, and {before.version} was taken on {before.when[:10]}: "
            "an older one would bring back what was mended."
        )
    if manifest.order == ordered(before.version) and digest(bundle.manifest_bytes) != before.sha256:
        raise SignatureError(
            f"it calls itself version {manifest.version}, as another one did that was taken before."
        )

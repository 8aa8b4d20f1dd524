"""The bundles a hunt works with: verified once more, whole or not used at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sakimori.detection.bundles.checking import digest
from sakimori.detection.bundles.ledger import Taken, ledger
from sakimori.detection.bundles.manifest import MANIFEST, SIGNATURE, BundleManifest, instant_of, manifest_of
from sakimori.errors import SignatureError
from sakimori.records.manifest import InUse
from sakimori.signing import PublicKey, Signature
from sakimori.signing.trusted import signer


@dataclass(frozen=True, slots=True)
class Kept:
    """A bundle that stands in the folder of bundles and is as it was signed."""

    folder: Path
    manifest: BundleManifest
    key: PublicKey

    def paths(self, kind: str) -> list[Path]:
        """Its folders of rules, or its files of indicators."""
        homes = [self.folder / part.folder for part in self.manifest.parts if part.kind == kind]
        if kind == "rules":
            return homes
        return sorted(file for home in homes for file in home.rglob("*") if file.is_file())

    def in_use(self) -> tuple[InUse, ...]:
        """What a report says of each of its parts."""
        expires = instant_of(self.manifest.expires)
        return tuple(
            InUse(
                kind=part.kind, name=self.manifest.name, version=self.manifest.version,
                made=self.manifest.made, expires=expires.isoformat() if expires else "",
                licence=part.licence, count=part.count, signed_by=self.key.id, whole=True,
                home=str(self.folder),
            )
            for part in self.manifest.parts
        )  # fmt: skip


def kept(folder: Path, keys: Sequence[PublicKey]) -> tuple[Kept, ...]:
    """The bundles in use, by name, every file hashed again.

    Raises SignatureError where one was changed since it was imported, or its key is not trusted any more.
    """
    return tuple(_kept(folder / name, one, keys) for name, one in ledger(folder).items() if one.present)


def _kept(home: Path, one: Taken, keys: Sequence[PublicKey]) -> Kept:
    try:
        data = _read(home / MANIFEST)
        key = signer(data, Signature.of(_read(home / SIGNATURE).decode("utf-8", "replace")), tuple(keys))
        if digest(data) != one.sha256:
            raise SignatureError("it is another one than was imported.")
        manifest = manifest_of(data)
        if problem := next(_problems(home, manifest), None):
            raise SignatureError(problem)
    except SignatureError as error:
        raise SignatureError(
            f"The bundle {home.name} is not used: {error} Import it anew, or take it away with "
            f"sakimori bundle remove {home.name}."
        ) from error
    return Kept(home, manifest, key)


def _problems(home: Path, manifest: BundleManifest) -> Iterator[str]:
    listed = {entry.path for entry in manifest.files} | {MANIFEST, SIGNATURE}
    there = {file.relative_to(home).as_posix() for file in home.rglob("*") if not file.is_dir()}
    for path in sorted(there ^ listed):
        yield f"{path} was {'added' if path in there else 'taken away'} since it was imported."
    for entry in manifest.files:
        with (home / entry.path).open("rb") as data:
            if hashlib.file_digest(data, "sha256").hexdigest() != entry.sha256:
                yield f"{entry.path} was changed since it was imported."


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SignatureError(f"its {file.name} cannot be read ({error.strerror}).") from error


def own_rules_needed(bundles: Sequence[Kept]) -> bool:
    """False where a bundle brings rules that are meant to be used in place of Sakimori's own."""
    return not any(one.manifest.instead_of_own and one.paths("rules") for one in bundles)


def days_old(made: str, now: datetime | None = None) -> int | None:
    """Whole days since then; None where it says no moment."""
    moment = instant_of(made)
    return None if moment is None else max(0, ((now or datetime.now(UTC)) - moment).days)

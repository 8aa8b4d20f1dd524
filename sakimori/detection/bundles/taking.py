"""A verified bundle laid into the folder of bundles, and taken away again; the ledger remembers both."""

from __future__ import annotations

import getpass
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from sakimori.detection.bundles.checking import Checked, check
from sakimori.detection.bundles.ledger import Taken, ledger, write_ledger
from sakimori.detection.bundles.making import count_indicators, count_rules
from sakimori.detection.bundles.manifest import MANIFEST, SIGNATURE, BundleManifest
from sakimori.detection.bundles.opening import Opened, opened
from sakimori.errors import SignatureError, UsageError
from sakimori.signing import PublicKey


@dataclass(frozen=True, slots=True)
class Import:
    """What was taken; `before` is the version it replaces, empty for the first."""

    checked: Checked
    before: str


def take(
    file: Path,
    folder: Path,
    keys: Sequence[PublicKey],
    now: datetime | None = None,
    *,
    other_key: bool = False,
) -> Import:
    """The bundle verified, tried and kept. Nothing changes where anything is wrong with it.

    Raises SignatureError where it is refused, UsageError where it cannot be read or kept.
    """
    moment = now or datetime.now(UTC)
    held = ledger(folder)
    name = _name(file)
    before = held.get(name)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".draft-{secrets.token_hex(4)}"

    def lay(bundle: Opened) -> None:
        _lay(bundle, draft)
        _tried(bundle.manifest, draft)

    try:
        checked = check(file, keys, before, moment, other_key=other_key, use=lay)
        _put(draft, folder / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    held[name] = Taken(
        version=checked.manifest.version, sha256=checked.sha256, key=checked.key.id,
        when=moment.isoformat(timespec="seconds"), by=getpass.getuser(),
    )  # fmt: skip
    write_ledger(folder, held)
    return Import(checked, before.version if before else "")


def _name(file: Path) -> str:
    try:
        with opened(file) as bundle:
            return bundle.manifest.name
    except SignatureError as error:
        raise SignatureError(f"{file} is refused: {error}") from error


def _lay(bundle: Opened, draft: Path) -> None:
    assert bundle.signature is not None
    for entry in bundle.manifest.files:
        target = draft / entry.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(bundle.read(entry))
    (draft / MANIFEST).write_bytes(bundle.manifest_bytes)
    (draft / SIGNATURE).write_text(bundle.signature.text, encoding="utf-8")


def _tried(manifest: BundleManifest, draft: Path) -> None:
    """Every rule compiles and every indicator is one, before any of it counts."""
    for part in manifest.parts:
        home = draft / part.folder
        try:
            files = sorted(file for file in home.rglob("*") if file.is_file())
            counted = (
                count_rules([home]) if part.kind == "rules" else sum(count_indicators(file) for file in files)
            )
        except UsageError as error:
            raise SignatureError(f"its part {part.folder} cannot be used: {error}") from error
        if counted != part.count:
            raise SignatureError(
                f"its part {part.folder} holds {counted:,} {part.kind}, and says {part.count:,}."
            )


def _put(draft: Path, target: Path) -> None:
    old = target.with_name(f".old-{secrets.token_hex(4)}")
    try:
        if target.exists():
            target.rename(old)
        draft.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise UsageError(f"{target}: cannot be written ({error.strerror}).") from error
    finally:
        shutil.rmtree(old, ignore_errors=True)


def remove(name: str, folder: Path) -> Taken:
    """Take a bundle out of use; its version is remembered, so that an older one stays refused."""
    held = ledger(folder)
    if name not in held or not held[name].present:
        raise UsageError(f"{name}: no such bundle is in use. See sakimori bundle list.")
    shutil.rmtree(folder / name, ignore_errors=True)
    held[name] = msgspec.structs.replace(held[name], present=False)
    write_ledger(folder, held)
    return held[name]

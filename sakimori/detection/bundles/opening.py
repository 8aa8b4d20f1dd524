"""A bundle is opened as what it is until it is verified: a stranger's ZIP.

Names are taken from the signed manifest and only looked up in the ZIP, nothing is unpacked beyond the size
that the manifest gives, and whatever the ZIP holds besides is a reason to refuse the whole.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sakimori.detection.bundles.manifest import (
    LARGEST,
    MANIFEST,
    MOST_BYTES,
    MOST_FILES,
    SIGNATURE,
    BundleManifest,
    Entry,
    manifest_of,
)
from sakimori.errors import SignatureError, UsageError
from sakimori.signing import Signature
from sakimori.signing.minisign import LARGEST as LONGEST_SIGNATURE

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle whose manifest was read and not yet verified; `signature` is None where it has none."""

    file: Path
    manifest: BundleManifest
    manifest_bytes: bytes
    signature: Signature | None
    archive: zipfile.ZipFile

    def read(self, entry: Entry) -> bytes:
        """A file's bytes. Raises SignatureError where they are not those the manifest names."""
        data = _member(self.archive, entry.path, entry.bytes)
        if len(data) != entry.bytes or hashlib.sha256(data).hexdigest() != entry.sha256:
            raise SignatureError(f"{entry.path} in it is not the file that its manifest names.")
        return data


@contextmanager
def opened(file: Path) -> Iterator[Opened]:
    """The bundle, closed again at the end.

    Raises UsageError where there is no ZIP, SignatureError for one that holds anything a bundle does not.
    """
    try:
        if file.stat().st_size > MOST_BYTES:
            raise UsageError(f"{file}: it is larger than a bundle may be ({MOST_BYTES >> 30} GB).")
        archive = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UsageError(f"{file}: this is no bundle ({error}).") from error
    with archive:
        _look(archive)
        data = _member(archive, MANIFEST, LARGEST)
        manifest = manifest_of(data)
        held = {info.filename for info in archive.infolist()} - {MANIFEST, SIGNATURE}
        listed = {entry.path for entry in manifest.files}
        if held != listed:
            odd = sorted(held ^ listed)[0]
            raise SignatureError(
                f"its files are not those of its manifest: {odd[:120]!r} is in one of them only."
            )
        yield Opened(file, manifest, data, _signature(archive), archive)


def _look(archive: zipfile.ZipFile) -> None:
    infos = archive.infolist()
    names = [info.filename.casefold() for info in infos]
    if len(infos) > MOST_FILES + 2:
        raise SignatureError(f"it holds more than {MOST_FILES:,} files.")
    if len(set(names)) != len(names):
        raise SignatureError("it holds two files of one name.")
    for info in infos:
        mode = info.external_attr >> 16
        plain = not mode or stat.S_ISREG(mode) or not stat.S_IFMT(mode)
        if not plain or info.is_dir() or info.flag_bits & 1 or info.compress_type not in _METHODS:
            raise SignatureError(
                f"{info.filename[:120]!r} in it is no plain file (a link, a folder, or locked)."
            )
    if MANIFEST not in archive.namelist():
        raise SignatureError(f"it has no {MANIFEST}: this is no bundle.")


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """At most `most` bytes of a member, whatever it says of its size."""
    try:
        with archive.open(name) as stream:
            data = stream.read(most + 1)
    except _BROKEN as error:
        raise SignatureError(f"{name} in it cannot be unpacked ({error}).") from error
    if len(data) > most:
        raise SignatureError(f"{name} in it is larger than its {most:,} bytes.")
    return data


def _signature(archive: zipfile.ZipFile) -> Signature | None:
    if SIGNATURE not in archive.namelist():
        return None
    return Signature.of(_member(archive, SIGNATURE, LONGEST_SIGNATURE).decode("utf-8", "replace"))

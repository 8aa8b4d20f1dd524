"""A bundle made of folders of rules and files of indicators; the same input gives the same bytes."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from sakimori.detection.bundles.manifest import (
    FORMAT,
    MANIFEST,
    SIGNATURE,
    BundleManifest,
    Entry,
    Kind,
    Part,
    manifest_of,
)
from sakimori.detection.bundles.opening import opened
from sakimori.detection.indicators.keeping import read
from sakimori.errors import SignatureError, UsageError
from sakimori.signing import SecretKey, sign

_FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP knows; the manifest says when it was made
_READABLE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Given:
    """What goes in: a folder of rules or a file of indicators, and its licence."""

    kind: Kind
    path: Path
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What the bundle is to say of itself."""

    name: str
    version: str
    made: datetime
    expires: datetime
    description: str = ""
    instead_of_own: bool = False


def make(out: Path, label: Label, given: Sequence[Given]) -> BundleManifest:
    """The manifest of the bundle, written to `out` without a signature.

    Raises UsageError where a part is empty, holds what is no rule or indicator, or the label cannot be used.
    """
    parts, sources = [], list[tuple[str, bytes]]()
    for number, one in enumerate(given, 1):
        folder = one.kind if sum(1 for g in given if g.kind == one.kind) == 1 else f"{one.kind}-{number}"
        files = list(_files(one))
        count = _count(one)
        if not files or not count:
            raise UsageError(f"{one.path}: it holds no {one.kind}.")
        parts.append(Part(kind=one.kind, folder=folder, licence=one.licence, count=count))
        sources += [(f"{folder}/{name}", data) for name, data in files]
    manifest = _manifest(label, parts, sources)
    _write(out, _bytes(manifest), None, sources)
    return manifest


def _manifest(label: Label, parts: Sequence[Part], sources: Sequence[tuple[str, bytes]]) -> BundleManifest:
    manifest = BundleManifest(
        format=FORMAT, name=label.name, version=label.version, made=_said(label.made),
        expires=_said(label.expires), parts=tuple(parts), description=label.description,
        instead_of_own=label.instead_of_own,
        files=tuple(
            Entry(path=path, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
            for path, data in sources
        ),
    )  # fmt: skip
    try:
        return manifest_of(_bytes(manifest))
    except SignatureError as error:
        raise UsageError(f"The bundle cannot be made: {error}") from error


def _said(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _bytes(manifest: BundleManifest) -> bytes:
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def _files(one: Given) -> Iterator[tuple[str, bytes]]:
    if one.kind == "indicators":
        yield one.path.name, one.path.read_bytes() if one.path.is_file() else b""
        return
    if not one.path.is_dir():
        raise UsageError(f"{one.path}: there is no such folder of rules.")
    for file in sorted(one.path.rglob("*")):
        if file.is_file() and not file.is_symlink() and is_rule(file.name):
            yield file.relative_to(one.path).as_posix(), file.read_bytes()


def is_rule(name: str) -> bool:
    """Whether a file of this name is a rule, and not the cases that test one."""
    return name.endswith((".yml", ".yaml")) and not name.endswith(".cases.yml")


def _count(one: Given) -> int:
    """How many rules or indicators it holds. Raises UsageError where something in it is none."""
    if one.kind == "rules":
        return count_rules([one.path])
    if not one.path.is_file():
        raise UsageError(f"{one.path}: there is no such file of indicators.")
    return count_indicators(one.path)


def count_rules(folders: Sequence[Path]) -> int:
    """How many rules the engine takes from the folders. Raises UsageError where it refuses one."""
    from sakimori.detection.sigma import load_pack

    pack = load_pack(list(folders))
    if pack.refused:
        first = pack.refused[0]
        raise UsageError(f"{first.name}: {first.title}: {first.reason}. See sakimori rules check.")
    return len(pack.rules) + len(pack.correlations)


def count_indicators(file: Path) -> int:
    """How many indicators the file holds. Raises UsageError where a line holds none."""
    bad: list[int] = []
    count = sum(1 for _ in read(file, bad))
    if bad:
        raise UsageError(f"{file}: line {bad[0]} holds no indicator.")
    return count


def signed(file: Path, key: SecretKey) -> BundleManifest:
    """The bundle with a signature by this key, in place of any it had."""
    with opened(file) as bundle:
        manifest, data = bundle.manifest, bundle.manifest_bytes
        sources = [(entry.path, bundle.read(entry)) for entry in manifest.files]
    comment = f"sakimori bundle {manifest.name} {manifest.version} made {manifest.made}"
    _write(file, data, sign(data, key, comment).text.encode(), sources)
    return manifest


def _write(out: Path, manifest: bytes, signature: bytes | None, sources: Iterable[tuple[str, bytes]]) -> None:
    part = out.with_name(f".{out.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            _add(archive, MANIFEST, manifest)
            if signature is not None:
                _add(archive, SIGNATURE, signature)
            for path, data in sources:
                _add(archive, path, data)
        part.replace(out)
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror}).") from error
    finally:
        part.unlink(missing_ok=True)


def _add(archive: zipfile.ZipFile, path: str, data: bytes) -> None:
    info = zipfile.ZipInfo(path, _FIXED)
    info.external_attr, info.compress_type = _READABLE, zipfile.ZIP_DEFLATED
    archive.writestr(info, data)

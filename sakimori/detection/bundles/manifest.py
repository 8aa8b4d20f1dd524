"""What a bundle says of itself: name, version, when it was made and ends, its parts, every file's hash.

`manifest.json` stands in the bundle beside `manifest.json.minisig`, which signs its bytes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Literal

import msgspec

from sakimori.errors import SignatureError

MANIFEST, SIGNATURE = "manifest.json", "manifest.json.minisig"
FORMAT = "urn:sakimori:bundle:1"
LARGEST, MOST_FILES, MOST_BYTES = 16 << 20, 20_000, 2 << 30
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,3}")
# Names that every system can write: no separators of others, no device names of Windows, no hidden files.
_PATH = re.compile(
    r"(?!.*(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$))"
    r"[\w-][\w .+()-]{0,120}(?:/[\w-][\w .+()-]{0,120}){0,8}",
    re.IGNORECASE,
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
Kind = Literal["rules", "indicators"]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder of the bundle: what it holds, and under which licence its authors give it."""

    kind: Kind
    folder: str
    licence: str
    count: int


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of the bundle."""

    path: str
    bytes: int
    sha256: str


class BundleManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The whole manifest; times are RFC 3339 in UTC, `expires` the moment from which it is not taken.

    `instead_of_own`: its rules are meant to be used in place of those that Sakimori ships.
    """

    format: str
    name: str
    version: str
    made: str
    expires: str
    parts: tuple[Part, ...]
    files: tuple[Entry, ...]
    description: str = ""
    instead_of_own: bool = False

    @property
    def order(self) -> tuple[int, ...]:
        """The version as it is compared: 2.10 comes after 2.9, and 3 is 3.0."""
        return ordered(self.version)


def ordered(version: str) -> tuple[int, ...]:
    """The version's figures without zeros at the end."""
    figures = [int(part) for part in version.split(".")]
    while figures and not figures[-1]:
        figures.pop()
    return tuple(figures)


def manifest_of(data: bytes) -> BundleManifest:
    """The manifest of these bytes. Raises SignatureError where they are none, with what is wrong."""
    try:
        found = msgspec.json.decode(data, type=BundleManifest)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise SignatureError(f"its manifest cannot be read ({error}).") from error
    if problem := _problem(found):
        raise SignatureError(f"its manifest cannot be used: {problem}.")
    return found


def _problem(one: BundleManifest) -> str:
    if one.format != FORMAT:
        return f"it is of the format {one.format[:60]!r}, and this Sakimori reads {FORMAT}"
    if not _NAME.fullmatch(one.name) or not _VERSION.fullmatch(one.version):
        return "a name is small letters, figures and hyphens; a version figures with dots (2026.11.25)"
    if instant_of(one.made) is None or instant_of(one.expires) is None:
        return "it does not say when it was made and when it ends"
    if not one.parts or not all(part.licence.strip() for part in one.parts):
        return "every part must say its licence"
    if {part.folder for part in one.parts} & {"", ".", ".."} or not all(
        _NAME.fullmatch(part.folder) for part in one.parts
    ):
        return "a part's folder has an odd name"
    return _of_files(one)


def _of_files(one: BundleManifest) -> str:
    if len(one.files) > MOST_FILES or sum(max(file.bytes, 0) for file in one.files) > MOST_BYTES:
        return f"it holds more than {MOST_FILES:,} files or {MOST_BYTES >> 30} GB"
    folders = {part.folder: part.kind for part in one.parts}
    seen: set[str] = set()
    for file in one.files:
        kind = folders.get(file.path.partition("/")[0])
        if kind is None or not _PATH.fullmatch(file.path) or file.path.casefold() in seen:
            return f"the path {file.path[:120]!r} belongs to no part, is not plain, or stands there twice"
        if file.bytes < 0 or not _SHA256.fullmatch(file.sha256) or not named_for(kind, file.path):
            return f"{file.path[:120]!r} is nothing that {kind} are kept in, or has no size and hash"
        seen.add(file.path.casefold())
    return ""


def named_for(kind: str, path: str) -> bool:
    """Whether a file of this name may stand in a part of that kind: data only."""
    return path.endswith({"rules": (".yml", ".yaml"), "indicators": (".jsonl", ".parquet")}[kind])


def instant_of(text: str) -> datetime | None:
    """The moment; None where it is none or names no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None

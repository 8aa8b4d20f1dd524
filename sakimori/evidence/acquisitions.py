"""Who took which file, when and how: `acquisition.json` beside the evidence, and its reader.

`sakimori collect record` writes it. Its schema is `response/schemas/acquisition.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from sakimori.evidence.discover import EvidenceFile
from sakimori.evidence.reader import Source
from sakimori.evidence.tasks import file_hash
from sakimori.records.batch import Batch, Unread
from sakimori.records.clock import instant
from sakimori.records.manifest import Acquisition, FileEntry, Manifest
from sakimori.records.plan import Plan

NAME = "acquisition.json"
SCHEMA = "urn:sakimori:acquisition:1"
_LARGEST = 64 << 20
CHANGED = "its SHA-256 is not the one written down when it was taken"
MISSING = "it was written down when it was taken, and is not in the evidence"


class AcquisitionRecord:
    """Sakimori's own note of who took which file, when and how: `acquisition.json`.

    Watch: it is no log and gives no records; what it says stands in the manifest.
    """

    name = "acquisition_record"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """Only our own note names this schema at its beginning."""
        return head.lstrip()[:1] == b"{" and SCHEMA.encode() in head[:200]

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Nothing, or why the note cannot be used."""
        try:
            entries(orjson.loads(source.stream.read(_LARGEST)))
        except ValueError as problem:
            yield Unread(1, 0, f"the note of an acquisition is broken: {problem}")

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The whole note, which is its only record."""
        return source.stream.read(_LARGEST).decode("utf-8", "replace") if number == 1 else None


def entries(document: Any) -> list[dict[str, Any]]:
    """The acquisitions of a note. Raises ValueError where it is none."""
    if not isinstance(document, dict) or document.get("$schema") != SCHEMA:
        raise ValueError("it does not name the schema of a note")
    found = document.get("acquisitions")
    if not isinstance(found, list) or not all(map(_is_entry, found)):
        raise ValueError("its list of acquisitions is not as the schema says")
    return found


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and all(isinstance(entry.get(name), str) for name in ("by", "tenant", "acquired"))
        and isinstance(entry.get("files"), list)
        and all(_is_file(file) for file in entry["files"])
    )


def _is_file(file: Any) -> bool:
    return isinstance(file, dict) and all(isinstance(file.get(name), str) for name in ("path", "sha256"))


def taken(files: Sequence[EvidenceFile]) -> dict[Path, Acquisition]:
    """The newest acquisition of each file on disk that a note beside it or above it names."""
    beside = {file.file.parent / NAME for file in files} | {f.file for f in files if f.file.name == NAME}
    found: dict[Path, Acquisition] = {}
    for note in sorted(beside):
        for path, acquisition in _noted(note):
            older = found.get(path)
            if older is None or (older.when or 0) <= (acquisition.when or 0):
                found[path] = acquisition
    return found


def _noted(note: Path) -> Iterator[tuple[Path, Acquisition]]:
    try:
        if note.is_symlink() or note.stat().st_size > _LARGEST:
            return
        listed = entries(orjson.loads(note.read_bytes()))
    except (OSError, ValueError):
        return  # no note there; one that is broken is unread, and says so
    for entry in listed:
        source, query, tool, said = (str(entry.get(n, "")) for n in ("source", "query", "tool", "note"))
        for file in entry["files"]:
            path = Path(file["path"])
            if not path.is_absolute() and ".." not in path.parts:
                yield (
                    note.parent / path,
                    Acquisition(
                        by=entry["by"], when=instant(entry["acquired"]), tenant=entry["tenant"],
                        sha256=file["sha256"].lower(), source=source, query=query, tool=tool, note=said,
                    ),
                )  # fmt: skip


def with_acquisitions(manifest: Manifest, files: Sequence[EvidenceFile]) -> Manifest:
    """The manifest with who took each file; a changed file and a missing one are said."""
    noted = taken(files)
    if not noted:
        return manifest
    on_disk = {file.path: file for file in files}
    hashes: dict[Path, str] = {}
    known = tuple(_with(entry, on_disk, noted, hashes) for entry in manifest.files)
    lost = tuple(_missing(noted, files))
    totals = {**manifest.totals, "unread": manifest.totals.get("unread", 0) + len(lost)}
    both = tuple(sorted((*known, *lost), key=lambda entry: (entry.path, entry.sha256)))
    return replace(manifest, files=both, totals=totals if lost else manifest.totals)


def _with(
    entry: FileEntry,
    on_disk: dict[str, EvidenceFile],
    noted: dict[Path, Acquisition],
    hashes: dict[Path, str],
) -> FileEntry:
    file = on_disk.get(entry.path.split("!", 1)[0])
    acquisition = noted.get(file.file) if file else None
    if file is None or acquisition is None:
        return entry
    digest = _digest(entry, file, hashes)
    holds = digest == acquisition.sha256
    note = entry.note if holds else "; ".join(filter(None, (entry.note, CHANGED)))
    return replace(entry, acquired=replace(acquisition, holds=holds), note=note)


def _digest(entry: FileEntry, file: EvidenceFile, hashes: dict[Path, str]) -> str:
    # What was read of a plain file is the file; of a container it is what stood inside.
    if entry.sha256 and entry.path == file.path and entry.bytes == file.bytes:
        return entry.sha256
    if file.file not in hashes:
        hashes[file.file] = file_hash(file.file)
    return hashes[file.file]


def _missing(noted: dict[Path, Acquisition], files: Sequence[EvidenceFile]) -> Iterator[FileEntry]:
    here = {file.file for file in files}
    roots = {file.file: file.path for file in files if file.file.name == NAME}
    for path, acquisition in sorted(noted.items()):
        # Only what a note among the evidence names is missing: a person may have asked for one file alone.
        note = next((own for own in roots if own.parent in path.parents), None)
        if path not in here and note is not None and not path.exists():
            shown = roots[note].removesuffix(NAME) + path.relative_to(note.parent).as_posix()
            yield FileEntry(
                path=shown, sha256="", bytes=0, format="missing", records=0, unread=1, note=MISSING,
                acquired=replace(acquisition, holds=False),
            )  # fmt: skip

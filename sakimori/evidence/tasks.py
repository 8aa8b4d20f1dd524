"""The evidence cut into tasks: some small files together, one large one alone, a very large one in ranges."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sakimori.evidence.containers import container
from sakimori.evidence.discover import EvidenceFile
from sakimori.evidence.evtx_ranges import evtx_ranges
from sakimori.evidence.ranges import RANGE_BYTES, Range, Whole, ranges
from sakimori.evidence.reader import HEAD_BYTES, Placed, Reader

GROUP_BYTES = 128 << 20
GROUP_LEAST, GROUPS = 8 << 20, 8
GROUP_FILES = 1000


@dataclass(frozen=True, slots=True)
class Task:
    """Files to read in one go, or one range of one file."""

    files: tuple[EvidenceFile, ...]
    part: Range | None = None

    @property
    def bytes(self) -> int:
        """Bytes on disk that the task reads."""
        return self.part.length if self.part else sum(file.bytes for file in self.files)


def tasks(
    files: Sequence[EvidenceFile], readers: Sequence[Reader], size: int = RANGE_BYTES
) -> Iterator[Task | Whole]:
    """Tasks over all files; the same for the same files, whatever their order or the number of workers.

    Large files come first, so that no worker is left with one at the end. After the ranges of a file comes
    its Whole.
    """
    most = _group_bytes(files)
    large = [file for file in files if file.bytes > most]
    for file in sorted(large, key=lambda file: (-file.bytes, file.path)):
        yield from _one(file, readers, size)
    small = sorted((file for file in files if file.bytes <= most), key=lambda file: file.path)
    yield from _groups(small, most)


def _group_bytes(files: Sequence[EvidenceFile]) -> int:
    """How much a group may hold: the larger, the larger batches are, but every worker must have its share.

    A power of two, so that evidence that grows is seldom grouped anew.
    """
    share = sum(file.bytes for file in files) // GROUPS
    return min(GROUP_BYTES, max(GROUP_LEAST, 1 << share.bit_length() >> 1))


def _one(file: EvidenceFile, readers: Sequence[Reader], size: int) -> Iterator[Task | Whole]:
    cut = cutter(file.file, readers, file.path) if file.bytes > size else None
    if cut is None:
        yield Task((file,))
        return
    for part in cut(file.file, size):
        yield Task((file,), part) if isinstance(part, Range) else part


def cutter(
    file: Path, readers: Sequence[Reader], path: str = ""
) -> Callable[[Path, int], Iterator[Range | Whole]] | None:
    """How a file is cut into ranges: text at line ends, EVTX at chunks; None where it is read whole."""
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    reader = None if container(head) else reader_of(head, readers, path)
    if reader is None:
        return None
    return ranges if reader.lines else {"windows_evtx": evtx_ranges}.get(reader.name)


def reader_of(head: bytes, readers: Sequence[Reader], path: str = "") -> Reader | None:
    """The first reader that claims this beginning, or a file at this place; None if it is no log we know."""
    return next((reader for reader in readers if reader.claims(head) or _at(reader, path, head)), None)


def _at(reader: Reader, path: str, head: bytes) -> bool:
    return bool(path) and isinstance(reader, Placed) and reader.claims_at(path, head)


def _groups(files: Sequence[EvidenceFile], most: int) -> Iterator[Task]:
    group: list[EvidenceFile] = []
    held = 0
    for file in files:
        if group and (held + file.bytes > most or len(group) >= GROUP_FILES):
            yield Task(tuple(group))
            group, held = [], 0
        group.append(file)
        held += file.bytes
    if group:
        yield Task(tuple(group))


def same_content(files: Sequence[EvidenceFile], readers: Sequence[Reader] | None = None) -> dict[str, str]:
    """Path of each file whose bytes stand already in another one, and that one's path.

    Given the readers, only of logs and containers: the same program in two places is two facts.
    """
    twice: dict[str, str] = {}
    for same_size in _alike(files, lambda file: file.bytes):
        # Event logs are often of one size; that their ends differ is seen without reading them whole.
        for group in _alike(same_size, _ends) if same_size[0].bytes else ():
            twice.update(_equal(group))
    files_of = {file.path: file.file for file in files}
    return {path: other for path, other in twice.items() if readers is None or _read(files_of[path], readers)}


def _read(file: Path, readers: Sequence[Reader]) -> bool:
    with file.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    return container(head) is not None or reader_of(head, readers, str(file)) is not None


def _alike(files: Sequence[EvidenceFile], key: Callable[[EvidenceFile], object]) -> list[list[EvidenceFile]]:
    """The files of each key that several have."""
    found: dict[object, list[EvidenceFile]] = {}
    for file in files:
        found.setdefault(key(file), []).append(file)
    return [group for group in found.values() if len(group) > 1]


def _ends(file: EvidenceFile) -> bytes:
    """A digest of the first and the last bytes."""
    with file.file.open("rb", buffering=0) as stream:
        first = stream.read(HEAD_BYTES)
        stream.seek(max(0, file.bytes - HEAD_BYTES))
        return hashlib.sha256(first + stream.read(HEAD_BYTES)).digest()


def _equal(group: Sequence[EvidenceFile]) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for file in sorted(group, key=lambda file: file.path):
        digest = file_hash(file.file)
        if digest in first:
            yield file.path, first[digest]
        first.setdefault(digest, file.path)


def file_hash(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb", buffering=0) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

"""One task read into one segment of the store, with what it says of each member."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from sakimori.evidence.accounts import Account, count
from sakimori.evidence.containers import open_whole, walk
from sakimori.evidence.discover import EvidenceFile
from sakimori.evidence.files.unclaimed import holding, told_of
from sakimori.evidence.limits import Limits
from sakimori.evidence.member import Member
from sakimori.evidence.ranges import Range, open_range
from sakimori.evidence.reader import HEAD_BYTES, Reader, Source
from sakimori.evidence.tasks import Task, file_hash, reader_of
from sakimori.records.batch import Batch, Pool, Unread
from sakimori.records.clock import Zone
from sakimori.records.manifest import Refused
from sakimori.records.plan import Plan
from sakimori.records.store import SegmentWriter, Store

MARK = b"SAKIMORI-SYNTHETIC"
Progress = Callable[
    [str, int, int], None
]  # path, bytes read since the last call, records since the last call


@dataclass(frozen=True, slots=True)
class Intake:
    """What the tasks of a hunt share. `look` gives a batch's hits or None; `fingerprint` names the rules.

    `tally` gives, as JSON-able values, what the rules compared since it was last asked. `files` reads what no
    reader claims.
    """

    store: Store
    plan: Plan
    readers: Sequence[Reader]
    look: Callable[[Batch, int], pa.RecordBatch | None]
    tally: Callable[[], object]
    fingerprint: str
    zone: Zone
    progress: Progress
    limits: Limits = field(default_factory=Limits)
    files: Reader | None = None

    def run(self, task: Task) -> str:
        """The task's name, once its segment is written and ready to publish, or stands published already."""
        hashes = {} if task.part else {file.path: file_hash(file.file) for file in task.files}
        name = self._name(task, hashes)
        if self.store.published(name):
            for file in task.files:
                self.progress(file.path, task.part.length if task.part else file.bytes, 0)
            return name
        segment = _Segment(self, SegmentWriter(self.store.staging(name)))
        for file in task.files:
            segment.file(file, task.part, hashes.get(file.path, ""))
        segment.rest(task.files[-1])
        segment.writer.tally(self.tally())
        segment.writer.close(segment.entries())
        return name

    def _name(self, task: Task, hashes: dict[str, str]) -> str:
        versions = sorted(f"{reader.name}{reader.version}" for reader in self.readers)
        parts = [self.fingerprint, self.zone.name, *versions]
        parts += [f"{file.site}\0{file.path}\0{hashes.get(file.path, '')}" for file in task.files]
        if task.part:
            parts += [f"{task.part.offset}+{task.part.length}", task.part.prefix]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


@dataclass(slots=True)
class _Segment:
    """The members of a task as they are read; rows of many small members come in common batches."""

    intake: Intake
    writer: SegmentWriter
    _members: list[dict[str, Any]] = field(default_factory=list)
    _accounts: list[Account] = field(default_factory=list)
    _pool: Pool = field(default_factory=Pool)

    def rest(self, last: EvidenceFile) -> None:
        """Take the rows that wait for more of their kind; `last` is the file to tell of them."""
        for batch in self._pool.rest():
            self._take(batch)
            self.intake.progress(last.path, 0, batch.data.num_rows)

    def entries(self) -> list[dict[str, Any]]:
        """What members.json says of each member."""
        pairs = zip(self._members, self._accounts, strict=True)
        return [entry if "refused" in entry else {**account.facts(), **entry} for entry, account in pairs]

    def file(self, file: EvidenceFile, part: Range | None, digest: str) -> None:
        if part is not None:
            self._range(file, part)
            return
        told, first = 0, len(self._members)
        opened: list[str] | None = None if self.intake.files is None else []
        for found in walk(file, self.intake.limits, opened):
            if isinstance(found, Refused):
                self._refused(file, found)
            else:
                told += self._member(file, found, digest if found.path == file.path else "")
        for path in holding(opened or (), self._members[first:]):
            with closing(open_whole(file, path, self.intake.limits)) as archive:
                self._member(file, archive, digest if path == file.path else "")
        # What a container holds beyond its members (headers, padding) is read too.
        self.intake.progress(file.path, max(file.bytes - told, 0), 0)

    def _refused(self, file: EvidenceFile, refused: Refused) -> None:
        self._new(
            file,
            path=refused.name,
            sha256="",
            bytes=0,
            format=refused.title,
            note=refused.reason,
            refused=True,
        )

    def _member(self, file: EvidenceFile, member: Member, digest: str) -> int:
        plain = bool(digest) and member.size == file.bytes
        if plain:
            member.metered.forget_hash()
        reader = reader_of(member.head, self.intake.readers, member.path)
        entry = self._entry(file, reader, member.head, path=member.path)
        if reader is None and self.intake.files is not None:
            reader = self.intake.files
            entry |= told_of(member.head, member.size)
        told = 0
        if reader is not None:
            source = Source(
                path=member.path, stream=member.stream, head=member.head, zone=self.intake.zone,
                pool=self._pool, member=entry["index"], modified=member.modified,
            )  # fmt: skip
            for batch in self._read(reader, source):
                share = self._share(file, member)
                self.intake.progress(file.path, share - told, batch.num_rows)
                told = share
        member.drain()
        if member.problem and reader is not None:
            self._lose(entry["index"], member)
        entry |= {"bytes": member.length, "note": member.problem or ""}
        entry["sha256"] = digest if plain else member.sha256()
        return told

    def _lose(self, index: int, member: Member) -> None:
        """Note that the rest of a member is lost, behind its last record."""
        waiting = sum(rows for of, rows in self._pool.runs() if of == index)
        read = sum(self._accounts[index].logs.values()) + waiting
        self._accounts[index].lose(Unread(read + 1, member.length, member.problem or ""))

    def _share(self, file: EvidenceFile, member: Member) -> int:
        """Bytes of the file on disk that the read part of a member stands for."""
        whole = member.size or member.length
        return min(file.bytes, round(file.bytes * member.length / whole)) if whole else 0

    def _range(self, file: EvidenceFile, part: Range) -> None:
        with file.file.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        reader = reader_of(head, self.intake.readers, file.path)
        entry = self._entry(
            file, reader, head, path=file.path, bytes=part.length, sha256="", range=part.offset
        )
        with closing(open_range(file.file, part)) as stream:
            source = Source(
                path=file.path, stream=stream, head=head, record=part.first_record, offset=part.offset,
                zone=self.intake.zone, member=entry["index"],
            )  # fmt: skip
            told = 0
            for batch in self._read(reader, source) if reader else ():
                done = max(told, batch.column("offset")[-1].as_py() - part.offset)
                self.intake.progress(file.path, done - told, batch.num_rows)
                told = done
        self.intake.progress(file.path, max(part.length - told, 0), 0)

    def _read(self, reader: Reader, source: Source) -> Iterator[pa.RecordBatch]:
        for found in reader.read(source, self.intake.plan):
            if isinstance(found, Unread):
                self._accounts[source.member].lose(found)
                continue
            self._take(found, source.member)
            yield found.data

    def _take(self, batch: Batch, current: int = 0) -> None:
        count(batch, self._accounts, current, self.intake.zone)
        self.writer.append(current, batch)
        hits = self.intake.look(batch, current)
        if hits is not None:
            self.writer.hits(hits)

    def _entry(self, file: EvidenceFile, reader: Reader | None, head: bytes, **facts: Any) -> dict[str, Any]:
        """A new member of the segment; what is not known before it is read comes later."""
        kind = reader.name if reader else "unknown"
        return self._new(file, format=kind, synthetic=_marked(head), **facts)

    def _new(self, file: EvidenceFile, **facts: Any) -> dict[str, Any]:
        entry = {"index": len(self._members), "outer": file.path, "site": file.site, **facts}
        self._members.append(entry)
        self._accounts.append(Account())
        return entry


def _marked(head: bytes) -> str:
    """`all`, `none` or `some` of the records at the beginning carry the synthetic mark."""
    whole = head.splitlines() if head.endswith(b"\n") else head.splitlines()[:-1] or [head]
    # Brackets around the records of a document are no records.
    lines = [line for line in whole if line.strip(b" \t[]{},") and not line.startswith(b"#")]
    marked = sum(MARK in line for line in lines)
    # A CSV header carries no mark; one line without it is no mixture.
    return "none" if not marked else "all" if marked >= len(lines) - 1 else "some"

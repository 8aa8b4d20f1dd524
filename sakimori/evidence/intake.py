"""One task read into one segment of the store, with what it says of each member."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sakimori.evidence.containers import walk
from sakimori.evidence.discover import EvidenceFile
from sakimori.evidence.limits import Limits
from sakimori.evidence.member import Member
from sakimori.evidence.ranges import Range, open_range
from sakimori.evidence.reader import HEAD_BYTES, Reader, Source
from sakimori.evidence.tasks import Task, file_hash, reader_of
from sakimori.records.batch import Batch, Unread
from sakimori.records.clock import Zone
from sakimori.records.disagreement import disagreement
from sakimori.records.manifest import Refused
from sakimori.records.plan import Plan
from sakimori.records.store import SegmentWriter, Store

MARK = b"SAKIMORI-SYNTHETIC"
UNREAD_KEPT = 100
HOSTS_KEPT = 10_000
Progress = Callable[
    [str, int, int], None
]  # path, bytes read since the last call, records since the last call


@dataclass(frozen=True, slots=True)
class Intake:
    """What the tasks of a hunt share. `look` gives a batch's hits or None; `fingerprint` names the rules."""

    store: Store
    plan: Plan
    readers: Sequence[Reader]
    look: Callable[[Batch, int], pa.RecordBatch | None]
    fingerprint: str
    zone: Zone
    progress: Progress
    limits: Limits = field(default_factory=Limits)

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
        segment.writer.close(segment.entries)
        return name

    def _name(self, task: Task, hashes: dict[str, str]) -> str:
        versions = sorted(f"{reader.name}{reader.version}" for reader in self.readers)
        parts = [self.fingerprint, self.zone.name, *versions]
        parts += [f"{file.site}\0{file.path}\0{hashes.get(file.path, '')}" for file in task.files]
        if task.part:
            parts += [f"{task.part.offset}+{task.part.length}", task.part.prefix]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


@dataclass(slots=True)
class _Account:
    """What is counted of one member while it is read."""

    logs: Counter[str] = field(default_factory=Counter)
    clocks: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    hosts: dict[str, set[str]] = field(default_factory=dict)
    unread: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0
    first: int | None = None
    last: int | None = None

    def batch(self, batch: Batch, zone: Zone) -> None:
        log = batch.stream.log
        self.logs[log.name] += batch.data.num_rows
        self._time(batch.data)
        if len(log.time) > 1 and (found := disagreement(batch.data, log.time, zone)):
            self.apart[found[0]] += found[1]
        known = self.hosts.setdefault(log.name, set())
        if len(known) < HOSTS_KEPT:
            known.update(_hosts(batch.data, log.subjects.get("host", ())))

    def _time(self, data: pa.RecordBatch) -> None:
        low, high = pc.min_max(data.column("clock")).as_py().values()
        if low is not None:
            self.first = low if self.first is None else min(self.first, low)
            self.last = high if self.last is None else max(self.last, high)
        for entry in pc.value_counts(data.column("clock_source")).to_pylist():
            self.clocks[entry["values"] or ""] += entry["counts"]

    def lose(self, unread: Unread) -> None:
        self.lost += unread.lost
        if len(self.unread) < UNREAD_KEPT:
            self.unread.append(asdict(unread))


@dataclass(slots=True)
class _Segment:
    intake: Intake
    writer: SegmentWriter
    entries: list[dict[str, Any]] = field(default_factory=list)

    def file(self, file: EvidenceFile, part: Range | None, digest: str) -> None:
        if part is not None:
            self._range(file, part)
            return
        told = 0
        for found in walk(file, self.intake.limits):
            if isinstance(found, Refused):
                self._refused(file, found)
            else:
                told += self._member(file, found, digest if found.path == file.path else "")
        # What a container holds beyond its members (headers, padding) is read too.
        self.intake.progress(file.path, max(file.bytes - told, 0), 0)

    def _refused(self, file: EvidenceFile, refused: Refused) -> None:
        self._entry(
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
        account = _Account()
        told = 0
        if reader is not None:
            source = Source(path=member.path, stream=member.stream, head=member.head, zone=self.intake.zone)
            for batch in self._read(reader, source, account):
                share = self._share(file, member)
                self.intake.progress(file.path, share - told, batch.num_rows)
                told = share
        member.drain()
        if member.problem and reader is not None:
            account.lose(Unread(sum(account.logs.values()) + 1, member.length, member.problem))
        self._read_entry(
            file, reader, account, member.head, path=member.path, bytes=member.length,
            sha256=digest if plain else member.sha256(), note=member.problem or "",
        )  # fmt: skip
        return told

    def _share(self, file: EvidenceFile, member: Member) -> int:
        """Bytes of the file on disk that the read part of a member stands for."""
        whole = member.size or member.length
        return min(file.bytes, round(file.bytes * member.length / whole)) if whole else 0

    def _range(self, file: EvidenceFile, part: Range) -> None:
        with file.file.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        reader = reader_of(head, self.intake.readers, file.path)
        account = _Account()
        with closing(open_range(file.file, part)) as stream:
            source = Source(
                path=file.path, stream=stream, head=head, record=part.first_record, offset=part.offset,
                zone=self.intake.zone,
            )  # fmt: skip
            told = 0
            for batch in self._read(reader, source, account) if reader else ():
                done = max(told, batch.column("offset")[-1].as_py() - part.offset)
                self.intake.progress(file.path, done - told, batch.num_rows)
                told = done
        self.intake.progress(file.path, max(part.length - told, 0), 0)
        self._read_entry(
            file, reader, account, head, path=file.path, bytes=part.length, sha256="", range=part.offset
        )

    def _read(self, reader: Reader, source: Source, account: _Account) -> Iterator[pa.RecordBatch]:
        index = len(self.entries)
        for found in reader.read(source, self.intake.plan):
            if isinstance(found, Unread):
                account.lose(found)
                continue
            account.batch(found, source.zone)
            self.writer.append(index, found)
            hits = self.intake.look(found, index)
            if hits is not None:
                self.writer.hits(hits)
            yield found.data

    def _read_entry(
        self, file: EvidenceFile, reader: Reader | None, account: _Account, head: bytes, **facts: Any
    ) -> None:
        self._entry(
            file,
            format=reader.name if reader else "unknown",
            records=sum(account.logs.values()),
            unread=account.lost,
            unread_rows=account.unread,
            logs=dict(sorted(account.logs.items())),
            clocks=dict(sorted(account.clocks.items())),
            apart=dict(sorted(account.apart.items())),
            hosts={log: sorted(hosts) for log, hosts in sorted(account.hosts.items())},
            first_seen=account.first,
            last_seen=account.last,
            synthetic=_marked(head),
            **facts,
        )

    def _entry(self, file: EvidenceFile, **facts: Any) -> None:
        self.entries.append({"index": len(self.entries), "outer": file.path, "site": file.site, **facts})


def _hosts(data: pa.RecordBatch, columns: Sequence[str]) -> set[str]:
    """The machines in the first of these columns that names any."""
    for column in columns:
        if column in data.schema.names:
            named = {value.lower() for value in data.column(column).dictionary.to_pylist() if value}
            if named:
                return named
    return set()


def _marked(head: bytes) -> str:
    """`all`, `none` or `some` of the records at the beginning carry the synthetic mark."""
    whole = head.splitlines() if head.endswith(b"\n") else head.splitlines()[:-1] or [head]
    # Brackets around the records of a document are no records.
    lines = [line for line in whole if line.strip(b" \t[]{},") and not line.startswith(b"#")]
    marked = sum(MARK in line for line in lines)
    # A CSV header carries no mark; one line without it is no mixture.
    return "none" if not marked else "all" if marked >= len(lines) - 1 else "some"

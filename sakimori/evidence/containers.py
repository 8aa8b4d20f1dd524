"""Files inside files: zip, tar, 7z, compressed streams, nested, recognised by content, never written out."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, cast

from sakimori.errors import EvidenceError
from sakimori.evidence import sevenzips, tars, zips
from sakimori.evidence.archives import Entry, Names, Skipped
from sakimori.evidence.discover import EvidenceFile, desktop_file, is_evidence
from sakimori.evidence.limits import Budget, Limits
from sakimori.evidence.member import Member
from sakimori.evidence.reread import Reread
from sakimori.evidence.unpack import Unpacked, decoder_of
from sakimori.records.manifest import Refused

_ZIP, _SEVEN, _TAR, _STREAM = "zip", "7z", "tar", "compressed"
# Formats we know by their first bytes but have no reader for.
_FOREIGN = {
    b"Rar!\x1a\x07": "RAR",
    b"MSCF\0\0\0\0": "CAB",
    b"\x04\x22\x4d\x18": "LZ4",
    b"\x1f\x9d": "compress (.Z)",
}
Archive = Callable[[BinaryIO, int, Limits], Iterator[Entry | Skipped]]
_SEEKING: dict[str, Archive] = {_ZIP: zips.entries, _SEVEN: sevenzips.entries}


def walk(
    file: EvidenceFile, limits: Limits | None = None, opened: list[str] | None = None
) -> Iterator[Member | Refused]:
    """Every innermost member of a file, in its order, and what was refused.

    Where `opened` is given, paths of archives that were opened on the way go into it, and archives of kinds
    that are not opened are members.

    A file that is no container is its own only member. A compressed file keeps its name (`conn.log.gz`); what
    an archive holds stands behind a `!` (`outer.zip!inner.json`). A member is valid until the next is asked.
    """
    return _Walk(file, limits or Limits(), None, opened=opened).members()


def open_member(file: EvidenceFile, path: str, limits: Limits | None = None) -> Member:
    """The member at this path of the evidence, at its first byte. Close it, or end with its `sha256`.

    An archive inside the file is a member too, unopened.

    Raises EvidenceError where the file no longer holds it.
    """
    members = _Walk(file, limits or Limits(), path).members()
    for member in members:
        if isinstance(member, Member) and member.path == path:
            member.walk = members
            return member
        if isinstance(member, Refused) and f"{path}!".startswith(f"{member.name}!"):
            raise EvidenceError(f"{path} cannot be opened. {member.reason}")
    raise EvidenceError(f"{path} is no longer in {file.file}; hunt again, or give the evidence as it was.")


def open_whole(file: EvidenceFile, path: str, limits: Limits | None = None) -> Member:
    """The member at this path as it lies there, an archive or a compressed file unopened; close it.

    Raises EvidenceError where the file no longer holds it.
    """
    if path != file.path:
        return open_member(file, path, limits)
    try:
        raw = file.file.open("rb", buffering=0)
    except OSError as problem:
        raise EvidenceError(f"{path} cannot be opened ({problem.strerror}).") from None
    member = Member(path, raw, None, file.bytes, _modified(raw))
    member.walk = _closing(raw)
    next(member.walk)
    return member


def _closing(raw: io.RawIOBase) -> Iterator[None]:
    """Closes a file when it is closed itself."""
    with raw:
        yield


def container(head: bytes) -> str | None:
    """`zip`, `7z`, `tar`, `compressed` or a foreign format by the first bytes; None for a plain file."""
    if head.startswith(zips.MAGIC):
        return _ZIP
    if head.startswith(sevenzips.MAGIC):
        return _SEVEN
    if decoder_of(head):
        return _STREAM
    foreign = next((name for magic, name in _FOREIGN.items() if head.startswith(magic)), None)
    return foreign or (_TAR if tars.is_tar(head) else None)


@dataclass(slots=True)
class _Walk:
    """One pass over one file; `wanted` keeps it out of every container that does not hold that path."""

    file: EvidenceFile
    limits: Limits
    wanted: str | None
    closed_at: int | None = None  # depth at which a wanted container is handed out unopened
    opened: list[str] | None = None
    budget: Budget = None  # type: ignore[assignment]

    def members(self) -> Iterator[Member | Refused]:
        self.budget = Budget(self.limits, self.file.bytes)
        try:
            raw = self.file.file.open("rb", buffering=0)
        except OSError as problem:
            yield _refused(self.file.path, "file", f"it cannot be opened ({problem.strerror})")
            return
        with raw:
            top = Member(self.file.path, raw, None, self.file.bytes, _modified(raw))
            yield from self._unfold(top, 0)
        if self.budget.spent:
            yield _refused(self.file.path, "container", f"the rest was left unread, as {self.budget.spent}")

    def _unfold(self, member: Member, depth: int) -> Iterator[Member | Refused]:
        kind = container(member.head)
        if kind is None or self._closed(member, kind, depth):
            yield member
        elif kind in _FOREIGN.values():
            yield _refused(member.path, kind, f"{kind} is not supported; unpack it and hunt in the folder")
        elif depth >= self.limits.depth:
            yield _refused(member.path, kind, f"it stands more than {self.limits.depth} containers deep")
        else:
            member.metered.forget_hash()
            if kind != _STREAM and self.opened is not None:
                self.opened.append(member.path)
            yield from self._stream(member, depth) if kind == _STREAM else self._archive(member, kind, depth)

    def _closed(self, member: Member, kind: str, depth: int) -> bool:
        """Whether a container is handed out as it is: one that is wanted, or of a kind that is not opened."""
        if kind in _FOREIGN.values():
            return self.opened is not None
        if member.path != self.wanted:
            return False
        # What a compressed file holds has its name: only at its depth is it meant itself.
        return self.closed_at == depth if kind == _STREAM else self.closed_at in (None, depth)

    def _stream(self, packed: Member, depth: int) -> Iterator[Member | Refused]:
        decoder = decoder_of(packed.head)
        assert decoder is not None
        unpacked = Unpacked(packed.stream, decoder, self.limits)
        plain = Member(packed.path, unpacked, self.budget, None, packed.modified)
        yield from self._unfold(plain, depth + 1)
        if packed.problem and not plain.problem:
            yield Refused(name=packed.path, title=_STREAM, reason=packed.problem)

    def _archive(self, member: Member, kind: str, depth: int) -> Iterator[Member | Refused]:
        names = Names()
        for entry in self._entries(member, kind, depth):
            if isinstance(entry, Skipped) and not entry.name:
                yield _refused(member.path, kind, entry.reason)
                continue
            self.budget.member()
            if self.budget.spent:
                return
            path = f"{member.path}!{names.shown(entry.name)}"
            if self._asked(path):
                # A tar unfolds nothing; what unpacked it has been counted already.
                yield from self._one(path, entry, depth, None if kind == _TAR else self.budget)
        if member.problem:
            yield Refused(name=member.path, title=kind, reason=member.problem)

    def _one(
        self, path: str, entry: Entry | Skipped, depth: int, budget: Budget | None
    ) -> Iterator[Member | Refused]:
        if not is_evidence(path):
            yield desktop_file(path)
        elif isinstance(entry, Skipped):
            yield _refused(path, "member", entry.reason)
        else:
            yield from self._unfold(Member(path, entry.stream, budget, entry.size, entry.modified), depth + 1)

    def _asked(self, path: str) -> bool:
        return self.wanted is None or self.wanted == path or self.wanted.startswith(path + "!")

    def _entries(self, member: Member, kind: str, depth: int) -> Iterator[Entry | Skipped]:
        if kind == _TAR:
            yield from tars.entries(member.stream)
        elif depth == 0:
            with self.file.file.open("rb") as file:
                yield from _SEEKING[kind](file, self.file.bytes, self.limits)
        else:
            with closing(self._seekable(member, depth)) as inner:
                length = inner.seek(0, io.SEEK_END)
                inner.seek(0)
                yield from _SEEKING[kind](inner, length, self.limits)

    def _seekable(self, member: Member, depth: int) -> BinaryIO:
        """A nested archive as a file to seek in: held in memory if small, else read again where needed."""
        held = member.stream.read(self.limits.held + 1)
        if len(held) <= self.limits.held:
            return io.BytesIO(held)
        del held
        again = _Walk(self.file, self.limits, member.path, depth)
        return cast(BinaryIO, io.BufferedReader(Reread(lambda: _first(again.members()))))


def _first(members: Iterator[Member | Refused]) -> Member:
    for member in members:
        if isinstance(member, Member):
            member.walk = members
            return member
    raise EOFError("the container could not be read a second time")


def _modified(raw: io.RawIOBase) -> str:
    """When a file on disk was last changed, in ISO 8601."""
    return datetime.fromtimestamp(os.fstat(raw.fileno()).st_mtime, UTC).isoformat()


def _refused(path: str, title: str, reason: str) -> Refused:
    return Refused(name=path, title=title, reason=f"It was not read: {reason}.")

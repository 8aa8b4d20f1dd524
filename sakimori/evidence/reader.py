"""What a reader is: bytes of one member in, batches of records and stretches of unread out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol, runtime_checkable

from sakimori.records.batch import Batch, BatchBuilder, Builders, Make, Pool, Unread
from sakimori.records.clock import Zone
from sakimori.records.plan import Plan, Stream

HEAD_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One member, or a range of one, as a reader meets it.

    `path` is the place inside the evidence (`outer.zip!inner.json`), for messages only: content decides,
    never a name. `stream` is buffered, forward-only, and starts at `offset`; `head` are the member's first
    64 kB whatever the range (a header line stands there). `record` is the number of the range's first record:
    text logs count lines from 1, other formats count records from 1. Members read one after another share a
    `pool`, in which their rows have the number `member`; `builders` takes care of both.
    """

    path: str
    stream: BinaryIO
    head: bytes
    record: int = 1
    offset: int = 0
    zone: Zone = field(default_factory=Zone)
    modified: str = ""
    pool: Pool | None = None
    member: int = 0

    def builders(self, kind: object = None, make: Make | None = None) -> Builders:
        """Builders of this member's rows, which are mappings unless `make` knows how to read them.

        Rows that are read in different ways need a `kind` each.
        """
        return Builders(make or self._of_mappings, pool=self.pool, kind=kind, member=self.member)

    def _of_mappings(self, stream: Stream) -> BatchBuilder:
        return BatchBuilder.of_mappings(stream, self.zone)


class Reader(Protocol):
    """One file per format. `name` stands in the manifest; raise `version` when its rows change.

    `lines` says that records are lines, so a large member may be cut into ranges at line ends.
    """

    name: str
    version: int
    lines: bool

    def claims(self, head: bytes) -> bool:
        """Whether the first 64 kB of a member are this format. Content decides, never the file name."""
        ...

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches in order of the records; what cannot be read becomes Unread, never an exception."""
        ...

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The original text of record `number` that starts at `offset`; None where there is none."""
        ...


@runtime_checkable
class Placed(Protocol):
    """A reader of a format that nothing in its bytes tells: a plain shell history is any text.

    Only where content says nothing may the place in which a file lay: the name it has on its machine. Such
    readers stand behind those that know their format by content.
    """

    def claims_at(self, path: str, head: bytes) -> bool:
        """Whether a file at `path` (`outer.zip!Users/mei/.zsh_history`) that begins so is this format."""
        ...

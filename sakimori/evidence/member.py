"""One innermost file of the evidence as a stream: hashed while it is read, ending early where damaged."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from sakimori.evidence.limits import Budget
from sakimori.evidence.reader import HEAD_BYTES
from sakimori.evidence.unpack import DAMAGE

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE = 1 << 20


class Metered(io.RawIOBase):
    """A stream that is hashed and counted as it is read.

    Damage and limits end it early and are told in `problem`: a reader downstream sees an end, never an
    exception.
    """

    def __init__(self, inner: io.RawIOBase, budget: Budget | None) -> None:
        self._inner = inner
        self._budget = budget
        self._digest: Any = hashlib.sha256()
        self.length = 0
        self.problem: str | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and self.problem is None:
            count = self._some(view[filled:])
            if not count:
                break
            filled += count
        self.length += filled
        if self._digest is not None:
            self._digest.update(view[:filled])
        return filled

    def _some(self, view: memoryview) -> int:
        try:
            count = self._inner.readinto(view) or 0
            if self._budget is not None:
                self._budget.unfold(count)
        except DAMAGE as damage:
            self.problem = f"It was not read to its end: {str(damage) or type(damage).__name__}."
            return 0
        return count

    def forget_hash(self) -> None:
        """Stop hashing: a container's own bytes are not what findings point at."""
        self._digest = None

    def hexdigest(self) -> str:
        """SHA-256 of what was read so far."""
        return "" if self._digest is None else str(self._digest.hexdigest())


class Member:
    """One file, plain or inside containers; valid until the walk is asked for the next.

    `path` is its place inside the evidence (`outer.zip!inner.json`), `stream` starts at its first byte,
    `head` are the first 64 kB. `size` is what the container declares, None if it says nothing. `modified` is
    when the file was last changed, in ISO 8601, where its container says it.
    """

    def __init__(
        self,
        path: str,
        inner: io.RawIOBase,
        budget: Budget | None,
        declared: int | None,
        modified: str = "",
    ) -> None:
        self.path = path
        self.modified = modified
        self.size = declared
        self.metered = Metered(inner, budget)
        self.stream = cast(BinaryIO, io.BufferedReader(self.metered, PIECE))
        self.head = bytes(self.stream.peek(HEAD_BYTES)[:HEAD_BYTES])  # type: ignore[attr-defined]
        self.walk: Iterator[object] | None = None  # what gave it, where nobody else holds that

    @property
    def problem(self) -> str | None:
        """Why the stream ended before its end; None while all is well."""
        return self.metered.problem

    @property
    def length(self) -> int:
        """Bytes read so far, the buffer included; after `drain`, the size of the member."""
        return self.metered.length

    def drain(self) -> None:
        """Read what is left and let it go."""
        scratch = bytearray(PIECE)
        while self.stream.readinto(scratch):  # type: ignore[attr-defined]
            pass
        self.close()

    def close(self) -> None:
        """Give back the files behind a member opened by itself; one out of a walk needs no closing."""
        walk, self.walk = self.walk, None
        if isinstance(walk, Generator):
            walk.close()

    def sha256(self) -> str:
        """SHA-256 of the whole member; reads what is left of it."""
        self.drain()
        return self.metered.hexdigest()

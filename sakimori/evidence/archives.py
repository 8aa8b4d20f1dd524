"""What every archive format gives: entries with a stream, or the reason why there is none."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True)
class Entry:
    """One file inside an archive; its stream is valid until the archive is asked for the next.

    `modified` is when it was last changed, in ISO 8601, as far as the archive says.
    """

    name: str
    stream: io.RawIOBase
    size: int | None
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in an archive that is not read, and why; no name means the archive itself from here on."""

    name: str
    reason: str


class Slice(io.RawIOBase):
    """The next `length` bytes of a stream as a stream of their own; EOFError where the stream is shorter."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream = stream
        self.total = self.left = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")[: self.left]
        if not view:
            return 0
        count: int = self._stream.readinto(view)  # type: ignore[attr-defined]
        if not count:
            raise EOFError("the end of the data is missing")
        self.left -= count
        return count


class Names:
    """Names of one archive as they are shown: no way up, no root, each only once.

    Nothing is ever written under such a name; it is only a place to point at.
    """

    def __init__(self) -> None:
        self._times: dict[str, int] = {}
        self._taken: set[str] = set()

    def shown(self, name: str) -> str:
        """The name to show, with a number behind it where the archive repeats itself."""
        plain = shown = _plain(name)
        while shown in self._taken:
            times = self._times[plain] = self._times.get(plain, 1) + 1
            shown = f"{plain} ({times})"
        self._taken.add(shown)
        return shown


def _plain(name: str) -> str:
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").split("\0")[0]
    parts = re.sub(r"^[A-Za-z]:", "", text.replace("\\", "/")).split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "unnamed"

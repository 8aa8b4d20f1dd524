"""Lines in order of time, written day by day to files whose line numbers are known to the truth."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

from sakimori.errors import UsageError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DAY = 86_400_000_000
CLOCK = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(86_400)]
COMPRESSIONS = ("none", "zst")

# file inside the evidence, record (line) from 1, byte offset in the decompressed file
Witness = Callable[[int, str, int, int], None]
Line = tuple[int, int, int, int, str]  # time, order of arrival, stream, tag, text


def day_text(day: int) -> str:
    """2026-03-02 for a number of days since the epoch."""
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")


def moment(t: int, gap: str = " ", digits: int = 3) -> str:
    """2026-03-02 09:12:00.123 for microseconds since the epoch."""
    day, rest = divmod(t, DAY)
    seconds, micros = divmod(rest, 1_000_000)
    return f"{_day(day)}{gap}{CLOCK[seconds]}.{micros:06d}"[: len(gap) + 19 + digits]


_DAYS: dict[int, str] = {}


def _day(day: int) -> str:
    text = _DAYS.get(day)
    if text is None:
        text = _DAYS[day] = day_text(day)
    return text


def opened(path: Path, compress: str) -> IO[bytes]:
    """A file to write; raises UsageError for a compression nobody knows."""
    if compress not in COMPRESSIONS:
        raise UsageError(f"compression {compress!r} is unknown: choose one of {', '.join(COMPRESSIONS)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    return cast(IO[bytes], zstd.open(path, "wb")) if compress == "zst" else path.open("wb")


class DayFile:
    """One kind of file, new each day: `name` has `{day}`; `head` and `foot` are lines around the records."""

    def __init__(
        self,
        root: Path,
        name: str,
        witness: Witness,
        *,
        head: str = "",
        foot: str = "",
        compress: str = "none",
    ) -> None:
        self.root, self.head, self.foot, self.compress = root, head, foot, compress
        self.name = name + (".zst" if compress == "zst" else "")
        self.witness = witness
        self.day = -1
        self.lines = self.bytes = self.records = 0
        self._handle: IO[bytes] | None = None
        self._path = ""

    def turn(self, day: int) -> None:
        """Close the file of the day before and open that of `day`."""
        self.close()
        self.day, self.lines, self.bytes = day, 0, 0
        self._path = self.name.format(day=day_text(day))
        self._handle = opened(self.root / self._path, self.compress)
        self._text(self.head.format(day=day_text(day)))

    def write(self, texts: list[str], tags: list[int]) -> None:
        """Records, a line each; those with a tag are told to the witness."""
        if any(tags):
            self._tell(texts, tags)
        self.records += len(texts)
        self._text("".join(texts))

    def _tell(self, texts: list[str], tags: list[int]) -> None:
        offset = self.bytes
        for number, (text, tag) in enumerate(zip(texts, tags, strict=True), self.lines + 1):
            if tag:
                self.witness(tag, self._path, number, offset)
            offset += len(text)

    def _text(self, text: str) -> None:
        if text and self._handle is not None:
            self._handle.write(text.encode("ascii"))
            self.bytes += len(text)
            self.lines += text.count("\n")

    def close(self) -> None:
        """Write the foot and close."""
        if self._handle is not None:
            self._text(self.foot.format(day=day_text(self.day)))
            self._handle.close()
            self._handle = None


class Journal:
    """Keeps lines until their time has come, then finishes and writes them in order."""

    def __init__(self, file: DayFile, finish: Callable[[list[Line]], list[str]] | None = None) -> None:
        self.file = file
        self._finish = finish or (lambda lines: [line[4] for line in lines])
        self._kept: list[Line] = []
        self._order = 0

    def add(self, t: int, stream: int, tag: int, text: str) -> None:
        """A line; `stream` is for the finisher."""
        self._order = order = self._order + 1
        self._kept.append((t, order, stream, tag, text))

    def flush(self, until: int) -> None:
        """Write everything before `until`."""
        self._kept.sort()
        ready = [line for line in self._kept if line[0] < until]
        if not ready:
            return
        self._kept = self._kept[len(ready) :]
        while ready:
            day = ready[0][0] // DAY
            if day != self.file.day:
                self.file.turn(day)
            end = (day + 1) * DAY
            today = ready if ready[-1][0] < end else [line for line in ready if line[0] < end]
            self.file.write(self._finish(today), [line[3] for line in today])
            ready = ready[len(today) :]

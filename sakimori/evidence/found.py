"""Records on their way into batches, for readers that tell the log of each record themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_PIECE = 1 << 20
MOST_BYTES = 2 << 30  # of a file that must be read from many sides: hives, databases


@dataclass(frozen=True, slots=True)
class Found:
    """One record: its log of the catalogue, its place, its fields under native names, its original."""

    log: str
    record: int
    offset: int
    row: Mapping[str, Any]
    raw: bytes


def batches(found: Iterable[Found | Unread], source: Source, plan: Plan) -> Iterator[Batch | Unread]:
    """The records as batches of their logs, and what was unread where it came."""
    builders = source.builders()
    for one in found:
        if isinstance(one, Unread):
            yield one
        else:
            stream = plan.stream(one.log)
            yield from builders.add(stream, one.record, one.offset, one.row, len(one.raw), one.raw)
    yield from builders.rest()


class TooLarge(Exception):
    """The member is larger than a parser that needs it whole may have."""


@contextmanager
def on_disk(source: Source, suffix: str = "", most: int = MOST_BYTES) -> Iterator[Path]:
    """A private copy of the member, for libraries that want a file; gone afterwards.

    Raises TooLarge.
    """
    with tempfile.TemporaryDirectory(prefix="sakimori-") as folder:
        path = Path(folder) / f"member{suffix}"
        copied = 0
        with path.open("wb") as file:
            while piece := source.stream.read(_PIECE):
                copied += len(piece)
                if copied > most:
                    raise TooLarge(f"larger than {most >> 20} MB")
                file.write(piece)
        yield path


def in_memory(source: Source, most: int = 256 << 20) -> bytes:
    """All bytes of the member. Raises TooLarge."""
    data = source.stream.read(most + 1)
    if len(data) > most:
        raise TooLarge(f"larger than {most >> 20} MB")
    return data

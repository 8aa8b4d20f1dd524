"""A large EVTX file cut into ranges of whole chunks, so that several workers may read it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path

from sakimori.evidence.evtx_chunks import CHUNK, CHUNKS_DECLARED, FILE_HEADER, FILE_MAGIC, look
from sakimori.evidence.ranges import RANGE_BYTES, Range, Whole


def evtx_ranges(file: Path, size: int = RANGE_BYTES) -> Iterator[Range | Whole]:
    """Ranges of about `size` bytes that start at a chunk, each as soon as it is counted, and at last Whole.

    No range holds the file header, which is looked at only where a file is read whole; so a file whose header
    is damaged, or names more chunks than there are, stays one range from offset 0. Whole counts records as
    lines. Raises OSError where the file cannot be read.
    """
    digest = hashlib.sha256()
    with file.open("rb", buffering=1 << 20) as stream:
        head = stream.read(FILE_HEADER)
        digest.update(head)
        start, first = (FILE_HEADER, 1) if _sound(head, file.stat().st_size) else (0, 1)
        position, number = len(head), 1
        while data := stream.read(CHUNK):
            digest.update(data)
            position += len(data)
            number += len(look(data.ljust(CHUNK, b"\0")).found)
            if start and position - start >= size:
                yield Range(start, position - start, first, digest.hexdigest())
                start, first = position, number
    if position > start:
        yield Range(start, position - start, first, digest.hexdigest())
    yield Whole(digest.hexdigest(), position, number - 1)


def _sound(head: bytes, length: int) -> bool:
    if not head.startswith(FILE_MAGIC) or len(head) < FILE_HEADER:
        return False
    declared: int = struct.unpack_from("<H", head, CHUNKS_DECLARED)[0]
    return declared <= -(-(length - FILE_HEADER) // CHUNK)

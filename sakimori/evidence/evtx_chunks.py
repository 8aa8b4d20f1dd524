"""Records of one EVTX chunk: found by hand, decoded by the evtx package, salvaged where the chunk is damaged.

Format: https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
"""

from __future__ import annotations

import io
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from evtx import PyEvtxParser

FILE_HEADER = 4096
CHUNK = 65_536
CHUNKS_DECLARED = 42  # where the file header holds the number of chunks, 16 bits
FLAGS = 120  # where the file header holds its flags, 32 bits
IN_USE = 1  # the flag of a log that was not closed
FILE_MAGIC = b"ElfFile\0"
CHUNK_MAGIC = b"ElfChnk\0"
_FIRST = 512
_TABLES = 128
_NO_TABLES = bytes(_FIRST - _TABLES)
_RECORD_MAGIC = b"**\0\0"
_HEADER = struct.Struct("<4sIQQ")
_SHORTEST = _HEADER.size + 4
# magic, first and last chunk, next record, header size, minor, major, block size, chunks
_ONE_CHUNK = struct.pack("<8sQQQIHHHH", FILE_MAGIC, 0, 0, 1, 128, 1, 3, FILE_HEADER, 1).ljust(
    FILE_HEADER, b"\0"
)
_MOST_RECORDS = CHUNK // _SHORTEST
# A fragment header and the end of the stream: a record that says nothing.
_NOTHING = b"\x0f\x01\x01\x00\x00"
_NO_ID = (1 << 64) - 1


class Found(NamedTuple):
    """A record as its header shows it: position in the chunk, size, record id."""

    at: int
    size: int
    id: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes between records that are no record; `ids` is how many record ids are missing there, if known."""

    at: int
    end: int
    ids: int | None


@dataclass(slots=True)
class Chunk:
    """What stands in a chunk; `texts` holds the JSON of each record, None where it could not be decoded."""

    found: list[Found]
    gaps: list[Gap]
    texts: list[str | None] = field(default_factory=list)
    why: str = ""
    promised: int = 0  # records the chunk's header speaks of that are neither found nor in a gap


def decode(data: bytes) -> Chunk:
    """The chunk's records with their JSON; a damaged chunk costs as little as can be."""
    chunk = look(data)
    ids, texts, chunk.why = (
        _parsed(data) if data.startswith(CHUNK_MAGIC) else ([], [], "its header is damaged")
    )
    if ids == [record.id for record in chunk.found]:
        chunk.texts = list(texts)
    elif chunk.found:
        again, salvaged, why = _parsed(_mended(data, chunk))
        chunk.texts = _matched(chunk.found, (ids, texts), (again, salvaged))
        chunk.why = why or chunk.why
    return chunk


def vouched(data: bytes) -> bool:
    """Whether both checksums of a chunk, of its records and of its header, are those of its bytes."""
    free, records = struct.unpack_from("<II", data, 48)
    (header,) = struct.unpack_from("<I", data, 124)
    if zlib.crc32(data[_TABLES:_FIRST], zlib.crc32(data[:120])) != header:
        return False
    return _FIRST <= free <= len(data) and bool(zlib.crc32(data[_FIRST:free]) == records)


def look(data: bytes) -> Chunk:
    """Where records and gaps stand, from the record headers alone."""
    found: list[Found] = []
    gaps: list[Gap] = []
    at, end = _FIRST, _end(data)
    while at + _SHORTEST <= end:
        record = _record(data, at, end)
        if record is None:
            following = _next(data, at + 1, end)
            stop = following.at if following else end
            if data.count(0, at, stop) != stop - at:
                before = found[-1].id if found else None
                gaps.append(Gap(at, stop, _between(before, following.id if following else None)))
            at = stop
            continue
        found.append(record)
        at += record.size
    return Chunk(found, gaps, promised=0 if gaps else _promised(data, len(found)))


def _promised(data: bytes, found: int) -> int:
    magic, first, last = struct.unpack_from("<8sQQ", data)
    return (
        int(last - first + 1 - found) if magic == CHUNK_MAGIC and found <= last - first < _FIRST * 128 else 0
    )


def _end(data: bytes) -> int:
    free: int = struct.unpack_from("<I", data, 48)[0]
    # A damaged header says nothing about where the records end.
    return free if data.startswith(CHUNK_MAGIC) and _FIRST <= free <= len(data) else len(data)


def _record(data: bytes, at: int, end: int) -> Found | None:
    magic, size, number, _ = _HEADER.unpack_from(data, at)
    if magic != _RECORD_MAGIC or not _SHORTEST <= size <= end - at:
        return None
    after = at + size
    # The size stands at both ends of a record; where its end is damaged, the next record vouches for it.
    if data.startswith(_RECORD_MAGIC, after) or data[after - 4 : after] == data[at + 4 : at + 8]:
        return Found(at, size, number)
    return None


def _next(data: bytes, at: int, end: int) -> Found | None:
    while 0 <= (at := data.find(_RECORD_MAGIC, at, end)) <= end - _SHORTEST:
        record = _record(data, at, end)
        if record:
            return record
        at += 1
    return None


def _between(before: int | None, after: int | None) -> int | None:
    return after - before - 1 if before is not None and after is not None and after > before else None


def _parsed(data: bytes) -> tuple[list[int], list[str], str]:
    """Record ids and JSON texts of a chunk in order, and the last complaint."""
    ids: list[int] = []
    texts: list[str] = []
    why = ""
    # The parser never sees the chunk's tables of strings and templates: all names are found by their offsets
    # without them, and a table whose chain bites its own tail would keep it for ever.
    file = io.BytesIO(b"".join((_ONE_CHUNK, data[:_TABLES], _NO_TABLES, data[_FIRST:])))
    try:
        parser = PyEvtxParser(file, number_of_threads=1, separate_json_attributes=True)
        records: Any = parser.records_json()
    except (RuntimeError, ValueError, OSError) as damage:
        return ids, texts, str(damage)
    for _ in range(_MOST_RECORDS):
        try:
            for record in records:
                ids.append(record["event_record_id"])
                texts.append(record["data"])
            break
        except (RuntimeError, ValueError) as damage:
            why = str(damage)
    return ids, texts, why


def _mended(data: bytes, chunk: Chunk) -> bytes:
    """The chunk with a sound header, and empty records over the gaps."""
    mended = bytearray(data.ljust(CHUNK, b"\0"))
    first, last = chunk.found[0], chunk.found[-1]
    stop = last.at + last.size
    struct.pack_into(
        "<8sQQQQIII", mended, 0, CHUNK_MAGIC, first.id, last.id, first.id, last.id, 128, last.at, stop
    )
    for at, end in _holes(chunk):
        filler = _HEADER.pack(_RECORD_MAGIC, end - at, _NO_ID, 0) + _NOTHING
        mended[at : at + len(filler)] = filler
        struct.pack_into("<I", mended, end - 4, end - at)
    return bytes(mended)


def _holes(chunk: Chunk) -> Iterator[tuple[int, int]]:
    at = _FIRST
    for record in chunk.found:
        if record.at - at >= _SHORTEST + len(_NOTHING):
            yield at, record.at
        at = record.at + record.size


def _matched(found: list[Found], *parses: tuple[list[int], list[str]]) -> list[str | None]:
    """For each record found, its JSON from the first parse that has it."""
    waiting: list[dict[int, list[str]]] = []
    for ids, texts in parses:
        by_id: defaultdict[int, list[str]] = defaultdict(list)
        for number, text in zip(reversed(ids), reversed(texts), strict=True):
            by_id[number].append(text)
        waiting.append(by_id)
    return [next((by_id[r.id].pop() for by_id in waiting if by_id.get(r.id)), None) for r in found]

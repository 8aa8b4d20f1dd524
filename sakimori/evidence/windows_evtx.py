"""Windows event logs in their own format, EVTX."""

from __future__ import annotations

import struct
from bisect import bisect
from collections.abc import Iterator
from typing import Any

import orjson

from sakimori.evidence.evtx_chunks import (
    CHUNK,
    CHUNK_MAGIC,
    CHUNKS_DECLARED,
    FILE_HEADER,
    FILE_MAGIC,
    FLAGS,
    IN_USE,
    Chunk,
    decode,
    look,
    vouched,
)
from sakimori.evidence.reader import Source
from sakimori.evidence.windows_event import row_of
from sakimori.evidence.windows_logs import WindowsStreams
from sakimori.records.batch import Batch, Builders, Unread
from sakimori.records.plan import Plan, Stream

_STREAMS_KNOWN = 4096


class WindowsEvtx:
    """Reads EVTX chunk by chunk, so memory stays small and a damaged chunk costs only itself.

    Records are numbered from 1 in the order of their headers, those that cannot be decoded included.
    """

    name = "windows_evtx"
    version = 2
    lines = False

    def claims(self, head: bytes) -> bool:
        """EVTX starts with ElfFile; where that is destroyed, its first chunk still starts with ElfChnk."""
        return head.startswith(FILE_MAGIC) or head[FILE_HEADER : FILE_HEADER + 8] == CHUNK_MAGIC

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Batches by log; chunks and records that cannot be decoded are Unread."""
        rows = _Rows(plan, source.builders())
        number, chunks = source.record, 0
        for offset, data in _chunks(source):
            chunks += 1
            if len(data) < CHUNK:
                yield Unread(number, offset, f"The file ends {len(data)} bytes into a chunk of {CHUNK}.")
            if not data.startswith(CHUNK_MAGIC) and data.count(0) == len(data):
                continue  # Windows allots chunks before it fills them
            chunk = decode(data.ljust(CHUNK, b"\0"))
            yield from _damage(chunk, number, offset)
            if _whole(chunk) and not vouched(data.ljust(CHUNK, b"\0")):
                yield _unvouched(source, number, offset)
            yield from rows.add(chunk, number, offset)
            number += len(chunk.found)
        yield from rows.rest()
        if source.offset == 0:
            yield from _missing(source, number, chunks)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The record's JSON, indented, as the evtx package writes it; an offset of 0 is not compared."""
        index = number - source.record
        for start, data in _chunks(source):
            found = look(data.ljust(CHUNK, b"\0")).found
            if 0 <= index < len(found):
                same = offset in (0, start + found[index].at)
                return _shown(decode(data.ljust(CHUNK, b"\0")).texts[index]) if same else None
            index -= len(found)
        return None


class _Rows:
    """Takes decoded records to the builders of their streams."""

    def __init__(self, plan: Plan, builders: Builders) -> None:
        self._streams = plan.kept(WindowsStreams, lambda: WindowsStreams(plan))
        self._known: dict[tuple[Any, Any, Any], Stream] = {}
        self._builders = builders
        self.rest = builders.rest

    def add(self, chunk: Chunk, first: int, offset: int) -> Iterator[Batch | Unread]:
        put, known = self._builders.put, self._known
        for number, (record, text) in enumerate(zip(chunk.found, chunk.texts, strict=True), first):
            try:
                row = row_of(orjson.loads(text or "null")["Event"])
                key = (row["Channel"], row["Provider_Name"], row["EventID"])
                stream = known.get(key) or self._stream(key)
            except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
                yield Unread(number, offset + record.at, _why(chunk))
                continue
            raw = text.encode() if text else b""
            if put(stream, number, offset + record.at, row, record.size, raw):
                yield from self._builders.due()

    def _stream(self, key: tuple[Any, Any, Any]) -> Stream:
        channel, provider, event_id = key
        stream = self._streams.stream(channel, provider, None if event_id is None else str(event_id))
        if len(self._known) < _STREAMS_KNOWN:
            self._known[key] = stream
        return stream


def _chunks(source: Source) -> Iterator[tuple[int, bytes]]:
    """Offset and bytes of each chunk, the last may be short. Only a whole file starts with its header."""
    offset = source.offset or len(source.stream.read(FILE_HEADER))
    while data := source.stream.read(CHUNK):
        yield offset, data
        offset += len(data)


def _damage(chunk: Chunk, number: int, offset: int) -> Iterator[Unread]:
    if not chunk.found and not chunk.gaps and not chunk.why:
        return
    if not chunk.found:
        yield Unread(number, offset, f"A chunk could not be read: {chunk.why or 'it holds no record'}.")
        return
    if chunk.promised:
        end = chunk.found[-1].at + chunk.found[-1].size
        reason = f"The chunk's header speaks of {chunk.promised} more records than are there."
        yield Unread(number + len(chunk.found), offset + end, reason)
    starts = [record.at for record in chunk.found]
    for gap in chunk.gaps:
        at = number + bisect(starts, gap.at)
        lost = "" if gap.ids is None else f" (missing by the record numbers: {gap.ids})"
        yield Unread(at, offset + gap.at, f"{gap.end - gap.at} bytes are no records{lost}.")


def _whole(chunk: Chunk) -> bool:
    """Whether its records stand there without a gap and were all decoded."""
    return bool(chunk.found) and not chunk.gaps and None not in chunk.texts


def _unvouched(source: Source, number: int, offset: int) -> Unread:
    reason = "The records of this chunk were read, but do not match its checksum."
    (flags,) = struct.unpack_from("<I", source.head.ljust(FILE_HEADER, b"\0"), FLAGS)
    if source.head.startswith(FILE_MAGIC) and flags & IN_USE:
        reason = f"{reason[:-1]}; the log was in use when it was copied."
    return Unread(number, offset, reason, lost=False)


def _missing(source: Source, number: int, chunks: int) -> Iterator[Unread]:
    if not source.head.startswith(FILE_MAGIC) or len(source.head) < FILE_HEADER:
        reason = "The file header is damaged." if source.head.startswith(CHUNK_MAGIC, FILE_HEADER) else ""
        reason = reason or "The file ends inside its header."
        yield Unread(number, 0, reason)
        return
    declared = struct.unpack_from("<H", source.head, CHUNKS_DECLARED)[0]
    if declared > chunks:
        yield Unread(
            number,
            FILE_HEADER + chunks * CHUNK,
            f"The file declares {declared} chunks, but {chunks} are there.",
        )


def _why(chunk: Chunk) -> str:
    return f"The record could not be decoded: {chunk.why or 'its content is damaged'}."


def _shown(text: str | None) -> str | None:
    try:
        return text and orjson.dumps(orjson.loads(text), option=orjson.OPT_INDENT_2).decode()
    except orjson.JSONDecodeError:  # a damaged name may hold what JSON forbids
        return text

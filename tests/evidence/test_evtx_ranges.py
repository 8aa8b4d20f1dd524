"""A large EVTX file in ranges gives the same rows as in one piece."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from sakimori.evidence.evtx_ranges import evtx_ranges
from sakimori.evidence.ranges import Range, Whole, open_range
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.evidence.windows_evtx import WindowsEvtx
from tests.evidence.evtx_writer import CHUNK, Event, evtx
from tests.evidence.reading import Rows, read

READER = WindowsEvtx()
DATA = evtx(
    [Event(4624, (("TargetUserName", f"user{n}"), ("LogonType", 3))) for n in range(20)],
    per_chunk=3,
    allotted=2,
)


def cut(file: Path, data: bytes, size: int) -> tuple[list[Range], Whole]:
    file.write_bytes(data)
    *parts, whole = evtx_ranges(file, size)
    assert isinstance(whole, Whole)
    return [part for part in parts if isinstance(part, Range)], whole


def rows_of(file: Path, part: Range) -> tuple[Rows, list[Any]]:
    with open_range(file, part) as stream:
        head = file.read_bytes()[:HEAD_BYTES]
        source = Source(path="e", stream=stream, head=head, record=part.first_record, offset=part.offset)
        return read(READER, source)


@pytest.mark.parametrize("size", [1, CHUNK, 2 * CHUNK, 3 * CHUNK, 100 * CHUNK])
def test_ranges_give_the_rows_of_the_whole_file(tmp_path: Path, size: int) -> None:
    parts, whole = cut(tmp_path / "e", DATA, size)
    rows: Rows = []
    for part in parts:
        found, unread = rows_of(tmp_path / "e", part)
        assert unread == []
        rows += found
    assert (rows, []) == read(READER, DATA)
    assert whole == Whole(hashlib.sha256(DATA).hexdigest(), len(DATA), 20)
    assert [part.offset % CHUNK for part in parts] == [4096] * len(parts)
    assert parts[-1].prefix == whole.sha256
    assert len(parts) == -(-9 // max(1, -(-size // CHUNK)))


def test_a_damaged_chunk_in_a_range_is_told_with_its_place(tmp_path: Path) -> None:
    data = bytearray(DATA)
    data[4096 + 4 * CHUNK : 4096 + 5 * CHUNK] = b"\xaa" * CHUNK
    parts, _ = cut(tmp_path / "e", bytes(data), 2 * CHUNK)
    unread = [row for part in parts for row in rows_of(tmp_path / "e", part)[1]]
    assert unread == read(READER, bytes(data))[1]
    assert [(row.record, row.offset) for row in unread] == [(13, 4096 + 4 * CHUNK)]


@pytest.mark.parametrize("data", [DATA[: 4096 + 2 * CHUNK], b"\xaa" * 4096 + DATA[4096:], DATA[:1000]])
def test_a_file_whose_header_is_not_sound_stays_whole(tmp_path: Path, data: bytes) -> None:
    parts, _ = cut(tmp_path / "e", data, CHUNK)
    assert [(part.offset, part.length, part.first_record) for part in parts] == [(0, len(data), 1)]
    rows, unread = rows_of(tmp_path / "e", parts[0])
    assert (rows, unread) == read(READER, data)
    assert unread

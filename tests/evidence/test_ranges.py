"""A large file in ranges: whole lines, counted and hashed in one pass."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakimori.evidence.ranges import Range, Whole, open_range, ranges


def cut(folder: Path, data: bytes, size: int) -> tuple[list[Range], Whole]:
    file = folder / "e"
    file.write_bytes(data)
    *parts, whole = ranges(file, size)
    assert isinstance(whole, Whole)
    return [part for part in parts if isinstance(part, Range)], whole


def plain(parts: list[Range]) -> list[tuple[int, int, int]]:
    return [(part.offset, part.length, part.first_record) for part in parts]


def test_ranges_end_at_line_ends_and_know_their_first_line(tmp_path: Path) -> None:
    parts, whole = cut(tmp_path, b"one\ntwo\nthree\nfour", 5)
    assert plain(parts) == [(0, 8, 1), (8, 6, 3), (14, 4, 4)]
    assert whole == Whole(hashlib.sha256(b"one\ntwo\nthree\nfour").hexdigest(), 18, 3)


def test_an_empty_file_has_no_range(tmp_path: Path) -> None:
    assert cut(tmp_path, b"", 5) == ([], Whole(hashlib.sha256(b"").hexdigest(), 0, 0))


def test_a_long_line_makes_its_range_longer(tmp_path: Path) -> None:
    data = b"a" * 3_000_000 + b"\nb\nc\n"
    assert plain(cut(tmp_path, data, 1_000_000)[0]) == [(0, 3_000_001, 1), (3_000_001, 4, 2)]


def test_utf_16_stays_whole(tmp_path: Path) -> None:
    data = "漢字\nabc\n".encode("utf-16") * 1000
    assert plain(cut(tmp_path, data, 100)[0]) == [(0, len(data), 1)]


def test_each_range_comes_as_soon_as_it_is_counted(tmp_path: Path) -> None:
    (tmp_path / "e").write_bytes(b"0123456\n" * (1 << 20))
    first = next(ranges(tmp_path / "e", 8192))
    assert isinstance(first, Range)
    assert plain([first]) == [(0, 8192, 1)]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.binary(max_size=30), max_size=60), size=st.integers(1, 200))
def test_ranges_joined_are_the_file(tmp_path: Path, lines: list[bytes], size: int) -> None:
    data = b"\n".join(lines)
    parts, whole = cut(tmp_path, data, size)
    read = []
    for part in parts:
        with open_range(tmp_path / "e", part) as stream:
            read.append(stream.read())
        assert part.offset == sum(map(len, read[:-1]))
        assert part.first_record == 1 + data[: part.offset].count(b"\n")
        assert part.length == len(read[-1])
        assert part.prefix == hashlib.sha256(data[: part.offset + part.length]).hexdigest()
        assert part is parts[-1] or (read[-1].endswith(b"\n") and len(read[-1]) >= size)
    assert b"".join(read) == data
    assert whole == Whole(hashlib.sha256(data).hexdigest(), len(data), data.count(b"\n"))

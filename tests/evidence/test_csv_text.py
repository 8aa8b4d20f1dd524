"""CSV as people export it: encodings, delimiters, quotes, and what damage costs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.csv_text import Record, dialect, records, row_at
from sakimori.records.batch import Unread
from tests.evidence.reading import source

TEXT = (
    '時刻,端末,内容\r\n2026-03-01,PC-1,"一行目\r\n二行目, ""引用"""\r\n'
    '2026-03-02,PC-2,5" disk\r\n2026-03-03,PC-3,表\r\n'
)
CELLS = [
    ("2026-03-01", "PC-1", '一行目\r\n二行目, "引用"'),
    ("2026-03-02", "PC-2", '5" disk'),
    ("2026-03-03", "PC-3", "表"),
]


def parsed(data: bytes) -> tuple[list[Record], list[Unread]]:
    found = list(records(source(data)))
    return [r for r in found if isinstance(r, Record)], [u for u in found if isinstance(u, Unread)]


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("cp932"),
        ("\ufeff" + TEXT).encode("utf-16-le"),
        ("\ufeff" + TEXT).encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with mark", "cp932", "utf-16 little", "utf-16 big"],
)
def test_every_usual_encoding_gives_the_same_rows(data: bytes) -> None:
    rows, unread = parsed(data)
    assert unread == []
    assert [tuple(row.cells.values()) for row in rows] == CELLS
    assert tuple(rows[0].cells) == ("時刻", "端末", "内容")
    assert [row.record for row in rows] == [2, 4, 5]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16-le"])
def test_the_offset_is_where_the_row_starts(encoding: str) -> None:
    data = ("\ufeff" * encoding.startswith("utf-16") + TEXT).encode(encoding)
    for row in parsed(data)[0]:
        assert data[row.offset :].decode(encoding).startswith(row.text)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    data = f"time{delimiter}host{delimiter}text\n1{delimiter}a{delimiter}x\n".encode()
    (row,), _ = parsed(data)
    assert row.cells == {"time": "1", "host": "a", "text": "x"}


def test_excels_own_delimiter_line_is_no_row() -> None:
    rows, unread = parsed(b"sep=;\na;b;c\n1;2;3\n")
    assert ([row.cells for row in rows], unread) == ([{"a": "1", "b": "2", "c": "3"}], [])


def test_a_row_of_another_width_is_unread_with_its_widths() -> None:
    rows, unread = parsed(b"a,b,c\n1,2,3\n1,2\n4,5,6\n")
    assert [row.cells["a"] for row in rows] == ["1", "4"]
    assert unread == [Unread(3, 12, "2 cells where the header names 3")]


def test_a_quote_that_never_closes_costs_one_line() -> None:
    rows, unread = parsed(b'a,b,c\n1,2,3\n1,"x,3\n4,5,6\n')
    assert [row.cells["a"] for row in rows] == ["1", "4"]
    assert unread == [Unread(3, 12, "a quoted text does not end")]


def test_nul_bytes_are_unread() -> None:
    rows, unread = parsed(b"a,b,c\n1,2,3\n" + b"x" * 5000 + b",,\n" + b"\0" * 20)
    assert len(rows) == 2
    assert [u.reason for u in unread] == ["holds NUL bytes"]


def test_a_header_that_comes_again_is_no_row() -> None:
    assert len(parsed(b"a,b,c\n1,2,3\na,b,c\n4,5,6\n")[0]) == 2


def test_names_that_repeat_or_are_missing_get_a_number() -> None:
    (row,), _ = parsed(b"a,a,\n1,2,3\n")
    assert row.cells == {"a": "1", "a_2": "2", "column_3": "3"}


def test_a_row_comes_back_with_the_lines_it_spans() -> None:
    data = TEXT.encode()
    assert row_at(source(data), 2) == '2026-03-01,PC-1,"一行目\r\n二行目, ""引用"""'
    assert row_at(source(data), 3) is None


@pytest.mark.parametrize("data", [b"", b"\0\1\2\3", b"\x89PNG\r\n\x1a\n\0\0\0", b"one word\nand another\n"])
def test_what_has_no_columns_has_no_dialect(data: bytes) -> None:
    assert dialect(data) is None


cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@settings(deadline=None)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=5))
def test_whatever_is_written_with_quotes_is_read(rows: list[tuple[str, str, str]]) -> None:
    quoted = ["head,of,table", *(",".join('"' + c.replace('"', '""') + '"' for c in row) for row in rows)]
    found, unread = parsed(("\r\n".join(quoted) + "\r\n").encode())
    assert unread == []
    assert [tuple(row.cells.values()) for row in found] == [r for r in rows if r != ("head", "of", "table")]


@settings(deadline=None)
@given(st.integers(0, len(TEXT.encode())), st.data())
def test_no_damage_raises(cut: int, data: st.DataObject) -> None:
    whole = bytearray(TEXT.encode(data.draw(st.sampled_from(["utf-8", "cp932", "utf-16"]))))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    parsed(bytes(whole))
    parsed(bytes(whole[:cut]))

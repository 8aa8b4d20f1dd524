"""Many texts searched at once find exactly what one search each would find."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.detection.sigma.kernel.strings import Needle, Scanner, loosened

TEXTS = st.text("ab\\.*é\x00 ", min_size=1, max_size=4)
NEEDLES = st.lists(st.builds(Needle, TEXTS), min_size=1, max_size=6, unique=True)


@settings(max_examples=400, deadline=None)
@given(NEEDLES, st.text("ab\\.*é\n\x00 ", max_size=60))
def test_a_scan_agrees_with_single_searches(needles: list[Needle], value: str) -> None:
    found = set(Scanner(needles).find(value.encode()))
    assert found == {i for i, needle in enumerate(needles) if needle.text in value}


def test_an_end_sign_never_reaches_the_library() -> None:
    assert loosened(r"ab$|c\$[$]\Z") == r"ab|c\$[$]"


def test_a_short_text_at_the_end_of_a_long_value_is_found() -> None:
    assert Scanner([Needle("zz"), Needle("ab"), Needle("q$", "")]).find(b"c" * 20 + b"ab") == [1]


def test_an_expression_is_never_missed_though_it_is_loosened() -> None:
    expression = r"a{2,3}[{}]b{0,2}\{1\}"
    assert loosened(expression) == r"a+[{}]b*\{1\}"
    value = "xaa{bb{1}"
    assert re.search(expression, value)
    assert Scanner([Needle(expression, "")]).find(value.encode()) == [0]


def test_an_expression_beyond_the_library_is_left_to_python() -> None:
    assert Scanner([Needle(r"(?i)x", ""), Needle("q")]).find(b"nothing") == [0]


def test_a_kept_database_finds_the_same(tmp_path: Path) -> None:
    needles = [Needle(".exe"), Needle("tmp")]
    fresh = Scanner(needles, tmp_path).find(b"c:/tmp/a.exe")
    assert len(list(tmp_path.iterdir())) == 1
    assert sorted(Scanner(needles, tmp_path).find(b"c:/tmp/a.exe")) == sorted(fresh) == [0, 1]


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    needles = [Needle("tmp")]
    Scanner(needles, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"not a database")
    assert Scanner(needles, tmp_path).find(b"tmp") == [0]

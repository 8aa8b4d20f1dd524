"""Many texts searched at once find exactly what one search each would find."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sakimori.detection.sigma.kernel.strings import Needle, Scanner, loosened

TEXTS = st.text("ab\\.*é\n\x00 ", min_size=1, max_size=4)
NEEDLES = st.lists(
    st.builds(Needle, st.sampled_from(["has", "starts", "ends"]), TEXTS), min_size=1, max_size=6
)


def one_by_one(needle: Needle, value: str) -> bool:
    return {
        "has": needle.text in value,
        "starts": value.startswith(needle.text),
        "ends": value.endswith(needle.text),
    }[needle.where]


@given(NEEDLES, st.text("ab\\.*é\n\x00 ", max_size=12))
def test_a_scan_agrees_with_single_searches(needles: list[Needle], value: str) -> None:
    found = set(Scanner(needles).find(value.encode()))
    assert found == {i for i, needle in enumerate(needles) if one_by_one(needle, value)}


def test_an_expression_is_never_missed_though_it_is_loosened() -> None:
    expression = r"a{2,3}[{}]b{0,2}\{1\}"
    assert loosened(expression) == r"a+[{}]b*\{1\}"
    value = "xaa{bb{1}"
    assert re.search(expression, value)
    assert Scanner([Needle("re", expression)]).find(value.encode()) == [0]


def test_an_expression_beyond_the_library_is_left_to_python() -> None:
    assert Scanner([Needle("re", r"(?i)x"), Needle("has", "q")]).find(b"nothing") == [0]


def test_a_kept_database_finds_the_same(tmp_path: Path) -> None:
    needles = [Needle("ends", ".exe"), Needle("has", "tmp")]
    fresh = Scanner(needles, tmp_path).find(b"c:/tmp/a.exe")
    assert len(list(tmp_path.iterdir())) == 1
    assert sorted(Scanner(needles, tmp_path).find(b"c:/tmp/a.exe")) == sorted(fresh) == [0, 1]


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    needles = [Needle("has", "tmp")]
    Scanner(needles, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"not a database")
    assert Scanner(needles, tmp_path).find(b"tmp") == [0]

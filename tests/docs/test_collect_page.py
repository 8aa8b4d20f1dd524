"""The page on collecting says what the data says."""

from __future__ import annotations

from tests.docs.collect_page import PAGE, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.collect_page"

"""The page on the pack's coverage says what the rules and readers do."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from tests.docs.pack_page import PAGE, coverage, page, rows


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.docs.pack_page"


def test_every_row_is_looked_for_or_says_why_not() -> None:
    assert [row.id for row in rows() if not (row.rules or row.behaviours or row.no_log)] == []


def test_no_row_is_both_looked_for_by_a_rule_and_in_no_log() -> None:
    assert [row.id for row in rows() if row.rules and row.no_log] == []


def test_the_rows_are_those_that_a_report_has_seen(shared: Callable[[str], Path]) -> None:
    with (shared("intel") / "behaviours.csv").open(encoding="utf-8", newline="") as file:
        standing = {row["id"]: row["check"] for row in csv.DictReader(file)}
    seen = {id_ for id_, check in standing.items() if check == "seen"}
    assert set(coverage()["names"]) == seen
    assert {standing[id_] for id_ in coverage()["in_part"]} == {"mixed"}
    assert {*coverage()["behaviours"], *coverage()["no_log"]} <= seen

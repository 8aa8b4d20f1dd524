"""The case in a terminal: the same answers, no control, no markup, plain where nobody watches."""

from __future__ import annotations

import io
import re
import unicodedata

import pytest
from rich.console import Console

from sakimori.response.case import Case
from sakimori.response.terminal import print_case
from tests.response.corpus import HOSTILE
from tests.response.sample_case import make_case, nothing_found, poisoned

STYLES = re.compile(r"\x1b\[[0-9;]*m")


def printed(case: Case, *, watched: bool, width: int = 100) -> str:
    out = io.StringIO()
    print_case(
        case,
        Console(file=out, force_terminal=watched, width=width, color_system="standard" if watched else None),
    )
    return out.getvalue()


def test_a_watched_terminal_shows_ranks_bars_and_stages() -> None:
    text = STYLES.sub("", printed(make_case(), watched=True))
    assert (
        "3 incidents need you.\nThe first began on dev-07 on 3 March 2026 09:12 UTC and reached sign-01."
        in text
    )
    assert re.search(
        r"^  1 From a developer's laptop to the signing server +76\.5 ━{20}$", text, re.MULTILINE
    )
    assert re.search(r"^  3 Remote help program on four desks +5\.0 ━─{19}$", text, re.MULTILINE)
    assert "○●○○●○○○  foothold · hide and persist" in text


def test_an_unwatched_one_gets_plain_lines_without_codes_or_breaks() -> None:
    text = printed(make_case(), watched=False, width=40)
    assert "\x1b" not in text and "━" not in text
    assert "1. [76.5] From a developer's laptop to the signing server\n" in text
    assert "   3 March 2026 09:12 – 14:30 UTC · 5 h 17 min · 12 findings\n" in text


def test_japanese_says_the_same() -> None:
    text = printed(make_case(lang="ja", zone="Asia/Tokyo"), watched=False)
    assert "対応が必要なインシデントが3件あります。" in text
    assert "最優先のものは2026年3月3日 09:12 UTC (18:12 Asia/Tokyo)にdev-07で始まり" in text
    assert re.search("[a-z]{3,} [a-z]{3,} [a-z]{3,}", text.partition("\n\n")[0]) is None


def test_a_quiet_case_says_how_much_could_be_seen() -> None:
    text = printed(nothing_found(), watched=False)
    assert "Nothing found.\n51 of 81 rules could see something here.\nThese logs were not given:" in text


@pytest.mark.parametrize("watched", [True, False], ids=["watched", "unwatched"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_acts_on_no_terminal(text: str, watched: bool) -> None:
    out = STYLES.sub("", printed(poisoned(text), watched=watched, width=200))
    assert [c for c in out if unicodedata.category(c)[0] == "C" and c != "\n"] == []
    assert re.search("https?://", out, re.IGNORECASE) is None


def test_markup_in_evidence_is_printed_and_not_obeyed() -> None:
    out = printed(poisoned("[bold]x[/bold] :skull:"), watched=False)
    assert "[bold]x[/bold] :skull:" in out

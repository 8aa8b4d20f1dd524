"""No evidence text acts on the terminal, the page or the spreadsheet that shows it."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sakimori.response.defanging import defang
from sakimori.response.hostile import (
    cut,
    for_attribute,
    for_csv,
    for_html,
    for_json,
    for_rich,
    for_terminal,
    shorten,
    visible,
)  # fmt: skip
from tests.response.corpus import HOSTILE

texts = st.text() | st.sampled_from(sorted(HOSTILE.values()))
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def unseen(text: str) -> list[str]:
    """Characters a reader would not see, except the two spaces."""
    return [c for c in text if unicodedata.category(c)[0] in "CZ" and c not in " \u3000"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 日本語　も", "plain words, 日本語　も"),
        ("invoice\u202efdp.exe", "invoice⟪U+202E⟫fdp.exe"),
        ("ad\u200bmin", "ad⟪U+200B⟫min"),
        ("\x1b[31m", "⟪U+001B⟫[31m"),
        ("a\x00b", "a⟪U+0000⟫b"),
        ("a\ud800b", "a⟪U+D800⟫b"),
        ("a\U000e0041", "a⟪U+E0041⟫"),
        ("a\u3164b", "a⟪U+3164⟫b"),
        ("a\u00a0b", "a⟪U+00A0⟫b"),
        ("⟪U+202E⟫", "⟪U+27EA⟫U+202E⟫"),
        ("e\u0301", "e\u0301"),
        ("z" + "\u0334" * 6, "z" + "\u0334" * 4 + "⟪U+0334⟫" * 2),
    ],
)
def test_unseen_characters_become_their_code_points(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(texts)
def test_visible_text_holds_nothing_unseen_and_can_be_read_back(text: str) -> None:
    shown = visible(text)
    assert unseen(shown) == []
    assert re.sub(r"⟪U\+([0-9A-F]{4,6})⟫", lambda found: chr(int(found[1], 16)), shown) == text


def test_lines_stay_where_they_are_wanted() -> None:
    assert visible("a\nb\rc", keep="\n") == "a\nb⟪U+000D⟫c"


def test_what_was_cut_is_said_in_both_tongues() -> None:
    assert cut("abcdef", 4) == ("abcd", 2)
    assert shorten("A" * 3000, 3) == "AAA⟪2,997 more characters⟫"
    assert shorten("A" * 3000, 3, "ja") == "AAA⟪ほか2,997文字⟫"
    assert shorten("abc", 3) == "abc"


@given(texts)
def test_a_terminal_gets_one_line_without_controls(text: str) -> None:
    assert unseen(for_terminal(text)) == []


@hostile
def test_rich_prints_the_text_and_no_markup(text: str) -> None:
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="truecolor", width=10_000).print(
        for_rich(text, limit=500)
    )
    assert out.getvalue() == for_terminal(text, limit=500) + "\n"


@given(texts)
def test_html_has_no_tags_but_ours_and_reads_back(text: str) -> None:
    shown = str(for_html(text))
    without_ours = re.sub(r'<span class="esc">(⟪U\+[0-9A-F]{4,6}⟫)</span>', r"\1", shown)
    assert not set("\"'<>") & set(without_ours)
    assert html.unescape(without_ours) == visible(text)
    assert not set("\"'<>") & set(str(for_attribute(text)))


CELLS = st.lists(texts, min_size=1, max_size=5)
STARTS_FORMULA = re.compile(r"(?:\A[\s\"'`]*|[;,\t\r\n\"]\s*)(?<!')[=+\-@＝＋－＠]")


@given(CELLS)
def test_a_csv_cell_calculates_nothing_and_stays_one_cell(cells: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([for_csv(cell) for cell in cells])
    (read,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert read == [for_csv(cell) for cell in cells]
    assert [cell for cell in read if STARTS_FORMULA.search(cell)] == []


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("\t=1", "⟪U+0009⟫=1"),
        ('"=1', "\"'=1"),
        ("x;=1", "x;'=1"),
        ("＝1", "'＝1"),
        ("powershell.exe -enc AAAA", "powershell.exe -enc AAAA"),
        ("2026-03-03T09:12:00Z", "2026-03-03T09:12:00Z"),
    ],
)
def test_formulas_get_an_apostrophe_and_command_lines_stay(text: str, cell: str) -> None:
    assert for_csv(text) == cell


@given(
    st.text(st.characters(exclude_categories=["Cs"]))
    | st.sampled_from([t for t in HOSTILE.values() if "\ud800" not in t])
)
def test_json_reads_the_same_and_prints_nothing_unseen(text: str) -> None:
    document = for_json(json.dumps({"a": text}, ensure_ascii=False))
    assert json.loads(document) == {"a": text}
    assert unseen(document) == []


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("http://files.example.com/a.html", "hxxp://files[.]example[.]com/a.html"),
        ("HTTPS://u:p@203.0.113.9:8443/x", "HxxPS://u:p[@]203[.]0[.]113[.]9:8443/x"),
        ("ftp://files.example.com", "fxp://files[.]example[.]com"),
        ("write to a.b@mail.example.org now", "write to a[.]b[@]mail[.]example[.]org now"),
        ("203.0.113.9 talked to 10.20.4.17", "203[.]0[.]113[.]9 talked to 10.20.4.17"),
        ("2001:db8::7", "2001[:]db8[:][:]7"),
        ("cdn.updates.example.net.", "cdn[.]updates[.]example[.]net."),
        ("javascript:alert(1)", "javascript[:]alert(1)"),
        ("C:\\Windows\\System32\\cmd.exe and report.json", "C:\\Windows\\System32\\cmd.exe and report.json"),
        ("09:12:04 is a time, 1.2.3 a version", "09:12:04 is a time, 1.2.3 a version"),
        ("New-Object System.Net.WebClient", "New-Object System.Net.WebClient"),
    ],
)
def test_addresses_in_prose_cannot_be_clicked_and_the_rest_stays(text: str, safe: str) -> None:
    assert defang(text) == safe


@given(
    texts
    | st.from_regex(r"(https?|ftp)://[a-z]{1,5}\.(com|net|example)/[a-z]?", fullmatch=True)
    | st.ip_addresses(v=4).map(str)
)
def test_defanging_leaves_no_scheme_and_twice_is_once(text: str) -> None:
    safe = defang(text)
    assert re.search(r"\bhttps?:", safe, re.IGNORECASE) is None
    assert defang(safe) == safe

"""The page as a file: whole in itself, harmless whatever the evidence says, the same in both tongues."""

from __future__ import annotations

import base64
import hashlib
import re
import stat
import unicodedata
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sakimori.findings import Place
from sakimori.response.report import write_report
from sakimori.response.report.originals import shown_records
from sakimori.response.report.write import page
from tests.response.corpus import HOSTILE
from tests.response.sample_case import finding_with, make_case, many, nothing_found, poisoned

hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
RAW = {"script", "style"}


class Reader(HTMLParser):
    """Elements, attributes and text of a page, as a browser would take them apart."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.text: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        inner = self.open[-1] if self.open else ""
        self.text.append(("pre" if "pre" in self.open else inner, data))

    def shown(self, *, inside_pre: bool = True) -> str:
        """All text outside scripts and styles."""
        return "".join(text for tag, text in self.text if tag not in RAW and (inside_pre or tag != "pre"))

    def ids(self) -> list[str]:
        return [value for _, name, value in self.attributes if name == "id"]


ORDINARY = Reader(page(make_case()))


@hostile
def test_hostile_text_brings_no_element_and_no_attribute_of_its_own(text: str) -> None:
    read = Reader(page(poisoned(text)))
    assert set(read.tags) - set(ORDINARY.tags) == set()
    assert {(tag, name) for tag, name, _ in read.attributes} - {
        (t, n) for t, n, _ in ORDINARY.attributes
    } == set()
    assert [
        (n, v) for _, n, v in read.attributes if n.startswith("on") or n in ("src", "style", "action")
    ] == []
    assert [v for _, n, v in read.attributes if n == "href" and not v.startswith("#")] == []
    assert (read.tags["script"], read.tags["style"], read.tags["meta"]) == (1, 1, 5)


@hostile
def test_hostile_text_is_seen_for_what_it_is(text: str) -> None:
    read = Reader(page(poisoned(text)))
    everything = read.shown() + "".join(value for _, _, value in read.attributes)
    assert [c for c in everything if unicodedata.category(c)[0] == "C" and c != "\n"] == []
    assert re.search(r"https?://", read.shown(inside_pre=False), re.IGNORECASE) is None


def test_the_page_names_no_place_outside_itself() -> None:
    text = page(make_case())
    assert (
        re.findall(
            r"""(?:src|href|url|action|srcset|data)\s*[=(]\s*["']?(?!#)[a-z/]""", text.partition("<body>")[2]
        )
        == []
    )
    assert "@import" not in text and "url(" not in text


def test_the_policy_pins_the_two_inline_blocks_by_hash() -> None:
    text = page(make_case())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (module,) = re.findall(r'<script type="module">(.*?)</script>', text, re.DOTALL)

    def pin(block: str) -> str:
        return f"&#39;sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()}&#39;"

    assert policy.split("; ") == [
        "default-src &#39;none&#39;",
        f"style-src {pin(style)}",
        f"script-src {pin(module)}",
        "base-uri &#39;none&#39;",
        "form-action &#39;none&#39;",
    ]


@pytest.mark.parametrize("case", [make_case(), nothing_found(), many(300)], ids=["a case", "quiet", "many"])
def test_every_link_leads_somewhere_and_every_name_is_given_once(case: object) -> None:
    read = Reader(page(case))  # type: ignore[arg-type]
    targets = {value[1:] for _, name, value in read.attributes if name == "href"}
    assert targets - set(read.ids()) == set()
    assert [name for name, times in Counter(read.ids()).items() if times > 1] == []


def test_both_tongues_say_the_same_number_of_things() -> None:
    classes = Counter(
        part
        for tag, name, value in ORDINARY.attributes
        if name == "class"
        for part in value.split()
        if tag != "html"
    )
    assert classes["en"] == classes["ja"] > 300


def test_nothing_found_is_said_in_words_with_what_could_not_be_seen() -> None:
    text = page(nothing_found())
    heading = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert heading is not None
    said = Reader(heading[1]).shown()
    assert "Nothing found." in said and "何も見つかりませんでした。" in said
    assert "51 of 81 rules could see something here." in said
    assert "These logs were not given: PowerShell script block logging (4104), auditd, Zeek http." in said


def test_the_first_answer_names_where_it_began_and_where_it_went() -> None:
    said = Reader(re.findall(r"<h1>(.*?)</h1>", page(make_case()), re.DOTALL)[0]).shown()
    assert "3 incidents need you." in said
    assert "The first began on dev-07 on 3 March 2026 09:12 UTC and reached sign-01." in said
    assert "2026年3月3日 09:12 UTCにdev-07で始まり、sign-01に達しました。" in said


def test_a_second_zone_stands_beside_utc() -> None:
    shown = Reader(page(make_case(zone="Asia/Tokyo"))).shown()
    assert "3 March 2026 09:12:04 UTC 18:12:04 Asia/Tokyo" in shown
    assert "2026年3月3日 09:12 – 14:30 UTC (2026年3月3日 18:12 – 23:30 Asia/Tokyo)" in shown


def test_each_finding_of_an_incident_has_a_mark_in_the_lanes_and_a_row() -> None:
    case = make_case()
    ids = set(ORDINARY.ids())
    for incident in case.incidents:
        assert {f"i{incident.rank}-{finding.id}" for finding in incident.findings} <= ids
    marks = [
        v for t, n, v in ORDINARY.attributes if t == "path" and n == "class" and re.fullmatch(r"glyph g\d", v)
    ]
    legend = 5 * len(case.incidents)
    assert len(marks) == sum(len(incident.findings) for incident in case.incidents) + legend


def test_matching_parts_are_marked_in_the_original_record() -> None:
    case = make_case()
    first = case.incidents[0].findings[0]
    (record,) = shown_records(case, 100_000)[first.id]
    assert re.findall(r"<mark>(.*?)</mark>", str(record.text)) == [
        "dev-07",
        "C:\\\\Users\\\\m.sato\\\\Downloads\\\\Interview_Task.zip",
    ]


def test_a_long_record_is_cut_and_says_how_much() -> None:
    case = make_case()
    first = case.incidents[0].findings[0]
    (original,) = case.originals[first.id]
    long = replace(original, text="x" * 10_000 + "needle", matched=("needle",))
    read = Reader(page(replace(case, originals={first.id: (long,)}))).shown()
    assert "⟪6,006 more characters⟫" in read and "⟪ほか6,006文字⟫" in read
    assert "1 matching parts stand after the cut." in read


def test_a_finding_without_a_time_is_shown_as_such() -> None:
    case = make_case()
    timeless = finding_with(first_seen=None, last_seen=None, places=(Place("a.json", 1, 0),))
    one = replace(case.incidents[0], findings=(timeless,), first_seen=None, last_seen=None)
    read = Reader(page(replace(case, findings=(timeless,), incidents=(one,)))).shown()
    assert "no time given" in read and "時刻なし" in read


def test_the_same_case_gives_the_same_bytes(tmp_path: Path) -> None:
    write_report(make_case(), tmp_path / "a.html")
    write_report(make_case(), tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert stat.S_IMODE((tmp_path / "a.html").stat().st_mode) == 0o600


def test_ten_thousand_findings_stay_under_five_megabytes_and_say_what_is_left_out() -> None:
    text = page(many(10_000))
    assert len(text.encode()) < 5_000_000
    rows = text.count('<tr id="f-')
    assert 2_000 < rows < 10_000
    shown = Reader(text).shown()
    assert f"{10_000 - rows:,} of 10,000 findings have no row here:" in shown
    assert "All stand in findings.jsonl and findings.csv beside this file." in shown


def luminance(colour: str) -> float:
    whole = colour.lstrip("#")
    whole = "".join(c * 2 for c in whole) if len(whole) == 3 else whole
    parts = [int(whole[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast_aa_in_both_schemes(scheme: str) -> None:
    style = page(nothing_found()).partition("<style>")[2]
    block = style.partition("prefers-color-scheme:dark")[2 if scheme == "dark" else 0]
    colours = dict(re.findall(r"--(\w+):(#\w+)", block.partition("}")[0]))
    pairs = [
        (text, ground)
        for text in ("ink", "soft", "accent")
        for ground in ("paper", "raised", "faint", "tint")
    ]
    pairs += [("on", "accent"), ("ink", "mark"), ("paper", "ink")]
    low = {}
    for text, ground in pairs:
        light, dark = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        if (light + 0.05) / (dark + 0.05) < 4.5:
            low[text, ground] = round((light + 0.05) / (dark + 0.05), 2)
    assert low == {}


def test_template_braces_in_evidence_are_text() -> None:
    shown = Reader(page(poisoned(HOSTILE["jinja"] + HOSTILE["format braces"]))).shown()
    assert "{{ 7*7 }}{% for x in" in shown and "{0.__class__} {case}" in shown

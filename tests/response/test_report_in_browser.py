"""The page as a browser shows it: no error, nothing fetched, nothing sticks out, both tongues, the keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sakimori.response.report import write_report
from tests.response.corpus import HOSTILE
from tests.response.sample_case import make_case, many, nothing_found, poisoned, together

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
sizes = pytest.mark.parametrize("width", [1440, 390])


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=OPTIONS)
        yield browser
        browser.close()


class Shown:
    """An opened page with everything it complained about or asked the network for."""

    def __init__(self, browser: Any, file: Path, **options: Any) -> None:
        self.page = browser.new_page(**options)
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._asked)
        self.page.goto(file.as_uri())

    def _asked(self, request: Any) -> None:
        if request.url.partition("#")[0] != self.page.url.partition("#")[0] and not request.url.startswith(
            "file:"
        ):
            self.said.append(request.url)

    def spread(self) -> None:
        self.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")

    def sticks_out(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def show(browser: Any, folder: Path, case: Any, width: int = 1440, **options: Any) -> Shown:
    write_report(case, folder / "report.html")
    return Shown(browser, folder / "report.html", viewport={"width": width, "height": 900}, **options)


@sizes
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_is_quiet_and_nothing_sticks_out(
    browser: Any, tmp_path: Path, width: int, scheme: str, lang: str
) -> None:
    shown = show(browser, tmp_path, make_case(zone="Asia/Tokyo", lang=lang), width, color_scheme=scheme)
    shown.spread()
    assert (shown.sticks_out(), shown.said) == (0, [])


@sizes
@pytest.mark.parametrize("case", [nothing_found(), many(2000)], ids=["quiet", "many"])
def test_a_quiet_case_and_a_large_one_fit_too(browser: Any, tmp_path: Path, width: int, case: Any) -> None:
    shown = show(browser, tmp_path, case, width)
    shown.spread()
    assert (shown.sticks_out(), shown.said) == (0, [])


@sizes
def test_hostile_text_runs_nothing_and_breaks_no_layout(browser: Any, tmp_path: Path, width: int) -> None:
    shown = show(browser, tmp_path, together(poisoned(text) for text in HOSTILE.values()), width)
    shown.spread()
    assert shown.page.evaluate("typeof window.pwned") == "undefined"
    assert shown.page.evaluate("getComputedStyle(document.body).backgroundImage") == "none"
    assert (shown.sticks_out(), shown.said) == (0, [])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_tongue_switches(browser: Any, tmp_path: Path, scripts: bool) -> None:
    shown = show(browser, tmp_path, make_case(), java_script_enabled=scripts)
    heading = shown.page.locator("h1")
    assert heading.inner_text().startswith("3 incidents need you.")
    shown.page.locator("label[for=l-ja]").click()
    assert heading.inner_text().startswith("対応が必要なインシデントが3件あります。")
    assert shown.page.locator("html").get_attribute("lang") == ("ja" if scripts else "en")


def test_without_scripts_everything_can_be_opened(browser: Any, tmp_path: Path) -> None:
    shown = show(browser, tmp_path, make_case(), java_script_enabled=False)
    second = shown.page.locator("#i2")
    assert not second.locator(".story").is_visible()
    second.locator("summary").first.click()
    assert second.locator(".story").is_visible()
    assert not shown.page.locator(".tools").is_visible()


def rows(shown: Shown) -> list[str]:
    titles = shown.page.locator("#all tbody tr:not(.group) .what b").all()
    return [str(title.inner_text()) for title in titles if title.is_visible()]


@sizes
def test_findings_are_searched_filtered_sorted_and_grouped(browser: Any, tmp_path: Path, width: int) -> None:
    case = make_case()
    shown = show(browser, tmp_path, case, width)
    assert len(rows(shown)) == len(case.findings)
    shown.page.locator("#find").fill("svc-build encoded")
    playwright.expect(shown.page.locator("#all tbody tr:not([hidden])")).to_have_count(1)
    assert rows(shown) == ["PowerShell with an encoded command"]
    shown.page.locator("#find").fill("")
    shown.page.locator("#least").select_option("4")
    assert len(rows(shown)) == 3
    shown.page.locator("#least").select_option("0")
    if width > 700:  # the heads of columns have no place on a narrow screen
        shown.page.locator("th button[data-key=n]").click()
        assert rows(shown)[0] == "First contact with an address nobody else talks to"
    shown.page.locator("#group").select_option("s")
    assert shown.page.locator("tr.group").first.inner_text().startswith("low (")
    assert shown.said == []


def test_the_keys_move_open_search_and_help(browser: Any, tmp_path: Path) -> None:
    page = show(browser, tmp_path, make_case()).page
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.querySelector('.rank').textContent") == "2"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#i1"
    page.keyboard.press("?")
    assert page.locator("#help h3").inner_text() == "Keys"
    page.keyboard.press("?")
    assert not page.locator("#help").is_visible()
    page.keyboard.press("g")
    page.keyboard.press("i")
    assert page.evaluate("location.hash") == "#incidents"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"


def test_a_link_into_a_closed_incident_opens_it(browser: Any, tmp_path: Path) -> None:
    case = make_case()
    shown = show(browser, tmp_path, case)
    last = case.incidents[2].findings[0]
    shown.page.locator(f"#f-{last.id} .inc a").click()
    assert shown.page.locator(f"#i3-{last.id}").is_visible()


def test_on_paper_closed_incidents_are_printed(browser: Any, tmp_path: Path) -> None:
    shown = show(browser, tmp_path, replace(make_case(), originals={}))
    shown.page.emulate_media(media="print")
    shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.page.locator("#i3 .story").is_visible()
    assert not shown.page.locator(".top nav").is_visible()
    assert len(shown.page.pdf()) > 10_000


def test_a_long_table_shows_its_beginning_and_more_when_asked(browser: Any, tmp_path: Path) -> None:
    shown = show(browser, tmp_path, many(450))
    counted = shown.page.locator("#shown")
    assert counted.inner_text() == "200 / 450 / 450"
    shown.page.locator("#rest").click()
    shown.page.locator("#rest").click()
    assert counted.inner_text() == "450 / 450 / 450"
    assert not shown.page.locator("#rest").is_visible()

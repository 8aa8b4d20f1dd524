"""The page is put together and written; what it may run or load is pinned by hash in its own policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import sakimori
from sakimori.findings import Severity
from sakimori.incidents.incident import STAGES
from sakimori.response import answers, in_use, words
from sakimori.response.case import Case
from sakimori.response.folder import write_file
from sakimori.response.known_activity import climb_of
from sakimori.response.report import incidents, lanes, shapes
from sakimori.response.report.do_now import do_now
from sakimori.response.report.findings import finding_table
from sakimori.response.report.heat import heat_map
from sakimori.response.report.labels import label_style
from sakimori.response.report.originals import shown_records
from sakimori.response.report.room import PAGE_BYTES, Room
from sakimori.response.report.rules import rule_lists
from sakimori.response.report.speech import Speech, finished
from sakimori.response.sentences import sentence
from sakimori.response.times import day_words, hour_words
from sakimori.response.trail import threads

FILES, UNREAD = 600, 300


def write_report(case: Case, out: Path) -> None:
    """Write the page to `out` (`CASE/report.html`), whole or not at all, mode 0600."""
    write_file(out.parent, out.name, [page(case).encode("utf-8", "replace")])


def page(case: Case) -> str:
    """The whole page; where it came out too large, once more with less room for each part."""
    room = Room()
    while True:
        text = environment().get_template("page.html").render(context(case, room))
        if len(text.encode("utf-8", "replace")) <= PAGE_BYTES or room == room.smaller():
            return text
        room = room.smaller()


@cache
def environment() -> Environment:
    """Templates with autoescape; what is not markup of ours is neutralised as well."""
    made = Environment(
        loader=PackageLoader("sakimori.response.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finished,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(do_now=do_now)
    made.globals.update(
        words=words, answers=answers, shapes=shapes, lanes=lanes, stages=STAGES, Severity=Severity
    )
    made.globals.update(threads=threads, day_words=day_words, hour_words=hour_words, in_use=in_use)
    return made


def context(case: Case, room: Room) -> dict[str, Any]:
    """Everything the templates ask for, within the room."""
    speech = Speech(case.zone)
    records = shown_records(case, room.records)
    shown = case.incidents[: room.pages]
    pages = [
        incidents.incident_page(incident, climb_of(case, incident), speech, records, room.rows)
        for incident in shown
    ]
    on_pages = frozenset(row.finding.id for one in pages for row in one.rows)
    style, module = _asset("style.css") + label_style(), _asset("module.js")
    return {
        "case": case,
        "title": sentence("Sakimori report: {n} incidents", n=len(case.incidents)),
        "lanes_title": sentence("Findings of the incident by entity and time"),
        "speech": speech,
        "t": speech.t,
        "say": speech.say,
        "pages": pages,
        "more": len(case.incidents) - len(shown),
        "most": max((incident.score for incident in case.incidents), default=1.0) or 1.0,
        "table": finding_table(case, speech, on_pages, room.table),
        "heat": heat_map(case.coverage),
        "rules": rule_lists(case.coverage),
        "files": case.manifest.files[:FILES],
        "unread": case.manifest.unread[:UNREAD],
        "version": sakimori.__version__,
        "style": Markup(style),
        "module": Markup(module),
        "policy": policy(style, module),
    }


def policy(style: str, module: str) -> str:
    """The page's Content-Security-Policy: nothing from anywhere, and only these two inline blocks.

    https://www.w3.org/TR/CSP3/#security-inline
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(module)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return files("sakimori.response.report").joinpath("templates", name).read_text("utf-8")

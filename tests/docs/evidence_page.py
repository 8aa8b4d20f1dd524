"""`docs/evidence.md`, made from the readers and the catalogue: `python -m tests.docs.evidence_page`."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path

from sakimori.evidence.reader import Reader
from sakimori.evidence.readers import READERS
from sakimori.records.catalogue import Log, catalogue

PAGE = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"
# Reader: (what to hand over, what it copes with or what to watch).
FORMATS = {
    "windows_evtx": ("Windows event log files (.evtx)", "damaged chunks give what stands in them"),
    "windows_xml": (
        "Windows events as XML (wevtutil, Event Viewer)",
        "UTF-16; one root or one event after another",
    ),
    "zeek_tsv": (
        "any Zeek log as text",
        "rotated and joined files, added label columns, torn tails; bytes that are no UTF-8 stay visible",
    ),
    "windows_evtxdump_json": ("evtx_dump's JSON lines", "`EventID` as number or object; unnamed `Data`"),
    "windows_winlogbeat_json": (
        "Winlogbeat and Elastic Agent, JSON lines",
        "times are the agent's where Windows' are lost",
    ),
    "windows_nxlog_json": (
        "NXLog and OTRF sets, flat JSON lines",
        "local times without a zone: give `--zone`",
    ),
    "windows_json_document": ("Windows events in one JSON document", "read as a stream, never held whole"),
    "zeek_json": (
        "any Zeek log as JSON lines",
        "`id.orig_h`, `id_orig_h`, nested addresses; without `_path` the log is told by its fields",
    ),
    "defender_lines": (
        "Defender XDR: streaming API, Log Analytics exports, JSON lines",
        "`properties` and `records` are unwrapped; the table is told by `ActionType`",
    ),
    "defender_json": (
        "Defender XDR: answers of the hunting API",
        '`{"Schema": ..., "Results": [...]}`, and lists',
    ),
    "defender_csv": (
        "Defender XDR: the portal's CSV",
        "any columns that include ActionType, a time and a device; times are in the portal's zone: give "
        "`--zone` if that is not UTC",
    ),
    "ndjson": (
        "JSON lines of any other log",
        "counted; a mapping file (evidence-generic.md) lets rules look at it",
    ),
    "json": (
        "JSON documents of any other log",
        "the same; lists under `results`, `records`, `value` and the like",
    ),
    "csv": ("CSV of any other log", "the same; UTF-8, UTF-16, cp932; `,` `;` tab; line ends in quotes"),
}


def page() -> str:
    """The whole page."""
    families = sorted({log.family for log in catalogue().logs.values()} - {"generic"})
    parts = [_START, _formats(), _TOLD, _described(), _LOGS, *(_family(name) for name in families)]
    return "\n".join(parts)


def _formats() -> str:
    rows = ((f"`{reader.name}`", *said(reader)) for reader in READERS)
    return _table(("format", "evidence", "what it copes with, what to watch"), rows)


def said(reader: Reader) -> tuple[str, str]:
    """What a reader is for and what to watch: its docstring, where it is not told above."""
    if reader.name in FORMATS:
        return FORMATS[reader.name]
    text, _, watch = (inspect.getdoc(type(reader)) or "").partition("Watch:")
    return " ".join(text.split()).rstrip("."), " ".join(watch.split())


def _described() -> str:
    families = [family for family in catalogue().families.values() if family.about]
    rows = (tuple(f.about.get(key, "") for key in ("title", "export", "sees", "trap")) for f in families)
    return _table(("log", "what to hand over", "what it lets us see", "what to watch"), rows)


def _family(name: str) -> str:
    rows = ((log.title, _sigma(log), ", ".join(log.tables)) for log in catalogue().of_family(name))
    return f"### {name}\n\n" + _table(("log", "Sigma log source", "tables"), rows)


def _sigma(log: Log) -> str:
    spoken = [*log.category, *(f"service {service}" for service in log.service)]
    return f"{log.product}: {', '.join(spoken)}" if spoken and log.product else ", ".join(spoken)


def _table(names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [names, tuple("---" for _ in names), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


_START = """\
# Evidence Sakimori reads

Made from the code by `python -m tests.docs.evidence_page`; a test holds it current.

Content decides what a file is, not its name; only where nothing in the content tells (a plain shell history
is any text) does the name under which it lay on its machine. Files may lie in folders, zip, tar, gz, zst and
7z. What cannot be read is listed with its place and the reason, and the rest of the file is read. A file of
no known format is named in the manifest as `unknown`.
"""
_TOLD = """
## Logs told by their fields

Whatever wrapped them: JSON lines, a JSON document, a list under a key, CSV. Columns nobody described stay
in the evidence; a record that lacks what tells its log is counted under "no mapping".
"""
_LOGS = """
## What each log lets us see

A rule of the log source in the second column looks at the log; behaviours read the tables in the third. A log
that is missing from the evidence makes its rules blind, and the report says so.
"""

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

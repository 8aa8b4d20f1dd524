"""The journal as `journalctl -o json` writes it.

https://systemd.io/JOURNAL_EXPORT_FORMATS/ and systemd.journal-fields(7)
"""

from __future__ import annotations

from typing import Any

import orjson

from sakimori.evidence.json_records import first_line
from sakimori.evidence.reader import Source
from sakimori.evidence.syslog_programs import Programs
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told
from sakimori.records.plan import Plan

_KEPT = {
    "__REALTIME_TIMESTAMP": "__REALTIME_TIMESTAMP", "_HOSTNAME": "hostname", "_COMM": "_COMM", "_EXE": "_EXE",
    "_CMDLINE": "_CMDLINE", "_UID": "_UID", "_SYSTEMD_UNIT": "_SYSTEMD_UNIT", "_TRANSPORT": "_TRANSPORT",
    "__CURSOR": "__CURSOR",
}  # fmt: skip
_SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")


class JournalLines(LineReader):
    """`journalctl -o json`: one object a line, read by the same programs' words as syslog.

    Watch: only what the journal still holds; a volatile journal (`/run/log/journal`) is lost at a restart.
    """

    name = "journald_json"

    def claims(self, head: bytes) -> bool:
        """A first object with the journal's own time."""
        first = first_line(head)
        return first is not None and "__REALTIME_TIMESTAMP" in first

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one entry."""
        programs = Programs(plan)

        def told(line: str) -> Told | str:
            try:
                entry = orjson.loads(line)
            except orjson.JSONDecodeError as damage:
                return f"no JSON: {damage}"
            return programs.told(_row(entry)) if isinstance(entry, dict) else "no object"

        return told


def _row(entry: dict[str, Any]) -> Row:
    row: Row = {name: _text(entry[key]) for key, name in _KEPT.items() if key in entry}
    row["app_name"] = _text(entry.get("SYSLOG_IDENTIFIER")) or _text(entry.get("_COMM"))
    row["procid"] = _text(entry.get("_PID")) or _text(entry.get("SYSLOG_PID"))
    row["message"] = _text(entry.get("MESSAGE")) or ""
    level = _text(entry.get("PRIORITY")) or ""
    row["severity"] = _SEVERITIES[int(level)] if level in tuple("01234567") else None
    return row


def _text(value: Any) -> str | None:
    """A field's text: bytes that are no UTF-8 come as a list of numbers, repeated fields as a list of
    texts."""
    if isinstance(value, list):
        if all(isinstance(one, int) and 0 <= one < 256 for one in value):
            return bytes(value).decode("utf-8", "backslashreplace")
        return "\n".join(str(one) for one in value)
    return None if value is None else str(value)

"""What stands around a syslog message: time, host, program.

RFC 3164 `<34>Mar  1 09:12:00 host sshd[7]: text`, RFC 5424 `<34>1 2026-03-01T09:12:00Z host sshd 7 - - text`,
rsyslog's `2026-03-01T09:12:00.123456+09:00 host sshd[7]: text`, Cisco's `Mar 01 2026 09:12:00 host : text`.
The columns have RFC 5424's names. https://www.rfc-editor.org/rfc/rfc5424#section-6
"""

from __future__ import annotations

import re

from sakimori.evidence.syslog_years import MONTHS, Years
from sakimori.evidence.text_lines import Row

_PRI = re.compile(r"<(\d{1,3})>")
_NEW = re.compile(r"1 (\S+) (\S+) (\S+) (\S+) (\S+) ?")
_STRUCTURED = re.compile(r'-|(?:\[(?:[^"\]]|"(?:[^"\\]|\\.)*")*\])+')
_OLD = re.compile(
    r"([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?(\d{2}:\d{2}:\d{2})(?:\.\d+)?(?: ([A-Z]{3,4})(?=[ :]))?:? +"
)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?) ?(Z|[+-]\d{2}(?::?\d{2})?)? +")
_HOST = re.compile(r"([A-Za-z0-9](?:[\w.:%-]*\w)?|\[[\w.:-]+\]) +")
_TAG = re.compile(
    r"(?!CEF:|LEEF:)([^\s\[\]:=|,]{1,64}|[A-Za-z][\w.]{0,40}(?: [A-Za-z][\w.]{0,40}){1,2}(?=\[\d+\]:))"
    r"\]?(?:\[(\d+)\])?(?: \(([^()]{1,80})\))?:(?: |$)"
)
_APPLIANCE = re.compile(r"CEF:|LEEF:|:? ?%[A-Z]|id=|date=|\d*,\d{4}/")
_FACILITIES = [
    "kern",
    "user",
    "mail",
    "daemon",
    "auth",
    "syslog",
    "lpr",
    "news",
    "uucp",
    "cron",
    "authpriv",
    "ftp",
    "ntp",
    "audit",
    "alert",
    "clock",
    "local0",
    "local1",
    "local2",
    "local3",
    "local4",
    "local5",
    "local6",
    "local7",
]
_SEVERITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")


def envelope(line: str, years: Years) -> Row | None:
    """The fields around the message and the message itself; None where the line has no time in front."""
    row: Row = {}
    at = _priority(line, row)
    new = _NEW.match(line, at) if at else None
    if new is not None:
        return _new(line, new, row)
    start = _time(line, at, row, years)
    return None if start is None else _rest(line, start, row)


def has_envelope(line: str) -> bool:
    """Whether a line looks like syslog: a time, or a priority and a version, in front."""
    found = _PRI.match(line)
    at = found.end() if found else 0
    if _OLD.match(line, at) or (found and _NEW.match(line, at)):
        return True
    iso = _ISO.match(line, at)
    return bool(iso) and bool(iso and iso[3]) and _rest_fits(line, iso.end() if iso else 0)


def priority(line: str) -> tuple[Row, str]:
    """Facility and severity of a bare message with a priority in front, and the message."""
    row: Row = {}
    return row, line[_priority(line, row) :]


def _rest_fits(line: str, at: int) -> bool:
    """A host and then a program: other logs have a zoned time in front too."""
    host = _HOST.match(line, at)
    return bool(host and (_TAG.match(line, host.end()) or _APPLIANCE.match(line, host.end())))


def _priority(line: str, row: Row) -> int:
    found = _PRI.match(line)
    if found is None:
        return 0
    facility, severity = divmod(int(found[1]), 8)
    if facility < len(_FACILITIES):
        row["facility"], row["severity"] = _FACILITIES[facility], _SEVERITIES[severity]
    return found.end()


def _new(line: str, found: re.Match[str], row: Row) -> Row:
    time, host, program, process, msgid = (None if part == "-" else part for part in found.groups())
    row |= {"timestamp": time, "hostname": host, "app_name": program, "procid": process, "msgid": msgid}
    data = _STRUCTURED.match(line, found.end())
    if data and data.group() != "-":
        row["structured_data"] = data.group()
    text = line[data.end() if data else found.end() :].lstrip(" ")
    row["message"] = text.removeprefix("\ufeff")
    return row


def _time(line: str, at: int, row: Row, years: Years) -> int | None:
    """Puts the time into the column that says how sure it is; gives where it ends."""
    found = _ISO.match(line, at)
    if found:
        day, clock, zone = found.groups()
        row["timestamp" if zone else "timestamp_local"] = f"{day}T{clock.replace(',', '.')}{zone or ''}"
        return found.end()
    found = _OLD.match(line, at)
    month = MONTHS.get(found[1]) if found else None
    if found is None or month is None:
        return None
    year = int(found[3]) if found[3] else years.of(month, int(found[2]))
    zone = "Z" if found[5] in ("UTC", "GMT") else ""
    column = "timestamp_year_assumed" if not found[3] else "timestamp" if zone else "timestamp_local"
    row[column] = f"{year}-{month:02}-{int(found[2]):02}T{found[4]}{zone}"
    return found.end()


def _rest(line: str, at: int, row: Row) -> Row:
    """Host, program and message; relays leave out either, and some write `host : text`."""
    if line.startswith("--- last message", at):
        return row | {"message": line[at:]}
    host = _HOST.match(line, at)
    if host:
        row["hostname"] = host[1].strip("[]")
        at = host.end()
    if line.startswith((": ", "%"), at):
        return row | {"message": line[at:].removeprefix(": ")}
    tag = _TAG.match(line, at)
    if tag and not tag[1].endswith("%"):
        row["app_name"], row["procid"] = tag[1], tag[2]
        return row | {"message": line[tag.end() :]}
    return row | {"message": line[at:]}

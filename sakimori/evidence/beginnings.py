"""When a connection began, for firewalls that write it at its end with the seconds it took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sakimori.evidence.text_lines import Row

SYSLOG = {
    "timestamp": "begun",
    "timestamp_local": "begun_local",
    "timestamp_year_assumed": "begun_year_assumed",
}
_SECONDS = 10  # digits of a time since 1970 in seconds, from 2001 to 2286


def begun(row: Row, seconds: int | None, columns: Mapping[str, str] = SYSLOG) -> Row:
    """The row's times less the seconds, under other names; nothing where either is none."""
    if not seconds or seconds < 0:
        return {}
    earlier = ((name, _earlier(row.get(column), seconds)) for column, name in columns.items())
    return {name: time for name, time in earlier if time}


def seconds_of(text: str | None) -> int | None:
    """The seconds of `136` or `0:02:16`; None for other texts."""
    parts = (text or "").split(":")
    if len(parts) not in (1, 3) or not all(
        part.isascii() and part.isdigit() and len(part) < 9 for part in parts
    ):
        return None
    return _sum(map(int, parts))


def _sum(parts: Iterable[int]) -> int:
    total = 0
    for part in parts:
        total = total * 60 + part
    return total


def _earlier(time: str | None, seconds: int) -> str | None:
    if time and time.isascii() and time.isdigit() and _SECONDS <= len(time) <= 19:
        return str(int(time) - seconds * 10 ** (len(time) - _SECONDS))
    try:
        return (datetime.fromisoformat(time or "") - timedelta(seconds=seconds)).isoformat()
    except (ValueError, OverflowError):
        return None

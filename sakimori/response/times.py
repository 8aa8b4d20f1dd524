"""Times and lengths of time in words: always with their zone, in the reader's tongue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sakimori.errors import UsageError
from sakimori.tongue import tongue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def date_words(clock: int | None, lang: str, *, zone: str = "UTC", seconds: bool = False) -> str:
    """`3 March 2026 09:12 UTC` or `2026年3月3日 09:12 UTC`; another zone follows in brackets."""
    when = _moment(clock)
    if when is None:
        return tongue(lang)("no time given")
    text = f"{_day(when, lang)} {_hours(when, seconds)} UTC"
    return text if zone == "UTC" else f"{text} ({_second(when, lang, zone, seconds)})"


def span_words(first: int | None, last: int | None, lang: str, *, zone: str = "UTC") -> str:
    """`3 March 2026 09:12 – 14:30 UTC · 5 h 17 min`; the day twice only where it changes."""
    start, end = _moment(first), _moment(last)
    if first is None or last is None or start is None or end is None:
        return date_words(first, lang, zone=zone)
    text = f"{_stretch(start, end, lang)} UTC"
    if zone != "UTC":
        there = _stretch(start.astimezone(zone_info(zone)), end.astimezone(zone_info(zone)), lang)
        text += f" ({there} {zone})"
    return f"{text} · {length_words(last - first, lang)}"


def _stretch(start: datetime, end: datetime, lang: str) -> str:
    day = "" if start.date() == end.date() else f"{_day(end, lang)} "
    return f"{_day(start, lang)} {_hours(start, False)} – {day}{_hours(end, False)}"


def day_words(clock: int | None, lang: str) -> str:
    """`3 March 2026` or `2026年3月3日`, the day in UTC."""
    when = _moment(clock)
    return tongue(lang)("no time given") if when is None else _day(when, lang)


def hour_words(clock: int | None) -> str:
    """`09:12` in UTC, for the axis of a drawing that names its zone."""
    when = _moment(clock)
    return "" if when is None else _hours(when, False)


def _second(when: datetime, lang: str, zone: str, seconds: bool) -> str:
    there = when.astimezone(zone_info(zone))
    same_day = there.date() == when.date()
    return f"{'' if same_day else _day(there, lang) + ' '}{_hours(there, seconds)} {zone}"


@lru_cache(maxsize=64)
def zone_info(zone: str) -> ZoneInfo:
    """The zone's rules; UsageError for a name nobody knows."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"No time zone is called {zone!r}. Use a name such as Asia/Tokyo.") from error


def _moment(clock: int | None) -> datetime | None:
    try:
        return None if clock is None else _EPOCH + timedelta(microseconds=clock)
    except OverflowError:
        return None


def _day(when: datetime, lang: str) -> str:
    if lang == "ja":
        return f"{when.year}年{when.month}月{when.day}日"
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def _hours(when: datetime, seconds: bool) -> str:
    return f"{when:%H:%M:%S}" if seconds else f"{when:%H:%M}"


def length_words(micros: int, lang: str) -> str:
    """`5 h 18 min`, `3 days 4 h`, `12 s`: the two largest units."""
    say = tongue(lang)
    seconds = max(0, micros) // 1_000_000
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return say("{days} d {hours} h", days=days, hours=hours)
    if hours:
        return say("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return say("{minutes} min", minutes=minutes)
    return say("{seconds} s", seconds=seconds)

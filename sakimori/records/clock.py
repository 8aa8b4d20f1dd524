"""Times in records become integer microseconds UTC, with a note which column they came from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# 2020-08-07 15:04:10.500, 2020-08-05T06:09:29.626Z, 2026-03-01T09:12:00.1234567+09:00, 2026/03/01 09:12:00
_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$",
    re.ASCII,
)
_PLAIN_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$")
# Mar 1, 2026 9:12:00 AM (Defender portal), 3/1/2026, 9:12:00.123 PM (Log Analytics: month first)
_TWELVE = re.compile(
    r"(?:([A-Z][a-z]{2}) (\d{1,2}),? |(\d{1,2})/(\d{1,2})/)(\d{4}),? "
    r"(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))? ([AP])M$"
)
# 02/Mar/2026:09:12:00 +0900 (web servers), Mon Mar  2 09:12:00 2026 (C's asctime)
_SERVERS = re.compile(
    r"(\d{1,2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?) ?([+-]\d{4})?$"
    r"|[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?) (\d{4})$"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# 1655157610.743948, 1655157610743 (milliseconds), 132000000000000000 (FILETIME)
_EPOCH = re.compile(r"-?\d{1,19}(?:\.\d{1,9})?(?:[eE][+-]?\d{1,2})?$")
# 20230324: a day, as Windows' installers write it; as seconds it would lie in August 1970.
# 20230324-091200: a second, as Autoruns writes it
_DAY = re.compile(r"(199\d|20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:-(\d\d)(\d\d)(\d\d))?$")
_FAR = 2.0**62
_MINUTE = 60_000_000
_EPOCH_START = datetime(1970, 1, 1)
Micros = np.ndarray[Any, np.dtype[np.int64]]
_FILETIME_ZERO = 11_644_473_600_000_000  # microseconds from 1601 to 1970


@dataclass(frozen=True, slots=True)
class Zone:
    """The zone assumed for times that name none, and where that assumption comes from."""

    name: str = "UTC"


def instant(text: str, zone: str = "UTC") -> int | None:
    """Microseconds since the epoch, UTC; None where the text is no time.

    ISO 8601 with any number of decimals (cut to microseconds), epoch seconds, milliseconds, microseconds or
    nanoseconds told apart by size, Windows FILETIME, American twelve-hour times, what web servers write, and
    days as `20230324` or `20230324-091200`.
    A time without a zone is taken in `zone`.
    """
    whole, _, fraction = text.partition(".")
    if len(whole) == 10 and len(fraction) == 6 and (digits := whole + fraction).isdecimal():
        return int(digits)  # Zeek's epoch with microseconds, by far the commonest: three times as fast
    found = _ISO.match(text.strip())
    if found:
        return _from_parts(found, zone)
    if day := _DAY.match(text.strip()):
        hour = ":".join(day.groups("00")[3:])
        return instant(f"{day[1]}-{day[2]}-{day[3]}T{hour}", zone)
    if _EPOCH.match(text.strip()):
        return _from_number(text.strip())
    return _from_servers(text.strip(), zone)


def _from_servers(text: str, zone: str) -> int | None:
    found = _SERVERS.match(text)
    if found is None:
        return _from_twelve_hours(text, zone)
    month, day, year = found[2] or found[6], found[1] or found[7], found[3] or found[9]
    if month not in _MONTHS:
        return None
    clock = f"{found[4] or found[8]}{found[5] or ''}"
    return instant(f"{year}-{_MONTHS.index(month) + 1}-{day}T{clock}", zone)


def _from_twelve_hours(text: str, zone: str) -> int | None:
    found = _TWELVE.match(text.replace("\u202f", " "))  # newer browsers put a narrow space before AM and PM
    if found is None or (found[1] and found[1] not in _MONTHS):
        return None
    month = str(_MONTHS.index(found[1]) + 1) if found[1] else found[3]
    hour = int(found[6]) % 12 + (12 if found[10] == "P" else 0)
    day = found[2] or found[4]
    return instant(f"{found[5]}-{month}-{day}T{hour}:{found[7]}:{found[8]}.{found[9] or 0}", zone)


def _from_parts(found: re.Match[str], zone: str) -> int | None:
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC
        )
        if offset is None and zone != "UTC":
            moment = moment.replace(tzinfo=_zone(zone))
        seconds = int(moment.timestamp())
    except (ValueError, OverflowError):
        return None
    return seconds * 1_000_000 + int((fraction or "0")[:6].ljust(6, "0")) - _offset(offset)


def _offset(text: str | None) -> int:
    if text in (None, "Z", "UTC"):
        return 0
    assert text is not None
    digits = text[1:].replace(":", "").ljust(4, "0")
    micros = (int(digits[:2]) * 60 + int(digits[2:])) * 60_000_000
    return -micros if text[0] == "-" else micros


def _from_number(text: str) -> int | None:
    whole, _, fraction = text.partition(".")
    if "e" in text.lower():
        micros = float(text) * 1_000_000
        return round(micros) if abs(micros) < _FAR else None
    size = len(whole.lstrip("-"))
    if size == 18 and not fraction:
        return int(whole) // 10 - _FILETIME_ZERO
    value = int(whole)
    if size <= 11:
        return value * 1_000_000 + int(fraction[:6].ljust(6, "0") if fraction else 0)
    return value * 1000 if size <= 14 else value if size <= 17 else value // 1000


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def clocks(
    time: tuple[str, ...], columns: Mapping[str, pa.Array], rows: int, zone: Zone
) -> tuple[pa.Array, pa.Array]:
    """`clock` (int64, null if unknown) and `clock_source` (dictionary of column names).

    `time` is a log's precedence: "Column" (UTC or its own zone in the text) or "Column@local" (the
    source's zone). Each row takes the first column that holds a time.
    """
    clock = np.zeros(rows, np.int64)
    source = np.full(rows, -1, np.int32)
    for index, entry in enumerate(time):
        name = time_column(entry)
        if name in columns and (source < 0).any():
            _fill(clock, source, index, columns[name], "UTC" if name == entry else zone.name)
    known = source >= 0
    names = pa.array([time_column(entry) for entry in time] or [""], pa.string())
    codes = pa.array(source, mask=~known)
    return pa.array(clock, mask=~known), pa.DictionaryArray.from_arrays(codes, names)


def time_column(entry: str) -> str:
    """The column of a time's entry: `Date` of `Date@local`, `@timestamp` as it stands."""
    return entry.removesuffix("@local")


def instants(texts: pa.Array, zone: str = "UTC") -> tuple[Micros, np.ndarray[Any, np.dtype[np.bool_]]]:
    """`instant` of many texts: microseconds, and which of them are times."""
    quick = _of_one_shape(texts, zone)
    if quick is not None:
        return quick, np.ones(len(texts), np.bool_)
    slow = [None if text is None else instant(text, zone) for text in texts.to_pylist()]
    return np.array([value or 0 for value in slow], np.int64), np.array([value is not None for value in slow])


def _of_one_shape(texts: pa.Array, zone: str) -> Micros | None:
    """Microseconds where every text is written like the first and Arrow can read that; None otherwise."""
    shape = _shape(texts[0].as_py() or "")
    if (
        shape is None
        or texts.null_count
        or pc.min(pc.binary_length(texts)).as_py() < len("2026-03-01 09:12:00")
    ):
        return None  # the shortest dates Arrow knows are no times to `instant`
    unit, zoned = shape
    kind = pa.timestamp(unit, "UTC" if zoned else None)
    try:
        values: Micros = texts.cast(kind).view(pa.int64()).to_numpy(zero_copy_only=False)
        values = values // 1000 if unit == "ns" else values
        return values if zoned or zone == "UTC" else _from_zone(values, _zone(zone))
    except (pa.ArrowInvalid, ValueError, OverflowError):
        return None


def _from_zone(values: Micros, zone: ZoneInfo) -> Micros:
    """Local times to UTC, minute by minute: Arrow's own zones know no summer after 2037."""
    minutes, where = np.unique(values // _MINUTE, return_inverse=True)
    shifts = [
        (_EPOCH_START + timedelta(minutes=minute)).replace(tzinfo=zone).utcoffset() or timedelta()
        for minute in minutes.tolist()
    ]
    return values - np.array([shift // timedelta(microseconds=1) for shift in shifts], np.int64)[where]


def _shape(text: str) -> tuple[str, bool] | None:
    """Arrow's unit for times written like this one, and whether they name their zone."""
    found = _PLAIN_ISO.match(text)
    return None if found is None else ("us" if len(found[1] or ".") <= 7 else "ns", bool(found[2]))


def _fill(
    clock: np.ndarray[tuple[int], np.dtype[np.int64]],
    source: np.ndarray[tuple[int], np.dtype[np.int32]],
    index: int,
    column: pa.DictionaryArray,
    zone: str,
) -> None:
    if not len(column.dictionary):
        return
    values, good = instants(column.dictionary, zone)
    indices = column.indices if not column.null_count else pc.fill_null(column.indices, -1)
    codes = indices.to_numpy(zero_copy_only=False)
    open_rows = (source < 0) & (codes >= 0)
    open_rows &= good[codes]
    clock[open_rows] = values[codes[open_rows]]
    source[open_rows] = index

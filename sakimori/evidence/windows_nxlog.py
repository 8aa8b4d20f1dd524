"""Flat Windows events: one level, header and event fields side by side.

NXLog (https://docs.nxlog.co/refman/current/im/msvistalog.html#fields) writes `Hostname`, `SourceName`,
`RecordNumber`, `ExecutionProcessID`, and `EventTime`, which is local and names no zone. OTRF's later sets
come from a PowerShell exporter with `TimeCreated`; that time is local too, even where it ends in Z, and its
hours run to twelve.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import add, attrgetter
from typing import Any

from sakimori.evidence.json_fields import Fields
from sakimori.evidence.windows_json import Getter, Shape, Translated, one_text, text_or_none
from sakimori.records.clock import instant
from sakimori.records.encoding import First
from sakimori.records.plan import Stream

_HOST, _PROVIDER = ("Hostname", "Computer", "ComputerName"), ("SourceName", "Provider_Name", "ProviderName")
_NAMES = {
    "Computer": _HOST,
    "Provider_Name": _PROVIDER,
    "EventRecordID": ("RecordNumber", "EventRecordID", "RecordId"),
}
# NXLog's syslog-like scale to Windows levels: https://docs.nxlog.co/refman/current/modules.html#field-severityvalue
_LEVELS = {"1": "5", "2": "4", "3": "3", "4": "2", "5": "1"}
_NOTHING = type(None)
_QUARTER = 15 * 60 * 1_000_000
_TRANSPORT = 3 * 60 * 1_000_000


class Nxlog:
    """Field names as the exporter has them become Windows' own."""

    event_key = b'"EventID":'
    channel_key = b'"Channel":'

    def claims(self, record: Mapping[str, Any]) -> bool:
        """An event id at the top, and either a channel or a Windows source by its side."""
        return text_or_none(record.get("EventID")) is not None and (
            any(name in record for name in ("Channel", *_PROVIDER)) and any(name in record for name in _HOST)
        )

    def shape(self, stream: Stream) -> Shape:
        """A flat struct of the fields the stream's columns come from."""
        fields = Fields()
        getters = [_getter(column, fields) for column in stream.columns]
        if "UtcTime" in stream.columns and "EventTime" in stream.columns:
            # Sysmon says its time in UTC, so the zone of the other need not be worked out for every event.
            getters[stream.columns.index("EventTime")] = First(fields.get("EventTime"), _Local(fields))
        identity = attrgetter(fields.attribute("Channel"), fields.attribute("EventID"))
        return Shape(fields.struct(), getters, identity)

    def straighten(self, record: dict[str, Any]) -> dict[str, Any]:
        """Flat already; some exporters leave the channel out or write the id as an object."""
        event_id = record.get("EventID")
        if isinstance(event_id, dict):
            record["EventID"] = event_id.get("#text", event_id.get("value"))
        if text_or_none(record.get("EventID")) is None:
            raise KeyError("EventID")
        return record

    def named(self, record: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
        """Channel, provider and event id."""
        provider = next((record[name] for name in _PROVIDER if record.get(name) is not None), None)
        return (
            text_or_none(record.get("Channel")),
            text_or_none(provider),
            text_or_none(record.get("EventID")),
        )


def _getter(column: str, fields: Fields) -> Getter:
    special = _SPECIAL.get(column)
    if special is not None:
        return special(fields)
    names = _NAMES.get(column, (column,))
    return fields.get(names[0]) if len(names) == 1 else First(*map(fields.get, names))


def _level(fields: Fields) -> Getter:
    return First(fields.get("Level"), Translated(fields.get("SeverityValue"), _LEVELS))


def _data(fields: Fields) -> Getter:
    # Events without named fields come as rendered text only.
    data, message = fields.get("Data"), fields.get("Message")

    def value(row: Any) -> Any:
        found = data(row)
        return message(row) if found is None else one_text(found)

    return value


def _execution(fields: Fields) -> Getter:
    # Older NXLog calls it ProcessID; as a text, ProcessID is a field of the event itself (5156).
    old = fields.get("ProcessID")
    return First(
        fields.get("ExecutionProcessID"),
        fields.get("Execution_ProcessID"),
        lambda row: old(row) if type(old(row)) is int else None,
    )


def _process(fields: Fields) -> Getter:
    # Newer NXLog spells the event's own ProcessID as ProcessId.
    own = fields.get("ProcessID")
    return First(lambda row: own(row) if type(own(row)) is str else None, fields.get("ProcessId"))


class _Created:
    """`TimeCreated` where it is to be believed; the shipper's stamp where there is no other time."""

    def __init__(self, fields: Fields) -> None:
        self._created, self._event = fields.get("TimeCreated"), fields.get("EventTime")
        self._host, self._stamp = fields.get("Hostname"), fields.get("@timestamp")

    def __call__(self, row: Any) -> Any:
        found = self._created(row)
        if found is None:
            return self._stamp(row) if self._event(row) is None else None
        return found if self._host(row) is None and _zoned(found) else None

    def column(self, rows: Sequence[Any]) -> list[Any]:
        """The values of many rows: for NXLog, whose rows have an EventTime, nothing at all."""
        events, created = (set(map(type, map(get, rows))) for get in (self._event, self._created))
        if _NOTHING not in events and created == {_NOTHING}:
            return [None] * len(rows)
        return list(map(self, rows))


class _Local:
    """`EventTime`, or a TimeCreated that names no zone; with the zone where the record gives it away."""

    def __init__(self, fields: Fields) -> None:
        self._created, self._event = fields.get("TimeCreated"), fields.get("EventTime")
        self._host, self._stamp = fields.get("Hostname"), fields.get("@timestamp")
        self._received = fields.get("EventReceivedTime")

    def __call__(self, row: Any) -> Any:
        found = self._event(row)
        if type(found) is str:
            return found + _offset_of(self._received(row), self._stamp(row)) if len(found) == 19 else found
        found = self._created(row)
        if type(found) is not str or (self._host(row) is None and _zoned(found)):
            return None
        return found.removesuffix("Z")

    def column(self, rows: Sequence[Any]) -> list[Any]:
        """The values of many rows; NXLog's all have their time in the same nineteen characters."""
        events = list(map(self._event, rows))
        kinds = set(map(type, events))
        if kinds == {str} and set(map(len, events)) == {19}:
            offsets = map(_offset_of, map(self._received, rows), map(self._stamp, rows))
            return list(map(add, events, offsets))
        if kinds == {_NOTHING} and _NOTHING not in set(map(type, map(self._host, rows))):
            return [
                text.removesuffix("Z") if type(text) is str else None for text in map(self._created, rows)
            ]
        return list(map(self, rows))


def _zoned(text: Any) -> bool:
    return type(text) is str and (text[-1:] == "Z" or text[19:].find("+") >= 0 or text[19:].find("-") >= 0)


def _offset_of(received: Any, stamp: Any) -> str:
    """The source's zone as `-04:00`, empty where the record does not tell.

    NXLog notes its local time of receipt, the collector behind it stamps UTC a moment later: the
    difference, to the quarter hour, is the zone.
    """
    if type(received) is str and type(stamp) is str and stamp[-1:] == "Z":
        return _offset(received[:16], stamp[:16])
    return ""


@lru_cache(maxsize=4096)
def _offset(received: str, stamp: str) -> str:
    local, utc = instant(received), instant(stamp)
    if local is None or utc is None:
        return ""
    quarters = round((local - utc) / _QUARTER)
    if abs(quarters) > 14 * 4 or abs(local - utc - quarters * _QUARTER) > _TRANSPORT:
        return ""
    sign = "-" if quarters < 0 else "+"
    return f"{sign}{abs(quarters) // 4:02d}:{abs(quarters) % 4 * 15:02d}"


_SPECIAL: dict[str, Callable[[Fields], Getter]] = {
    "Level": _level,
    "Data": _data,
    "Execution_ProcessID": _execution,
    "ProcessID": _process,
    "TimeCreated": _Created,
    "EventTime": _Local,
}

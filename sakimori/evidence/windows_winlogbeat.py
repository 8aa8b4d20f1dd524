"""Windows events as Winlogbeat and Elastic Agent write them, also as they come out of Elasticsearch again.

Fields: https://www.elastic.co/guide/en/beats/winlogbeat/current/exported-fields-winlog.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from sakimori.evidence.json_fields import Fields
from sakimori.evidence.windows_ecs import filled_from_ecs
from sakimori.evidence.windows_event import leaves
from sakimori.evidence.windows_json import Getter, Shape, Translated, one_text, text_or_none
from sakimori.records.encoding import First
from sakimori.records.plan import Stream

_LEVELS = {"critical": "1", "error": "2", "warning": "3", "information": "4", "verbose": "5"}
_PATHS = {
    "Channel": ("winlog", "channel"),
    "EventID": ("winlog", "event_id"),
    "Provider_Name": ("winlog", "provider_name"),
    "EventRecordID": ("winlog", "record_id"),
    "TimeCreated": ("@timestamp",),
    "UserID": ("winlog", "user", "identifier"),
    "Execution_ProcessID": ("winlog", "process", "pid"),
    "Execution_ThreadID": ("winlog", "process", "thread", "id"),
    "Task": ("winlog", "task"),
    "Opcode": ("winlog", "opcode"),
    "Keywords": ("winlog", "keywords"),
    "Version": ("winlog", "version"),
    "Message": ("message",),
}
# Fields whose presence says that there is more to do than picking fields.
_UNUSUAL = (("winlog", "user_data"), ("process", "entity_id"), ("process", "executable"), ("_source",))
# What Winlogbeat 6 called the same.
_OLD = {
    "channel": "log_name",
    "event_id": "event_id",
    "provider_name": "source_name",
    "computer_name": "computer_name",
    "record_id": "record_number",
    "event_data": "event_data",
    "user_data": "user_data",
    "user": "user",
}


class Winlogbeat:
    """`winlog` holds the header, `winlog.event_data` the event's own fields."""

    event_key = b'"event_id":'
    channel_key = b'"channel":'

    def claims(self, record: Mapping[str, Any]) -> bool:
        """A `winlog` object or dotted `winlog.` names, bare or inside `_source`; or Winlogbeat 6's header."""
        inner = record.get("_source", record)
        return isinstance(inner, dict) and (
            isinstance(inner.get("winlog"), dict)
            or any(name.startswith("winlog.") for name in inner)
            or {"event_id", "log_name", "computer_name"} <= inner.keys()
        )

    def shape(self, stream: Stream) -> Shape:
        """A struct of `winlog`, its `event_data`, and what few fields stand beside."""
        fields = Fields()
        getters = [_getter(column, fields) for column in stream.columns]
        paths = (_PATHS["Channel"], _PATHS["EventID"], *_UNUSUAL)
        identity = attrgetter(*(fields.attribute(*path) for path in paths))
        return Shape(fields.struct(), getters, identity, len(_UNUSUAL))

    def straighten(self, record: dict[str, Any]) -> dict[str, Any]:
        """`_source` unwrapped, dotted names nested, user_data and ECS fields among event_data."""
        plain = nested(record.get("_source", record))
        winlog = plain.setdefault("winlog", {name: plain[old] for name, old in _OLD.items() if old in plain})
        data = dict(winlog.get("event_data") or {})
        for name, value in leaves(winlog.get("user_data") or {}).items():
            if name != "xml_name":
                data.setdefault(name, value)
        winlog["event_data"] = data
        for level in ("user", "process"):
            winlog[level] = winlog.get(level) or {}
        for level in ("host", "log"):
            plain[level] = plain[level] if isinstance(plain.get(level), dict) else {}
        filled_from_ecs(plain, data)
        if text_or_none(winlog.get("event_id")) is None:
            winlog["event_id"] = plain["event"]["code"]
        return plain

    def named(self, record: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
        """Channel, provider and event id."""
        winlog = record["winlog"]
        return (
            text_or_none(winlog.get("channel")),
            text_or_none(winlog.get("provider_name")),
            text_or_none(winlog.get("event_id")),
        )


def nested(record: Mapping[str, Any]) -> dict[str, Any]:
    """`{"winlog.channel": x}` as `{"winlog": {"channel": x}}`; lists of one value as the value.

    Names inside event_data are left alone: a provider's field may hold a dot.
    """
    plain: dict[str, Any] = {}
    for name, value in record.items():
        parts = name.split(".", 2) if name.startswith("winlog.") else name.split(".")
        level = plain
        for part in parts[:-1]:
            found = level.setdefault(part, {})
            if not isinstance(found, dict):
                break
            level = found
        else:
            known = level.get(parts[-1])
            level[parts[-1]] = (
                {**known, **value} if isinstance(known, dict) and isinstance(value, dict) else value
            )
    return plain


def _getter(column: str, fields: Fields) -> Getter:
    special = _SPECIAL.get(column)
    if special is not None:
        return special(fields)
    return fields.get(*_PATHS.get(column, ("winlog", "event_data", column)))


def _computer(fields: Fields) -> Getter:
    return First(fields.get("winlog", "computer_name"), fields.get("host", "name"))


def _level(fields: Fields) -> Getter:
    return Translated(fields.get("log", "level"), _LEVELS)


def _data(fields: Fields) -> Getter:
    # Unnamed strings are numbered; where even those are missing, the rendered text holds them.
    numbered = [fields.get("winlog", "event_data", f"param{n}") for n in range(1, 12)]
    own, message = fields.get("winlog", "event_data", "Data"), fields.get("message")

    def value(row: Any) -> Any:
        found = [text for text in (get(row) for get in (own, *numbered)) if text is not None]
        return one_text(found) if found else message(row)

    return value


def _nothing(fields: Fields) -> Getter:
    return lambda row: None


_SPECIAL: dict[str, Callable[[Fields], Getter]] = {
    "Computer": _computer,
    "Level": _level,
    "Data": _data,
    "EventTime": _nothing,
}

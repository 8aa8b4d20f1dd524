"""Windows events as the XML tree in JSON: `evtx_dump -o jsonl`, and whatever else keeps `Event.System`.

https://github.com/omerbenamram/evtx writes attributes under `#attributes`, or beside the element as
`Provider_attributes` when told to keep them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from sakimori.evidence.json_fields import Fields
from sakimori.evidence.windows_event import braced, joined, leaves
from sakimori.evidence.windows_json import Getter, Shape, one_text, text_or_none
from sakimori.records.plan import Stream

_SYSTEM = ("Event", "System")
_ELEMENTS = (
    "Channel", "EventID", "Computer", "EventRecordID", "Level", "Task", "Opcode", "Keywords", "Version",
)  # fmt: skip
_PATHS = {
    **{name: (*_SYSTEM, name) for name in _ELEMENTS},
    "Provider_Name": (*_SYSTEM, "Provider", "#attributes", "Name"),
    "TimeCreated": (*_SYSTEM, "TimeCreated", "#attributes", "SystemTime"),
    "UserID": (*_SYSTEM, "Security", "#attributes", "UserID"),
    "Execution_ProcessID": (*_SYSTEM, "Execution", "#attributes", "ProcessID"),
    "Execution_ThreadID": (*_SYSTEM, "Execution", "#attributes", "ThreadID"),
}
# Fields whose presence says that there is more to do than picking fields.
_UNUSUAL = (("Event", "UserData"), (*_SYSTEM, "Provider_attributes"))
_WITH_ATTRIBUTES = ("Provider", "TimeCreated", "Security", "Execution")


class EvtxDump:
    """`Event.System` holds the header, `Event.EventData` or `Event.UserData` the event's own fields."""

    event_key = b'"EventID":'
    channel_key = b'"Channel":'

    def claims(self, record: Mapping[str, Any]) -> bool:
        """`Event.System` with an event id."""
        event = record.get("Event")
        system = event.get("System") if isinstance(event, dict) else None
        return isinstance(system, dict) and "EventID" in system

    def shape(self, stream: Stream) -> Shape:
        """A struct of `System` and `EventData`."""
        fields = Fields()
        getters = [_getter(column, fields) for column in stream.columns]
        paths = (_PATHS["Channel"], _PATHS["EventID"], *_UNUSUAL)
        identity = attrgetter(*(fields.attribute(*path) for path in paths))
        return Shape(fields.struct(), getters, identity, len(_UNUSUAL), (b'"#text":',))

    def straighten(self, record: dict[str, Any]) -> dict[str, Any]:
        """Attributes under `#attributes`, texts in place of elements, UserData among EventData."""
        event = record["Event"]
        system = event["System"]
        for name in _WITH_ATTRIBUTES:
            system[name] = _attributes(system, name)
        for name in ("EventID", "Level", "EventRecordID", "Channel", "Computer"):
            system[name] = joined(system.get(name))
        event["EventData"] = _own_fields(event)
        if text_or_none(system["EventID"]) is None:
            raise KeyError("EventID")
        return record

    def named(self, record: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
        """Channel, provider and event id."""
        system = record["Event"]["System"]
        return (
            text_or_none(system["Channel"]),
            text_or_none(system["Provider"]["#attributes"].get("Name")),
            text_or_none(system["EventID"]),
        )


def _attributes(system: Mapping[str, Any], name: str) -> dict[str, Any]:
    """`{"#attributes": ...}` of a header element, empty where it has none."""
    apart = system.get(f"{name}_attributes")
    element = system.get(name)
    inside = element.get("#attributes") if isinstance(element, dict) else None
    found = apart if isinstance(apart, dict) else inside
    return {"#attributes": found if isinstance(found, dict) else {}}


def _own_fields(event: Mapping[str, Any]) -> dict[str, Any]:
    data = event.get("EventData")
    if isinstance(data, dict):
        return {name: joined(value) for name, value in data.items() if name != "#attributes"}
    if data is not None:
        return {"Data": joined(data)}
    rest = {name: _bare(value) for name, value in event.items() if name not in ("System", "EventData")}
    return leaves(rest)


def _bare(value: Any) -> Any:
    """The element without its attributes, at every level."""
    if not isinstance(value, dict):
        return value
    return {name: _bare(inner) for name, inner in value.items() if name != "#attributes"}


def _getter(column: str, fields: Fields) -> Getter:
    special = _SPECIAL.get(column)
    if special:
        return special(fields)
    plain = fields.get(*_PATHS.get(column, ("Event", "EventData", column)))
    return (lambda row: braced(plain(row))) if column[-4:].lower() == "guid" else plain


def _data(fields: Fields) -> Getter:
    data = fields.get("Event", "EventData", "Data")
    return lambda row: one_text(data(row))


def _nothing(fields: Fields) -> Getter:
    return lambda row: None


_SPECIAL: dict[str, Callable[[Fields], Getter]] = {"Data": _data, "EventTime": _nothing}

"""How the parts of a Windows event are called, whichever way the event was written.

The header keeps the names Windows and Sigma know: Channel, EventID, Provider_Name, Computer, EventRecordID,
TimeCreated, UserID, Execution_ProcessID, Level, Task, Opcode, Keywords. EventData fields keep their own
names; UserData gives its leaf elements; several unnamed Data elements become one field `Data`, joined by line
ends, so that a rule's `contains` meets the text as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sakimori.records.batch import text_of

_FROM_SYSTEM = ("Channel", "EventID", "Computer", "EventRecordID", "Level", "Task", "Opcode", "Keywords")
_FROM_ATTRIBUTES = ("Provider_Name", "TimeCreated", "UserID", "Execution_ProcessID", "Execution_ThreadID")
HEADER = frozenset(_FROM_SYSTEM + _FROM_ATTRIBUTES)
_NONE: Mapping[str, Any] = {}
_LEAVES = 1000


def row_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """Native names and values of an event as the evtx package writes it, attributes apart from elements."""
    system = event["System"]
    data = event.get("EventData")
    if type(data) is not dict:
        data = _odd(event, data)
    if "Data" in data:
        data["Data"] = joined(data["Data"])
    for name in _guids(tuple(data)):
        data[name] = braced(data[name])
    get = system.get
    if "Version" not in data:
        data["Version"] = get("Version")
    data["Channel"] = get("Channel")
    event_id = get("EventID")
    data["EventID"] = event_id if type(event_id) is int else joined(event_id)
    data["Computer"] = get("Computer")
    data["EventRecordID"] = get("EventRecordID")
    data["Level"] = get("Level")
    data["Task"] = get("Task")
    data["Opcode"] = get("Opcode")
    data["Keywords"] = get("Keywords")
    data["Provider_Name"] = get("Provider_attributes", _NONE).get("Name")
    data["TimeCreated"] = get("TimeCreated_attributes", _NONE).get("SystemTime")
    data["UserID"] = get("Security_attributes", _NONE).get("UserID")
    execution = get("Execution_attributes", _NONE)
    data["Execution_ProcessID"] = execution.get("ProcessID")
    data["Execution_ThreadID"] = execution.get("ThreadID")
    return data


def joined(value: Any) -> Any:
    """The text of an element: several texts joined by line ends, `{"#text": x}` as x, others as they are."""
    if type(value) is dict:
        return joined(value.get("#text")) if "#text" in value else (value or None)
    if type(value) is list:
        return "\n".join(part if type(part) is str else str(text_of(part) or "") for part in value)
    return value


def braced(value: Any) -> Any:
    """A GUID with the braces Windows prints around it, anything else as it is."""
    bare = type(value) is str and len(value) == 36 and value[8] == value[13] == value[18] == value[23] == "-"
    return f"{{{value}}}" if bare else value


def leaves(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The leaf elements of UserData by name; one called like a header field gets the prefix `UserData_`."""
    found: dict[str, Any] = {}
    waiting = [parts]
    while waiting and len(found) < _LEAVES:
        for name, value in waiting.pop().items():
            if name.endswith("_attributes"):
                continue
            if type(value) is dict and "#text" not in value:
                waiting.append(value)
            else:
                found.setdefault(f"UserData_{name}" if name in HEADER else name, joined(value))
    return found


def _odd(event: Mapping[str, Any], data: Any) -> dict[str, Any]:
    """EventData that is empty or bare text, and what stands in its place: UserData, ProcessingErrorData."""
    if data is not None:
        return {"Data": data}
    return leaves({name: value for name, value in event.items() if name not in ("System", "EventData")})


@lru_cache(maxsize=4096)
def _guids(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name[-4:].lower() == "guid")

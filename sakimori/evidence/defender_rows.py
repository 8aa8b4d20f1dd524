"""Rows of Defender's advanced hunting: unwrapped, told apart by ActionType, and finished for their stream.

Wrappings: the portal's CSV, `{"Schema": [...], "Results": [...]}` of the hunting API, the streaming API's
`{"category": "AdvancedHunting-DeviceProcessEvents", "properties": {...}}` alone or in `{"records": [...]}`,
and Log Analytics rows, which have TimeGenerated instead of Timestamp.
https://learn.microsoft.com/defender-xdr/streaming-api-event-hub
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from sakimori.evidence.defender_as_sysmon import FORMS, INSIDE_ADDITIONAL
from sakimori.records.plan import Plan, Stream

OTHER = "defender_event"
_NEEDED = frozenset({"ActionType"})
_TIMES = frozenset({"Timestamp", "TimeGenerated"})
_DEVICES = frozenset({"DeviceId", "DeviceName"})
# Identity and cloud tables have an ActionType and a device too, but other meanings.
_ELSEWHERE = frozenset({"Application", "DestinationDeviceName", "TargetDeviceName", "CloudAppEvents"})
_STREAMED = "AdvancedHunting-"
_DEEP = "AdditionalFields."
_DEEPEST = 4


def is_row(names: Iterable[str]) -> bool:
    """Whether these column names are a device table of advanced hunting, in whatever order and selection."""
    known = frozenset(names)
    return (
        known >= _NEEDED
        and not known.isdisjoint(_TIMES)
        and not known.isdisjoint(_DEVICES)
        and known.isdisjoint(_ELSEWHERE)
    )


def unwrapped(value: Mapping[str, Any], deep: int = 0) -> Iterator[Mapping[str, Any]]:
    """The rows inside one JSON object."""
    records = value.get("records")
    if isinstance(records, list) and "ActionType" not in value and deep < _DEEPEST:
        for record in records:
            if isinstance(record, dict):
                yield from unwrapped(record, deep + 1)
        return
    inner = value.get("properties")
    yield inner if isinstance(inner, dict) and "ActionType" not in value else value


def wraps_rows(value: Mapping[str, Any] | None) -> bool:
    """Whether a JSON object is a row or holds rows, or is the streaming API's, which mixes tables."""
    first = None if value is None else next(unwrapped(value), None)
    return first is not None and (is_row(first) or _is_streamed(value or {}))


def _is_streamed(value: Mapping[str, Any]) -> bool:
    records = value.get("records")
    one = records[0] if isinstance(records, list) and records else value
    return isinstance(one, dict) and str(one.get("category", "")).startswith(_STREAMED)


def column(name: str) -> str:
    """A header's name without the zone Log Analytics writes behind it: `TimeGenerated [UTC]`."""
    return name.removesuffix(" [UTC]")


class DefenderStreams:
    """The streams of one plan, by ActionType."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        logs = plan.catalogue.of_family("defender")
        self._by_action = {action: log for log in logs for action in log.match["action_type"]}

    def stream(self, action: Any) -> Stream:
        """The stream of rows with this ActionType; a made-up one shares the stream of all others."""
        log = self._by_action.get(action) if isinstance(action, str) else None
        if log is None:
            return self._plan.stream(OTHER)
        return self._plan.stream(log.name, log.match.get("constants"))


class Finisher:
    """Fills what a stream asks for beyond the row's own columns; one a stream, so that it chooses once."""

    def __init__(self, stream: Stream) -> None:
        self._constants = dict(stream.constants)
        self._deep = any(name.startswith(_DEEP) or name in INSIDE_ADDITIONAL for name in stream.columns)
        self._forms: list[tuple[str, Callable[[Mapping[str, Any]], str | None]]] = [
            (name, FORMS[name]) for name in stream.columns if name in FORMS
        ]

    def finish(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row with empty texts as None, with the keys inside AdditionalFields, and Sysmon's forms."""
        whole = {name: None if value == "" else value for name, value in row.items()}
        whole.update(self._constants)
        if self._deep:
            whole.update(additional(whole))
        for name, form in self._forms:
            whole[name] = form(whole)
        return whole


def additional(row: Mapping[str, Any]) -> dict[str, Any]:
    """`AdditionalFields.X` for each key X of that column, which is JSON text or an object."""
    value = row.get("AdditionalFields")
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            return {}
    return {_DEEP + key: inner for key, inner in value.items()} if isinstance(value, dict) else {}

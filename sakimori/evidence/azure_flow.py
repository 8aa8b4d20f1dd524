"""Azure flow logs: records of a minute, inside them rules, inside them flows as comma-separated words.

https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview#log-format
https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview#log-format
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sakimori.evidence.found import Found, batches
from sakimori.evidence.json_records import Item, object_at, of_document
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_VNET = ("azure_vnet_flow", (
    "timeStamp", "sourceIP", "destinationIP", "sourcePort", "destinationPort", "protocol", "flowDirection",
    "flowState", "flowEncryption", "packetsSent", "bytesSent", "packetsReceived", "bytesReceived",
))  # fmt: skip
# Version 1 ends with the decision.
_NSG = ("azure_nsg_flow", (
    "timeStamp", "sourceIP", "destinationIP", "sourcePort", "destinationPort", "protocol", "flowDirection",
    "flowDecision", "flowState", "packetsSent", "bytesSent", "packetsReceived", "bytesReceived",
))  # fmt: skip
_VERSION_1 = 8
_OF_RECORD = ("time", "macAddress", "targetResourceID", "flowLogResourceID", "resourceId", "systemId")
_TOLD = re.compile(
    rb'"category"\s*:\s*"(?:FlowLogFlowEvent|NetworkSecurityGroupFlowEvent)"'
    rb'|"flowLogVersion"\s*:.{0,2000}"flowRecords"\s*:',
    re.S,
)
_SEEN = 8192
Row = dict[str, Any]


class AzureFlow:
    """Azure's flow logs of virtual networks (version 4) and of network security groups (1 and 2).

    Watch: a connection is a row at its begin, every five minutes and at its end, each with the bytes since
    the row before. Network security group logs end in September 2027. A denied flow has no bytes.
    """

    name = "azure_flow"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """JSON whose beginning names one of the two categories; one record may be larger than the head."""
        text = head[:_SEEN].removeprefix(b"\xef\xbb\xbf").lstrip()
        return text.startswith((b"{", b"[")) and _TOLD.search(text) is not None

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a flow tuple."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The whole record in which the tuple stands."""
        return object_at(source, number)


def _found(source: Source) -> Iterator[Found | Unread]:
    for item in of_document(source):
        if item.value is None:
            yield Unread(item.record, item.offset, item.reason)
        else:
            yield from _of_record(item, item.value)


def _of_record(item: Item, value: Mapping[str, Any]) -> Iterator[Found | Unread]:
    properties = _object(value.get("properties"))
    if "flowRecords" in value:
        flows, (log, names) = _vnet(_object(value["flowRecords"])), _VNET
    elif "flows" in properties:
        flows, (log, names) = _nsg(properties), _NSG
    else:
        yield Unread(item.record, item.offset, "a record of a flow log without flows")
        return
    common = {name: value.get(name) for name in _OF_RECORD}
    for row, text in flows:
        told = _tuple(text, names)
        if isinstance(told, str):
            yield Unread(item.record, item.offset, told)
        else:
            yield Found(log, item.record, item.offset, common | row | told, str(text).encode())


def _vnet(records: Mapping[str, Any]) -> Iterator[tuple[Row, Any]]:
    for flow in _objects(records.get("flows")):
        for group in _objects(flow.get("flowGroups")):
            row = {"aclID": flow.get("aclID"), "rule": group.get("rule")}
            yield from ((row, text) for text in _list(group.get("flowTuples")))


def _nsg(properties: Mapping[str, Any]) -> Iterator[tuple[Row, Any]]:
    for rule in _objects(properties.get("flows")):
        for flow in _objects(rule.get("flows")):
            row = {"rule": rule.get("rule"), "macAddress": flow.get("mac")}
            yield from ((row, text) for text in _list(flow.get("flowTuples")))


def _tuple(text: Any, names: tuple[str, ...]) -> Row | str:
    """The words of a tuple under their names, or why there are none."""
    if not isinstance(text, str):
        return "a flow tuple that is no text"
    words = text.split(",")
    if len(words) != len(names) and not (names is _NSG[1] and len(words) == _VERSION_1):
        return f"{len(words)} words in a flow tuple of {len(names)}"
    return {name: word or None for name, word in zip(names, words, strict=False)}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]

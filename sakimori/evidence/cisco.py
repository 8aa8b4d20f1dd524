"""Cisco's messages: `%ASA-6-722051: Group <g> User <u> IP <a> ...`, `%SEC_LOGIN-5-LOGIN_SUCCESS: ...`.

https://www.cisco.com/c/en/us/td/docs/security/asa/syslog/b_syslog.html
"""

from __future__ import annotations

import re

from sakimori.evidence.syslog_sign_ins import named
from sakimori.evidence.text_lines import Row, Told

_ASA = re.compile(
    r".{0,80}?%(?P<platform>ASA|FTD|PIX|FWSM)-(?:[a-z]+-)?(?P<level>\d)-(?P<message_id>\d{6}): (?P<text>.*)",
    re.S,
)
_IOS = re.compile(
    r".{0,80}?%(?P<mnemonic>[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-(?P<level>[0-7])-[A-Z0-9_]+): (?P<text>.*)", re.S
)
_WHO = r"Group <?(?P<group>[^>]*?)>? User <?(?P<user>[^>]*?)>? IP <?(?P<address>[0-9a-fA-F.:]+)>? "
_PEER = r"(?P<{0}interface>[^:\s]+):(?P<{0}address>[0-9a-fA-F.:]+)/(?P<{0}port>\d+)"
_FROM, _TO = _PEER.format("source_"), _PEER.format("destination_")
_AAA = r"AAA user (?P<what>\S+) {0}"
_TEXTS = {
    number: (re.compile(pattern), fields)
    for numbers, pattern, fields in (
        ("113039", _WHO + r"AnyConnect parent session started", {"result": "success"}),
        ("716001", _WHO + r"WebVPN session started", {"result": "success"}),
        ("716002", _WHO + r"WebVPN session terminated: (?P<reason>.*?)\.?$", {}),
        ("716038", _WHO + r"Authentication: successful", {"result": "success"}),
        ("716039", _WHO + r"Authentication: rejected", {"result": "failure"}),
        ("722051", _WHO + r"IPv4 Address <(?P<assigned>[\d.]+)>", {"action": "assign"}),
        ("722037 722023", _WHO + r"(?P<reason>.*)", {}),
        ("113004", _AAA.format(r"Successful ?: server = +(?P<server>\S+) ?, User = (?P<user>\S+)"), {"result": "success"}),
        ("113012", _AAA.format(r"Successful ?: local database ?: user = (?P<user>\S+)"), {"result": "success"}),
        ("113005", _AAA.format(r"Rejected ?: reason = (?P<reason>.*?) ?: server = (?P<server>\S+) ?: user = (?P<user>\S+)(?: ?: user IP = (?P<address>\S+))?"), {"result": "failure"}),
        ("113015", _AAA.format(r"Rejected ?: reason = (?P<reason>.*?) ?: local database ?: user = (?P<user>\S+)(?: ?: user IP = (?P<address>\S+))?"), {"result": "failure"}),
        ("113019", r"Group = (?P<group>.*?), Username = (?P<user>.*?), IP = (?P<address>\S+?), Session disconnected\. Session Type: (?P<method>.*?), Duration: (?P<duration>.*?), Bytes xmt: (?P<bytes_xmt>\d+), Bytes rcv: (?P<bytes_rcv>\d+), Reason: (?P<reason>.*)", {"action": "release"}),
        ("605005", r"Login permitted from (?P<address>[^/\s]+)/(?P<port>\S+) to (?P<server>\S+)/(?P<method>\S+) for user \"(?P<user>[^\"]*)\"", {"result": "success"}),
        ("605004", r"Login denied from (?P<address>[^/\s]+)/(?P<port>\S+) to (?P<server>\S+)/(?P<method>\S+) for user \"(?P<user>[^\"]*)\"", {"result": "failure"}),
        ("302014 302016", r"Teardown (?P<protocol>\S+) connection (?P<connection>\d+) for " + _FROM + r"(?:\(.*?\))? to " + _TO + r"(?:\(.*?\))? duration (?P<duration>[\d:]+) bytes (?P<bytes>\d+)(?: (?P<state>.*))?", {}),
        ("302013 302015", r"Built (?P<direction>inbound|outbound) (?P<protocol>\S+) connection (?P<connection>\d+) for " + _FROM + r" \(.*?\) to " + _TO, {"state": "built"}),
        ("106023", r"Deny (?P<protocol>\S+) src " + _FROM + r" dst " + _TO, {"state": "deny"}),
    )
    for number in numbers.split()
}  # fmt: skip
_SIGN_INS = frozenset(
    [
        "113039",
        "716001",
        "716002",
        "716038",
        "716039",
        "722051",
        "722037",
        "722023",
        "113004",
        "113012",
        "113005",
        "113015",
        "113019",
        "605005",
        "605004",
    ]
)
_LOGIN = re.compile(
    r"Login (?P<word>Success|failed) \[user: (?P<user>[^\]]*)\] \[Source: (?P<address>[^\]]*)\]", re.I
)


def is_cisco(message: str) -> bool:
    """Whether a message has one of Cisco's codes near its start."""
    return "%" in message[:90] and bool(_ASA.match(message) or _IOS.match(message))


def cisco(row: Row) -> Told:
    """The code and, for the messages about people and connections, what they say."""
    found = _ASA.match(row["message"])
    if found is None:
        return _ios(row)
    row |= named(found)
    number = found["message_id"]
    if number in _TEXTS:
        pattern, fields = _TEXTS[number]
        said = pattern.match(found["text"])
        row |= named(said) | fields if said else {}
    log = (
        "cisco_asa_vpn"
        if number in _SIGN_INS
        else "cisco_asa_connection"
        if number in _TEXTS
        else "cisco_asa"
    )
    return Told(log, row)


def _ios(row: Row) -> Told:
    found = _IOS.match(row["message"])
    row |= named(found) if found else {}
    if found and (said := _LOGIN.match(found["text"])):
        row |= {"user": said["user"], "address": said["address"]}
        row["result"] = "success" if said["word"].lower() == "success" else "failure"
    return Told("cisco_ios", row)

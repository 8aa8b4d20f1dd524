"""Cisco's messages: `%ASA-6-722051: Group <g> User <u> IP <a> ...`, `%SEC_LOGIN-5-LOGIN_SUCCESS: ...`.

https://www.cisco.com/c/en/us/td/docs/security/asa/syslog/b_syslog.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sakimori.evidence.beginnings import begun, seconds_of
from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.wordings import Wording, named, read, wording

_ASA = re.compile(
    r".{0,80}?%(?P<platform>ASA|FTD|PIX|FWSM)-(?:[a-z]+-)?(?P<level>\d)-(?P<message_id>\d{6}): (?P<text>.*)",
    re.S,
)
_IOS = re.compile(
    r".{0,80}?%(?P<mnemonic>[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*-(?P<level>[0-7])-[A-Z0-9_]+): (?P<text>.*)", re.S
)
_WHO = "Group {?<?}{group...}{?>?} User {?<?}{user...}{?>?} IP {?<?}{address}{?>?} "
_FROM = "{source_interface}:{source_address}/{source_port}"
_TO = "{destination_interface}:{destination_address}/{destination_port}"
_REFUSED = "AAA user {what} Rejected{? ?}: reason = {reason...}{? ?}: "
_SIGN_INS: Mapping[str, Wording] = {
    "113039": wording(_WHO + "AnyConnect parent session started", result="success"),
    "716001": wording(_WHO + "WebVPN session started", result="success"),
    "716002": wording(_WHO + "WebVPN session terminated: {reason...}{?.?}$"),
    "716038": wording(_WHO + "Authentication: successful", result="success"),
    "716039": wording(_WHO + "Authentication: rejected", result="failure"),
    "722051": wording(_WHO + "IPv4 Address <{assigned}>", action="assign"),
    "722023": wording(_WHO + "{reason...}$"),
    "722037": wording(_WHO + "{reason...}$"),
    "113004": wording(
        "AAA user {what} Successful{? ?}: server = {? ?}{server}{? ?}, User = {user}", result="success"
    ),
    "113012": wording(
        "AAA user {what} Successful{? ?}: local database{? ?}: user = {user}", result="success"
    ),
    "113005": wording(
        _REFUSED + "server = {server}{? ?}: user = {user}{? : user IP = {address}?}", result="failure"
    ),
    "113015": wording(
        _REFUSED + "local database{? ?}: user = {user}{? : user IP = {address}?}", result="failure"
    ),
    "113019": wording(
        "Group = {group...}, Username = {user...}, IP = {address}, Session disconnected."
        " Session Type: {method...}, Duration: {duration...}, Bytes xmt: {bytes_xmt}, Bytes rcv: {bytes_rcv},"
        " Reason: {reason...}$",
        action="release",
    ),
    "605004": wording(
        'Login denied from {address}/{_} to {server}/{method} for user "{user...}"', result="failure"
    ),
    "605005": wording(
        'Login permitted from {address}/{_} to {server}/{method} for user "{user...}"', result="success"
    ),
}
_BUILT = wording(
    "Built {direction} {protocol} connection {connection} for " + _FROM + " ({_...}) to " + _TO, state="built"
)
_TEARDOWN = wording(
    "Teardown {protocol} connection {connection} for " + _FROM + "{?({_})?} to " + _TO + "{?({_})?}"
    " duration {duration} bytes {bytes}{? {state...}?}$"
)
_CONNECTIONS: Mapping[str, Wording] = {
    **dict.fromkeys(("302013", "302015"), _BUILT),
    **dict.fromkeys(("302014", "302016"), _TEARDOWN),
    "106023": wording("Deny {protocol} src " + _FROM + " dst " + _TO, state="deny"),
}
_LOGIN = (
    wording("Login Success [user: {user...}] [Source: {address}]", result="success"),
    wording("Login failed [user: {user...}] [Source: {address}]", result="failure"),
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
    for log, wordings in (("cisco_asa_vpn", _SIGN_INS), ("cisco_asa_connection", _CONNECTIONS)):
        if number in wordings:
            row |= read(found["text"], (wordings[number],)) or {}
            ended = seconds_of(row.get("duration")) if log == "cisco_asa_connection" else None
            return Told(log, row | begun(row, ended))
    return Told("cisco_asa", row)


def _ios(row: Row) -> Told:
    found = _IOS.match(row["message"])
    if found:
        row |= named(found) | (read(found["text"], _LOGIN) or {})
    return Told("cisco_ios", row)

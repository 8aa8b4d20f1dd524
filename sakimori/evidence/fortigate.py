"""FortiGate's messages: `date=2026-03-01 time=09:12:00 logid="0101039424" type="event" subtype="vpn" ...`.

https://docs.fortinet.com/document/fortigate/7.6.1/fortios-log-message-reference/
"""

from __future__ import annotations

import re

from sakimori.evidence.beginnings import begun, seconds_of
from sakimori.evidence.key_values import pairs
from sakimori.evidence.text_lines import Row, Told

_LOG_ID = re.compile(r'(?:^|\s)logid="?\d{8,10}\b')
# A session is written at its end.
_BEGUN = {"eventtime": "begun", "datetime": "begun_datetime", "datetime_local": "begun_local"}
_ADMIN = frozenset({"login", "logout"})


def is_fortigate(message: str) -> bool:
    """Whether a message has FortiGate's log id among its keys."""
    return "logid=" in message and "type=" in message and bool(_LOG_ID.search(message))


def fortigate(row: Row) -> Told:
    """The message's own keys; its type and subtype tell the log."""
    fields: Row = pairs(row["message"])
    if "date" in fields and "time" in fields:
        zone = fields.get("tz", "")
        column = "datetime" if re.fullmatch(r"[+-]\d{4}", zone) else "datetime_local"
        fields[column] = f"{fields['date']}T{fields['time']}{zone if column == 'datetime' else ''}"
    if "devname" not in fields and row.get("hostname"):
        fields["devname"] = row["hostname"]
    log = _log(fields)
    if log == "fortigate_traffic":
        fields |= begun(fields, seconds_of(fields.get("duration")), _BEGUN)
    return Told(log, fields)


def _log(fields: Row) -> str:
    kind, subtype = fields.get("type"), fields.get("subtype")
    if kind == "traffic":
        return "fortigate_traffic"
    if kind == "event" and subtype == "vpn":
        return "fortigate_vpn"
    if kind == "event" and fields.get("action") in _ADMIN and "ui" in fields:
        return "fortigate_admin"
    return "fortigate_event" if kind == "event" else "fortigate_utm" if kind == "utm" else "fortigate"

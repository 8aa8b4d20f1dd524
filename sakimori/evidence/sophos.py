"""Sophos Firewall's messages: `device="SFW" date=2026-03-02 time=09:12:00 log_type="Firewall" src_ip=...`.

https://docs.sophos.com/nsg/sophos-firewall/21.5/syslog/index.html
"""

from __future__ import annotations

from sakimori.evidence.beginnings import begun, seconds_of
from sakimori.evidence.key_values import pairs
from sakimori.evidence.text_lines import Row, Told

_LOGS = {"Firewall": "sophos_traffic", "Content Filtering": "sophos_web"}


def is_sophos(message: str) -> bool:
    """Whether a message has the keys every message of a Sophos Firewall has."""
    return all(key in message for key in ("log_type=", "log_component=", "log_subtype="))


def sophos(row: Row) -> Told:
    """The message's own keys; its type tells the log."""
    fields: Row = pairs(row["message"])
    if "date" in fields and "time" in fields:
        fields["datetime_local"] = f"{fields['date']}T{fields['time']}"
    seconds = seconds_of(fields.get("duration"))
    fields |= begun(fields, seconds, {"timestamp": "begun", "datetime_local": "begun_local"})
    if row.get("hostname"):
        fields.setdefault("hostname", row["hostname"])
    return Told(_LOGS.get(fields.get("log_type", ""), "sophos"), fields)

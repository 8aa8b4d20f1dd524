"""Ivanti (Pulse) Connect Secure, in its two formats, and SonicWall, which writes the older one too.

`PulseSecure: 2026-03-01 09:12:00 - vpn01 - [203.0.113.9] mei(Users)[Staff] - Primary authentication ...`,
`id=firewall time="2026-03-01 09:12:00" fw=198.51.100.1 user=mei src=203.0.113.9 msg="AUT24326: ..."` (WELF).
https://help.ivanti.com/ps/help/en_US/PCS/9.1R13/pcsag/logging_n_monitoring.htm
https://www.sonicwall.com/techdocs/pdf/sonicos-7-0-0-0-log_events_reference_guide.pdf
"""

from __future__ import annotations

import re

from sakimori.evidence.key_values import pairs
from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.wordings import named

_STANDARD = re.compile(
    r"(?:.*?\s)?(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}) - (?P<device>[^-]*?) - "
    r"\[(?P<src>[0-9a-fA-F.:]*)\] (?P<user>[^\[(]*?)(?:\((?P<realm>[^)]*)\))?(?:\[(?P<roles>[^\]]*)\])?"
    r" - (?P<msg>.*)",
    re.S,
)
_CODE = re.compile(r"(?P<code>[A-Z]{3}\d{5}): ")
_GIVEN = re.compile(r"IP(?:v4)? (?:address )?'?(?P<assigned>\d+\.\d+\.\d+\.\d+)")
_CLIENT = re.compile(r"hostname (?P<client>[\w.-]+)")
_AGENT = re.compile(r"with (?P<agent>[A-Z][\w./ ();:,-]{4,})$")
_IN = re.compile(r"(?:Login succeeded|authentication successful) for", re.I)
_OUT = re.compile(r"(?:Login failed|authentication failed) for", re.I)
_SESSION = re.compile(r"(?:VPN Tunneling|Network Connect): Session (?P<word>started|ended)", re.I)
_SONICWALL = re.compile(r"\bid=\S+ sn=[0-9A-F]{8,} ", re.I)
_ALLOWED = re.compile(r"(?:user )?login (?:allowed|successful|success)|logged in", re.I)
_DENIED = re.compile(r"login (?:denied|failed)|incorrect", re.I)


def is_ivanti(message: str) -> bool:
    """Whether a message has the shape of Connect Secure's, or is WELF."""
    return message.lstrip().startswith("id=") or (" - [" in message and bool(_STANDARD.match(message)))


def ivanti(row: Row) -> Told:
    """The fields of either format, and what the text says of a sign-in or an address."""
    text = row["message"].lstrip()
    welf = text.startswith("id=")
    found = None if welf else _STANDARD.match(text)
    fields: Row = pairs(text) if welf else named(found) if found else {}
    if _SONICWALL.match(text):
        return _sonicwall(fields)
    user = str(fields.get("user", "")).rpartition("::")[2]
    fields |= {
        "device": row.get("hostname") or fields.get("fw") or fields.get("device"),
        "user": user or None,
    }
    return Told("ivanti_connect_secure", fields | _meaning(str(fields.get("msg", ""))))


def _meaning(text: str) -> Row:
    said: Row = {}
    for pattern in (_CODE, _GIVEN, _CLIENT, _AGENT):
        said |= named(found) if (found := pattern.search(text)) else {}
    said["result"] = "failure" if _OUT.search(text) else "success" if _IN.search(text) else None
    session = _SESSION.search(text)
    if session:
        said["action"] = "assign" if session["word"].lower() == "started" else "release"
    return said


def _sonicwall(fields: Row) -> Told:
    """SonicWall writes `src=203.0.113.9:51820:X1`."""
    for name in ("src", "dst"):
        address, port, interface = (*str(fields.pop(name, "")).split(":", 2), None, None, None)[:3]
        fields |= {
            name: address or None,
            f"{name}_port": port or None,
            f"{name}_interface": interface or None,
        }
    text = str(fields.get("msg", ""))
    fields["result"] = "failure" if _DENIED.search(text) else "success" if _ALLOWED.search(text) else None
    return Told("sonicwall", fields)

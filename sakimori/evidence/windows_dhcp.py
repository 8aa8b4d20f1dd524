"""The audit log of Windows' DHCP server, `DhcpSrvLog-Mon.log`: an explanation, then comma-separated lines.

https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2008-R2-and-2008/dd183591(v=ws.10)
"""

from __future__ import annotations

import re

from sakimori.evidence.collected import host_of
from sakimori.evidence.key_values import cells
from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Told, first_lines
from sakimori.records.plan import Plan

_HEADER = re.compile(r"ID,Date,Time,Description,IP(?:v6)? Address,", re.I)
_LINE = re.compile(r"(\d{2,5}),(\d{2})/(\d{2})/(\d{2,4}),(\d{2}:\d{2}:\d{2}),")
_NAMES = [
    "ID",
    "Date",
    "Time",
    "Description",
    "IP Address",
    "Host Name",
    "MAC Address",
    "User Name",
    "TransactionID",
    "QResult",
]
_ACTIONS = {"10": "assign", "11": "renew", "12": "release", "16": "expire", "17": "expire", "18": "expire",
            "20": "assign"}  # fmt: skip


class WindowsDhcp(LineReader):
    """The audit log of Windows' DHCP server.

    Watch: seven files, one a weekday, each written over after a week; local time. A failover partner has its
    own.
    """

    name = "windows_dhcp"

    def claims(self, head: bytes) -> bool:
        """The heading of its columns, or lines of its shape under one of another language."""
        lines = first_lines(head, 80)
        return any(map(_HEADER.match, lines)) or sum(1 for line in lines if _LINE.match(line)) > 1

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one line below the explanation."""
        heading = next(filter(_HEADER.match, first_lines(source.head, 80)), None)
        names = [name.strip().rstrip(".") for name in heading.split(",")] if heading else _NAMES
        host = host_of(source.path)

        def told(line: str) -> Told | str | None:
            found = _LINE.match(line)
            if found is None:
                return None if source.offset == 0 else "no line of the audit log"
            row = {name: cell.strip() or None for name, cell in zip(names, cells(line), strict=False)}
            year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
            row["time"] = f"{year}-{found[2]}-{found[3]}T{found[5]}"
            row |= {"action": _ACTIONS.get(found[1]), "server": host, "mac": _mac(row.get("MAC Address"))}
            return Told("windows_dhcp_audit", row)

        return told


def _mac(text: str | None) -> str | None:
    """`080027AABBCC` as others write it."""
    if text is None or not re.fullmatch(r"[0-9A-Fa-f]{12}", text):
        return text
    return ":".join(text[at : at + 2].lower() for at in range(0, 12, 2))

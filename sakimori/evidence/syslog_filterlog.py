"""Packets that pf logged, as pfSense and OPNsense write them into syslog: values between commas.

https://docs.netgate.com/pfsense/en/latest/monitoring/raw-filter-log-format.html
"""

from __future__ import annotations

from sakimori.evidence.text_lines import Row, Told

_COMMON = ("rule", "subrule", "anchor", "tracker", "interface", "reason", "action", "dir", "ipversion")
_V4 = ("tos", "ecn", "ttl", "id", "offset", "flags", "proto_id", "proto", "length", "src", "dst")
_V6 = ("class", "flow_label", "hop_limit", "proto", "proto_id", "length", "src", "dst")
_PORTS = ("sport", "dport", "data_length", "tcp_flags")


def filterlog(row: Row) -> Told | None:
    """The packet; None where the values are none of the documented layout."""
    cells = row["message"].split(",")
    if len(cells) < len(_COMMON) + len(_V6) or cells[8] not in ("4", "6"):
        return None
    names = _COMMON + (_V4 if cells[8] == "4" else _V6)
    told: Row = {name: cell or None for name, cell in zip(names, cells, strict=False)}
    if str(told.get("proto")).lower() in ("tcp", "udp"):
        told |= {name: cell or None for name, cell in zip(_PORTS, cells[len(names) :], strict=False)}
    return Told("pf_packet", row | told) if told.get("dst") else None

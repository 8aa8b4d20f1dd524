"""Palo Alto Networks' messages: comma-separated, the type in the fourth place. Columns have PAN-OS' names.

https://docs.paloaltonetworks.com/pan-os/10-2/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions
"""

from __future__ import annotations

import re

from sakimori.evidence.key_values import cells
from sakimori.evidence.text_lines import Row, Told

_SHAPE = re.compile(r"\d*,(\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T[\d:.+Z-]+),\w*,([A-Z]+),")
_START = "future1 receive_time serial type subtype future2 time_generated "
_SESSION = (
    "src dst natsrc natdst rule srcuser dstuser app vsys from to inbound_if outbound_if logset "
    "future3 sessionid repeatcnt sport dport natsport natdport flags proto action "
)
_NAMES = {
    "TRAFFIC": _START
    + _SESSION
    + (
        "bytes bytes_sent bytes_received packets start elapsed category future4 seqno actionflags srcloc "
        "dstloc future5 pkts_sent pkts_received session_end_reason dg_hier_level_1 dg_hier_level_2 "
        "dg_hier_level_3 dg_hier_level_4 vsys_name device_name action_source "
    ),
    "THREAT": _START
    + _SESSION
    + (
        "misc threatid category severity direction seqno actionflags srcloc dstloc future4 contenttype "
        "pcap_id filedigest cloud url_idx user_agent filetype xff referer sender subject recipient "
        "reportid dg_hier_level_1 dg_hier_level_2 dg_hier_level_3 dg_hier_level_4 vsys_name device_name "
    ),
    "GLOBALPROTECT": _START
    + (
        "vsys eventid stage auth_method tunnel_type srcuser srcregion machinename public_ip public_ipv6 "
        "private_ip private_ipv6 hostid serialnumber client_ver client_os client_os_ver repeatcnt reason "
        "error opaque status location login_duration connect_method error_code portal seqno "
    ),
    "SYSTEM": _START
    + (
        "vsys eventid object future3 future4 module severity opaque seqno actionflags dg_hier_level_1 "
        "dg_hier_level_2 dg_hier_level_3 dg_hier_level_4 vsys_name device_name "
    ),
    "CONFIG": _START + ("host vsys cmd admin client result path seqno actionflags "),
}
_PORTAL = re.compile(r"User name: (?P<srcuser>[^,]+)")
_FROM = re.compile(r"Login from: (?P<public_ip>[0-9a-fA-F.:]+)")
_PRIVATE = re.compile(r"Private IP: (?P<private_ip>[0-9a-fA-F.:]+)")


def is_palo_alto(message: str) -> bool:
    """Whether a message has a time, a serial number and one of PAN-OS' types in their places."""
    found = _SHAPE.match(message)
    return found is not None and found[2] in _NAMES


def palo_alto(row: Row) -> Told:
    """The message's fields under PAN-OS' names."""
    found = _SHAPE.match(row["message"])
    kind = found[2] if found else "SYSTEM"
    fields: Row = {
        name: cell for name, cell in zip(_NAMES[kind].split(), cells(row["message"]), strict=False) if cell
    }
    fields.setdefault("device_name", row.get("hostname"))
    if kind == "SYSTEM" and fields.get("subtype") == "globalprotect":
        return Told("palo_alto_globalprotect", fields | _said(str(fields.get("opaque"))))
    return Told(f"palo_alto_{kind.lower()}", fields)


def _said(text: str) -> Row:
    """What GlobalProtect's messages before PAN-OS 9.1 say in words."""
    found = (pattern.search(text) for pattern in (_PORTAL, _FROM, _PRIVATE))
    return {name: value for one in found if one for name, value in one.groupdict().items()}

"""Syslog messages that say whose an address was: DHCP servers and clients, VPN gateways.

Wording: ISC dhcpd's dhcp.c, dnsmasq's rfc2131.c, Kea (https://kea.readthedocs.io/en/stable/kea-messages.html),
OpenVPN's multi.c, strongSwan's ike_sa.c and mem_pool, ocserv, WireGuard's debug messages.
"""

from __future__ import annotations

import re

from sakimori.evidence.syslog_sign_ins import named
from sakimori.evidence.text_lines import Row, Told

_MAC = r"(?P<mac>(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2})"
_ACTIONS = {"DHCPACK": "assign", "DHCPRELEASE": "release", "DHCPEXPIRE": "expire"}
_DHCP = tuple(
    map(
        re.compile,
        (
            rf"(?P<word>DHCPACK|DHCPRELEASE|DHCPREQUEST|DHCPOFFER|DHCPNAK) (?:on|of|for|to) (?P<address>[\d.]+)(?: \([\d.]+\))? (?:to|from) {_MAC}(?: \((?P<client>[^)]+)\))?(?: via (?P<interface>\S+))?",
            rf"(?P<word>DHCPACK|DHCPINFORM) to (?P<address>[\d.]+) \({_MAC}\)(?: via (?P<interface>\S+))?",
            rf"(?P<word>DHCP[A-Z]+)\((?P<interface>[^)]+)\) (?P<address>[\d.]+) {_MAC}(?: (?P<client>\S+))?",
            rf"(?:.*)DHCP4_LEASE_(?P<word>ALLOC|RENEW|RELEASE)\S* \[(?:hwtype=\d+ )?{_MAC}\].*?lease (?P<address>[\d.]+)",
            r"(?P<word>bound to) (?P<address>[\d.]+) ",
            r".*dhcp4 \((?P<interface>\S+)\): +(?:state changed new lease, )?(?P<word>address)[= ](?P<address>[\d.]+)",
        ),
    )
)
_ADDRESS = r"(?:\[AF_INET6?\])?(?P<address>[\d.]+|[0-9a-fA-F:]+:[0-9a-fA-F:]+?)(?::(?P<port>\d+))?"
_VPN = tuple(
    (re.compile(pattern), fields)
    for pattern, fields in (
        # OpenVPN
        (r"(?:\S+ )?\[(?P<user>[^\]]+)\] Peer Connection Initiated with " + _ADDRESS + "$", {"result": "success"}),
        (r"(?:(?P<user>[^/\s]+)/)?" + _ADDRESS + r" TLS Auth Error: (?P<reason>.*)", {"result": "failure"}),
        (r"(?P<user>[^/\s]+)/" + _ADDRESS + r" MULTI_sva: pool returned IPv4=(?P<assigned>[\d.]+)", {"action": "assign"}),
        (r"(?P<user>[^/\s]+)/" + _ADDRESS + r" SIGTERM", {}),
        # strongSwan
        (r"\d+\[IKE\] IKE_SA (?P<connection>\S+?)\[\d+\] established between \S+\[.*?\]\.\.\.(?P<address>[0-9a-fA-F.:]+)\[(?P<user>[^\]]*)\]", {"result": "success"}),
        (r"\d+\[IKE\] EAP method (?P<method>\S+) failed for peer (?P<user>\S+)", {"result": "failure", "reason": "EAP failed"}),
        (r"\d+\[IKE\] assigning virtual IP (?P<assigned>\S+) to peer '(?P<user>[^']*)'", {"action": "assign"}),
        (r"\d+\[CFG\] lease (?P<assigned>\S+) by '(?P<user>[^']*)' went offline", {"action": "release"}),
        # ocserv
        (r"main\[(?P<user>[^\]]+)\]:" + _ADDRESS + r" user logged in", {"result": "success"}),
        (r"worker(?:\[[^\]]*\])?: (?P<address>\S+) .*failed authentication (?:attempt )?for(?: user)? '(?P<user>[^']*)'", {"result": "failure"}),
        (r"worker\[(?P<user>[^\]]+)\]: (?P<address>\S+) sending IPv4 (?P<assigned>[\d.]+)", {"action": "assign"}),
        (r"main\[(?P<user>[^\]]+)\]:" + _ADDRESS + r" user disconnected \(reason: (?P<reason>[^,)]*)", {}),
        # WireGuard, where its debug messages are on
        (r"wireguard: (?P<connection>\S+): Receiving handshake initiation from (?P<user>peer \d+) \(" + _ADDRESS + r"\)", {"result": "success"}),
    )
)  # fmt: skip


def dhcp(row: Row) -> Told:
    """Leases given, renewed and given back."""
    for pattern in _DHCP:
        if found := pattern.match(row["message"]):
            row |= named(found)
            row["client"] = row.get("client") or (None if "mac" in row else row.get("hostname"))
            break
    row["action"] = _action(str(row.get("word")))
    return Told("syslog_dhcp", row)


def is_client_lease(message: str) -> bool:
    """Whether a message of NetworkManager tells the address it got."""
    return "dhcp4 (" in message and "address" in message


def vpn(row: Row) -> Told | None:
    """Who came in through a VPN, and the address they were given; None where the message tells neither."""
    for pattern, fields in _VPN:
        if found := pattern.match(row["message"]):
            return Told("syslog_vpn", row | named(found) | fields | {"gateway": row.get("app_name")})
    return None


def _action(word: str) -> str | None:
    known = {
        "ALLOC": "assign",
        "RENEW": "renew",
        "RELEASE": "release",
        "bound to": "assign",
        "address": "assign",
    }
    return _ACTIONS.get(word) or known.get(word)

"""Syslog messages that say whose an address was: DHCP servers and clients, VPN gateways.

Wording: ISC dhcpd's dhcp.c, dnsmasq's rfc2131.c, Kea
(https://kea.readthedocs.io/en/stable/kea-messages.html), OpenVPN's multi.c, strongSwan's ike_sa.c and
mem_pool, ocserv, WireGuard's debug messages.
"""

from __future__ import annotations

from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.wordings import read, wording

_DHCP = (
    wording("DHCPACK on {address} to {mac}{? ({client})?}{? via {interface}?}", action="assign"),
    wording("DHCPACK to {address} ({mac}){? via {interface}?}", action="assign"),
    wording("DHCPACK({interface}) {address} {mac}{? {client}?}$", action="assign"),
    wording("DHCPRELEASE of {address} from {mac}{? ({client})?}{? via {interface}?}", action="release"),
    wording("DHCPRELEASE({interface}) {address} {mac}{? {client}?}$", action="release"),
    wording("{_...}DHCP4_LEASE_ALLOC [{?hwtype={_} ?}{mac}]{_...} lease {address} ", action="assign"),
    wording("{_...}DHCP4_LEASE_RENEW [{?hwtype={_} ?}{mac}]{_...} lease {address} ", action="renew"),
    wording("{_...}DHCP4_RELEASE [{?hwtype={_} ?}{mac}]{_...}ddress {address} ", action="release"),
)
# A client tells its own address.
_CLIENT = (
    wording("bound to {address} ", action="assign"),
    wording("{_...}dhcp4 ({interface}): state changed new lease, address={address}", action="assign"),
)
_VPN = (
    # OpenVPN
    wording("{_} [{user}] Peer Connection Initiated with {?[AF_INET]?}{address}:{port}$", result="success"),
    wording("[{user}] Peer Connection Initiated with {?[AF_INET]?}{address}:{port}$", result="success"),
    wording("{address}:{port} TLS Auth Error: {reason...}$", result="failure"),
    wording("{user}/{address}:{port} MULTI_sva: pool returned IPv4={assigned},", action="assign"),
    # strongSwan
    wording(
        "{_}[IKE] IKE_SA {connection}[{_}] established between {_}[{_...}]...{address}[{user}]",
        result="success",
    ),
    wording("{_}[IKE] EAP method {method} failed for peer {user}", result="failure"),
    wording("{_}[IKE] assigning virtual IP {assigned} to peer '{user}'", action="assign"),
    wording("{_}[CFG] lease {assigned} by '{user}' went offline", action="release"),
    # ocserv
    wording("main[{user}]:{address}:{port} user logged in", result="success"),
    wording("main[{user}]:{address}:{port} user disconnected (reason: {reason...},"),
    wording(
        "worker{?[{_}]?}: {address} {_...}failed authentication{_...} for {?user ?}'{user}'", result="failure"
    ),
    wording("worker[{user}]: {address} sending IPv4 {assigned}", action="assign"),
    # WireGuard, where its debug messages are on; the peer's key is not in them
    wording("wireguard: {connection}: Receiving handshake initiation from peer {_} ({address}:{port})"),
)


def dhcp(row: Row) -> Told:
    """Leases given, renewed and given back."""
    said = read(row["message"], _DHCP)
    if said is None and (said := read(row["message"], _CLIENT)):
        said["client"] = row.get("hostname")
    return Told("syslog_dhcp", row | (said or {}))


def is_client_lease(message: str) -> bool:
    """Whether a message of NetworkManager tells the address it got."""
    return "dhcp4 (" in message and "address" in message


def vpn(row: Row) -> Told | None:
    """Who came in through a VPN, and the address they were given; None where the message tells neither."""
    said = read(row["message"], _VPN)
    return Told("syslog_vpn", row | said | {"gateway": row.get("app_name")}) if said is not None else None

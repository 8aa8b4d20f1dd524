"""Response policy zones, for BIND and other resolvers: a name on the list is answered NXDOMAIN.

Form: https://bind9.readthedocs.io/en/stable/reference.html#response-policy-zone-rpz-rewriting
What is only watched has a zone of its own with `rpz-passthru.`: put it last among the policies and log the
category rpz.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from sakimori.response.feeds.published import BLOCK, WATCH, Published, Stamp, lines, of

_SECONDS = 60
_ACTIONS = {BLOCK: ".", WATCH: "rpz-passthru."}


def rpz(entries: Sequence[Published], stamp: Stamp) -> Mapping[str, bytes]:
    """`rpz-block.zone` and `rpz-watch.zone`, without an origin: the zone's name is the resolver's choice."""
    return {
        f"rpz-{use}.zone": lines([*_head(stamp), *_records(entries, use, action)])
        for use, action in _ACTIONS.items()
    }


def _head(stamp: Stamp) -> tuple[str, ...]:
    serial = stamp.at % (1 << 32)
    return (
        f"$TTL {_SECONDS}",
        f"@ IN SOA localhost. root.localhost. ({serial} {_SECONDS} {_SECONDS} 864000 {_SECONDS})",
        "@ IN NS localhost.",
    )


def _records(entries: Sequence[Published], use: str, action: str) -> Iterator[str]:
    for one in of(entries, "domain", use):
        yield f"{one.entry.value} IN CNAME {action} ; {one.id}"
        yield f"*.{one.entry.value} IN CNAME {action}"
    for one in of(entries, "address", use):
        yield f"{trigger(ip_address(one.entry.value))} IN CNAME {action} ; {one.id}"


def trigger(address: IPv4Address | IPv6Address) -> str:
    """`32.7.2.0.192.rpz-ip`: the owner name that answers holding this address are caught by."""
    if address.version == 4:
        return f"32.{'.'.join(reversed(str(address).split('.')))}.rpz-ip"
    return f"128.{_groups(address)}.rpz-ip"


def _groups(address: IPv6Address | IPv4Address) -> str:
    """The eight groups backwards, the longest run of zeros as `zz`, which BIND insists on."""
    head, found, tail = str(address).partition("::")
    left, right = [part.split(":") if part else [] for part in (head, tail)]
    groups = [*left, *(["zz"] if found else []), *right]
    return ".".join(reversed(groups))

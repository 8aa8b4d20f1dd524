"""What a file of segments says: who belongs where, what may flow, what must not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
ANY, EXTERNAL = "any", "external"
# RFC 1918, 6598, 4193, 3927, 5771, 4291: what is never the Internet.
INTERNAL: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.168.0.0/16", "224.0.0.0/4", "255.255.255.255/32"),
            *("::/127", "fc00::/7", "fe80::/10", "ff00::/8"),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Ports:
    """`tcp/443`, `tcp/8000-8010`, `udp` or `icmp`: ports of one protocol, both ends included."""

    protocol: str
    first: int = 0
    last: int = 65535

    def hold(self, protocol: str, port: int | None) -> bool:
        """Whether a flow to this port is meant; one without a port is only by a whole protocol."""
        if protocol != self.protocol:
            return False
        return self.whole or (port is not None and self.first <= port <= self.last)

    @property
    def whole(self) -> bool:
        """Whether every port is meant."""
        return (self.first, self.last) == (0, 65535)


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A name for ranges and hosts; `external` is every address that is nobody's and not private."""

    name: str
    networks: tuple[Network, ...] = ()
    hosts: tuple[str, ...] = ()
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """From where to where, by which ports (none: by all).

    An end is a segment, `any`, or in exceptions a range. Only exceptions have an owner and an expiry.
    """

    name: str
    source: str | Network
    target: str | Network
    ports: tuple[Ports, ...] = ()
    owner: str = ""
    reason: str = ""
    expires: date | None = None

    def expired(self, on: date) -> bool:
        """Whether its last day is over."""
        return self.expires is not None and self.expires < on

    def by(self, protocol: str, port: int | None) -> bool:
        """Whether its ports hold the flow's."""
        return not self.ports or any(one.hold(protocol, port) for one in self.ports)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One end of a flow: its address where it can be read, and the segments it belongs to."""

    address: Address | None
    segments: tuple[str, ...]

    def meets(self, wanted: str | Network) -> bool:
        """Whether a rule that names `wanted` speaks of this end."""
        if isinstance(wanted, str):
            return wanted == ANY or wanted in self.segments
        return self.address is not None and self.address in wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole file."""

    segments: Mapping[str, Segment]
    may: tuple[Rule, ...] = ()
    must_not: tuple[Rule, ...] = ()
    exceptions: tuple[Rule, ...] = ()
    _known: dict[tuple[str, str], End] = field(default_factory=dict, compare=False, repr=False)

    def end(self, address: str, name: str = "") -> End:
        """Where an address belongs; the narrowest range decides, the name only where no range holds it.

        A name is what a log says, and may be what the caller wrote into a request.
        """
        key = (address, name.lower().rstrip("."))
        if key not in self._known:
            self._known[key] = self._end(*key)
        return self._known[key]

    def _end(self, text: str, name: str) -> End:
        address = _address(text)
        if address is not None and (narrowest := self._narrowest(address)):
            return End(address=address, segments=(narrowest,))
        named = [s.name for s in self.segments.values() if name and _named(name, s.hosts)]
        if address is not None and not any(address in network for network in INTERNAL):
            named += [s.name for s in self.segments.values() if s.external]
        return End(address=address, segments=tuple(named))

    def _narrowest(self, address: Address) -> str:
        held = [
            (network.prefixlen, one.name)
            for one in self.segments.values()
            for network in one.networks
            if address in network
        ]
        return max(held)[1] if held else ""


def _named(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.split("%", maxsplit=1)[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found

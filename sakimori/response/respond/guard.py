"""The allow-list guard: what may be blocked, what only watched, and what is spared, each with the reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import urlsplit

from sakimori.detection.indicators.indicator import SYNTHETIC, Indicator
from sakimori.detection.indicators.warning import shared, warned
from sakimori.organisation import Organisation
from sakimori.response.respond.entry import Entry, parsed
from sakimori.response.sentences import Sentence, Term, sentence

Network = IPv4Network | IPv6Network
BLOCK, WATCH, SPARED = "block", "watch", "spared"

_LISTS = tomllib.loads(files(__package__).joinpath("spared.toml").read_text("utf-8"))
_DELIVERY = tuple((one["name"], ip_network(text)) for one in _LISTS["delivery"] for text in one["ranges"])
_PLATFORMS = frozenset(_LISTS["platforms"]["names"])
_REGISTRIES = frozenset(_LISTS["registries"]["names"])
# RFC 5737 and RFC 3849: nobody's, so that blocking them harms nobody; exercises are written with them.
_EXERCISES = tuple(
    ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)


# https://www.iana.org/assignments/special-use-domain-names and what routers and directories give out.
_HOUSEHOLD_NAMES = frozenset(
    {"local", "localhost", "localdomain", "internal", "intranet", "lan", "corp", "home"}
)
_REVERSE = (".in-addr.arpa", ".ip6.arpa", "home.arpa")


@dataclass(frozen=True, slots=True)
class Verdict:
    """BLOCK, WATCH or SPARED; `because` says why it is not BLOCK.

    `wide` is true where only the whole is too much, so that one exact link on it may be blocked.
    """

    use: str
    because: Sentence | None = None
    wide: bool = False


_FREE = Verdict(BLOCK)
_OURS = Verdict(SPARED, sentence("org.yml names it as your own."))
_ABOVE_OURS = Verdict(SPARED, sentence("A name of your own lies below it."))
_RESOLVER = Verdict(SPARED, sentence("It is a public resolver."))
_INNER = Verdict(SPARED, sentence("Every network has this address, or none."))
_HOUSEHOLD = Verdict(SPARED, sentence("Names like this are given inside of houses."))
_REGISTRY = Verdict(SPARED, sentence("Registries sell names below it."))
_EMPTY = Verdict(SPARED, sentence("It is the hash of an empty file."))
_EVERYBODYS = Verdict(SPARED, sentence("Everybody goes there."), wide=True)
_GIVES_NAMES = Verdict(SPARED, sentence("Anybody gets a name below it."), wide=True)
_PLATFORM = Verdict(
    WATCH, sentence("It is a place at a service you may use yourself; block the link."), wide=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What is the organisation's own: names with all below them, and ranges."""

    names: frozenset[str] = frozenset()
    ranges: tuple[Network, ...] = ()

    def __or__(self, other: Own) -> Own:
        return Own(names=self.names | other.names, ranges=tuple(dict.fromkeys((*self.ranges, *other.ranges))))


def own_of(organisation: Organisation) -> Own:
    """The own things an `org.yml` names: domains, ways out, scanners, service providers, assets."""
    texts = (
        *organisation.domains,
        *organisation.scanners,
        *organisation.service_providers,
        *(asset.name for asset in organisation.assets),
    )
    ranges = [*organisation.egress]
    names = []
    for text in texts:
        try:
            ranges.append(ip_network(text, strict=False))
        except ValueError:
            names.append(text.lower().removeprefix("*.").strip("."))
    return Own(names=frozenset(name for name in names if "." in name), ranges=tuple(ranges))


class Guard:
    """Judges entries for one house."""

    def __init__(self, own: Own) -> None:
        self._own = own

    def judge(self, one: Entry) -> Verdict:
        """What may be done about it."""
        if one.type == "address":
            return self._address(parsed(one.value))
        if one.type == "domain":
            return self._domain(one.value)
        return self._link(one) if one.type == "url" else _hash(one)

    def _address(self, address: IPv4Address | IPv6Address) -> Verdict:
        if _within(address, self._own.ranges):
            return _OURS
        if _within(address, _EXERCISES):
            return _FREE
        why = warned(Indicator(type="address", value=str(address), tags=(SYNTHETIC,)))
        if why:
            return _RESOLVER if why == "it is a public resolver" else _INNER
        carrier = next((name for name, network in _DELIVERY if _within(address, (network,))), "")
        if not carrier:
            return _FREE
        return Verdict(WATCH, sentence("Many sites stand behind {name}.", name=Term(carrier)), wide=True)

    def _domain(self, name: str) -> Verdict:
        if any(name == own or below(name, own) for own in self._own.names):
            return _OURS
        if name.rpartition(".")[2] in _HOUSEHOLD_NAMES or name.endswith(_REVERSE):
            return _HOUSEHOLD
        if name in _REGISTRIES:
            return _REGISTRY
        if any(below(own, name) for own in self._own.names):
            return _ABOVE_OURS
        if name in _PLATFORMS or (_shares(f"x.{name}") and not _shares(name)):
            return _GIVES_NAMES
        if any(below(name, platform) for platform in _PLATFORMS):
            return _PLATFORM
        if _shares(name):
            return _FREE
        return _EVERYBODYS if any(map(_everybodys, _above(name))) else _FREE

    def _link(self, one: Entry) -> Verdict:
        try:
            judged = self._address(parsed(one.host))
        except ValueError:
            judged = self._domain(one.host)
        parts = urlsplit(one.value)
        exact = len(parts.path.strip("/")) > 1 or parts.query
        return _FREE if exact and judged.wide else judged


def below(name: str, above: str) -> bool:
    """Whether a name lies below another."""
    return name.endswith(f".{above}")


def _above(name: str) -> Sequence[str]:
    labels = name.split(".")
    return [".".join(labels[at:]) for at in range(len(labels) - 1)]


def _everybodys(name: str) -> bool:
    return bool(warned(Indicator(type="domain", value=name, tags=(SYNTHETIC,))))


def _shares(name: str) -> bool:
    return bool(shared("domain", name))


def _hash(one: Entry) -> Verdict:
    return _EMPTY if warned(Indicator(type="hash", value=one.value)) else _FREE


def _within(address: IPv4Address | IPv6Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)

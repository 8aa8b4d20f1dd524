"""What is never looked for, because everybody meets it: inner addresses, public resolvers, known names."""

from __future__ import annotations

import ipaddress
import tomllib
from functools import lru_cache
from importlib.resources import files

from sakimori.detection.indicators.indicator import SHARED, SYNTHETIC, Indicator

_LISTS = tomllib.loads(files(__package__).joinpath("warning.toml").read_text("utf-8"))
_DOCUMENTATION = tuple(
    ipaddress.ip_network(text)
    # RFC 5737 and RFC 3849
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
)
_RESOLVERS = frozenset(_LISTS["resolvers"])
_WIDESPREAD = frozenset(_LISTS["widespread"])
_SHARING = tuple(_LISTS["sharing"])
_UNDER_SHARING = tuple(f".{name}" for name in _SHARING)
_RESERVED = ("example.com", "example.net", "example.org", "example", "test", "invalid", "localhost", "local")
_UNDER_RESERVED = tuple(f".{name}" for name in _RESERVED)
_NOTHING = frozenset(
    {  # hashes of no bytes at all
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }
)


def warned(one: Indicator) -> str:
    """Why this is never looked for; empty where nothing speaks against it."""
    judge = _JUDGES.get(one.type)
    return judge(one.value, SYNTHETIC in one.tags) if judge else ""


def shared(type_: str, value: str) -> tuple[str, ...]:
    """The tag `shared hosting` for names under a service where anybody gets a name."""
    under = type_ in ("domain", "url") and _host(value).endswith(_UNDER_SHARING)
    return (SHARED,) if under else ()


def _host(value: str) -> str:
    return value.rpartition("://")[2].partition("/")[0].partition(":")[0]


def _hash(value: str, synthetic: bool) -> str:
    return "it is the hash of an empty file" if value in _NOTHING else ""


def _domain(value: str, synthetic: bool) -> str:
    if value in _WIDESPREAD:
        return "everybody goes there"
    reserved = value in _RESERVED or value.endswith(_UNDER_RESERVED)
    return "the name is reserved for examples or for the house" if reserved and not synthetic else ""


def _url(value: str, synthetic: bool) -> str:
    host = _host(value)
    if not _is_address(host):
        return "" if host in _WIDESPREAD else _domain(host, synthetic)
    return _address(host, synthetic)


@lru_cache(maxsize=4096)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _address(value: str, synthetic: bool) -> str:
    if value in _RESOLVERS:
        return "it is a public resolver"
    network = ipaddress.ip_network(value)
    if any(network.overlaps(n) for n in _DOCUMENTATION if n.version == network.version):
        return "" if synthetic else "the address is reserved for examples"
    if network.is_private or not network.is_global or network.is_multicast:
        return "every network has this address, or none"
    return ""


def _address_port(value: str, synthetic: bool) -> str:
    return _address(value.rpartition(":")[0].strip("[]"), synthetic)


_JUDGES = {
    "hash": _hash, "domain": _domain, "url": _url, "address": _address, "address_port": _address_port,
}  # fmt: skip

"""What a list may hold: address, name, link or hash, in the one spelling that every consumer understands.

Evidence is hostile, and a feed is configuration of a firewall. So a value is taken apart and put together
again from what its syntax allows; what does not fit is refused, never repaired.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote, urlsplit

from sakimori.detection.indicators.normalising import value_of

TYPES = ("address", "domain", "url", "hash")
# With `*.` before it and the zone's name behind it a name must stay under 255 octets:
# https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
LONGEST_NAME = 200
LONGEST_LINK = 1500
# https://www.rfc-editor.org/rfc/rfc3986#appendix-A: unreserved, sub-delims, and what a path or query adds.
_PATH, _QUERY = "/-._~!$&'()*+,;=:@%", "/?-._~!$&'()*+,;=:@%"
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One value; `type` is one of TYPES, `value` its only spelling."""

    type: str
    value: str

    @property
    def host(self) -> str:
        """The name or address a link leads to; empty for what is no link."""
        return (urlsplit(self.value).hostname or "") if self.type == "url" else ""


def entry(type_: str, text: str) -> Entry:
    """The entry. Raises ValueError, with the reason, for what no list may hold."""
    return Entry(type_, _WRITERS[type_](text))


def parsed(text: str) -> IPv4Address | IPv6Address:
    """The address of `192.0.2.7` or of `tokyo|10.0.0.5`. Raises ValueError where it is none.

    A zone (`fe80::1%eth0`) is refused: Python takes any text for one.
    """
    bare = text.rpartition("|")[2].strip()
    if "%" in bare:
        raise ValueError("an address with a zone means nothing elsewhere")
    address = ip_address(bare)
    return getattr(address, "ipv4_mapped", None) or address


def _address(text: str) -> str:
    return str(parsed(text))


def _domain(text: str) -> str:
    name = value_of("domain", text)
    if len(name) > LONGEST_NAME:
        raise ValueError(f"a name of more than {LONGEST_NAME} characters carries data; list what is above it")
    return name


def _url(text: str) -> str:
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("it is no link of the web")
    host, port = _host(parts.hostname), parts.port
    default = {"http": 80, "https": 443}[parts.scheme]
    query = f"?{_quoted(parts.query, _QUERY)}" if parts.query else ""
    where = f"{host}:{port}" if port and port != default else host
    link = f"{parts.scheme}://{where}{_quoted(parts.path or '/', _PATH)}{query}"
    if len(link) > LONGEST_LINK:
        raise ValueError(f"a link of more than {LONGEST_LINK} characters fits no list")
    return link


def _host(text: str) -> str:
    try:
        address = parsed(text)
    except ValueError:
        return _domain(text)
    return f"[{address}]" if address.version == 6 else str(address)


def _quoted(text: str, safe: str) -> str:
    return quote(_BROKEN_ESCAPE.sub("%25", text), safe=safe)


_WRITERS: Mapping[str, Callable[[str], str]] = {
    "address": _address,
    "domain": _domain,
    "url": _url,
    "hash": partial(value_of, "hash"),
}

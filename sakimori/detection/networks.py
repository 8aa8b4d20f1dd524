"""Addresses and clients as expressions: the network an address is in, a client without its version."""

from __future__ import annotations

from ibis import ifelse, literal
from ibis.expr.types import BooleanValue, StringValue


def network(address: StringValue) -> StringValue:
    """The neighbourhood of an address: the first half of an IPv4 one, the first three groups of an IPv6 one.

    A home line or a telephone changes its address within it; an intruder's server is elsewhere.
    """
    four = address.re_extract(r"^(\d+\.\d+)\.\d+\.\d+$", 1)
    six = address.re_extract(r"^((?:[0-9a-fA-F]*:){3})", 1)
    return ifelse(four != "", four, ifelse(six != "", six, address))


def inner(address: StringValue) -> BooleanValue:
    """Whether every network may give the address out, or it stays on the link: RFC 1918, 6598, 4193, 3927."""
    four = r"^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\."
    return address.re_search(four) | address.re_search(r"^([fF][cdCD]..|[fF][eE][89abAB].|)(:|$)")


def client(user_agent: StringValue) -> StringValue:
    """What a client calls itself without numbers, so that an update makes no other client."""
    return ifelse(user_agent.isnull(), literal("-"), user_agent).re_replace(r"[\d._]+", "#")

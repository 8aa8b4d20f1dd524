"""Approved entries in the words of those who enforce them: one module per consumer, one look for all.

A writer is a function from entries and the moment of publishing to files, `{name: bytes}`; it only formats.
Values come from `respond.entry`, which lets no character through that a consumer could read as syntax of
its own; words of people (owner, reason) stand only where a format can quote them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sakimori.response.feeds.defender import defender
from sakimori.response.feeds.lists import lists
from sakimori.response.feeds.misp import misp
from sakimori.response.feeds.nftables import nftables
from sakimori.response.feeds.published import Published, Stamp
from sakimori.response.feeds.rpz import rpz
from sakimori.response.feeds.squid import squid
from sakimori.response.feeds.stix import stix
from sakimori.response.feeds.suricata import suricata
from sakimori.response.feeds.unbound import unbound

Writer = Callable[[Sequence[Published], Stamp], Mapping[str, bytes]]

FEEDS: Mapping[str, Writer] = {
    "lists": lists,
    "defender": defender,
    "rpz": rpz,
    "suricata": suricata,
    "nftables": nftables,
    "squid": squid,
    "unbound": unbound,
    "stix": stix,
    "misp": misp,
}

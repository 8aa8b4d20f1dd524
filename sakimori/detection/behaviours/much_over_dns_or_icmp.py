"""Bytes that left by ways meant for questions: DNS to a server outside, and ICMP.

https://attack.mitre.org/techniques/T1048/003/ and https://attack.mitre.org/techniques/T1095/
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import MEGABYTE, by_day, outward
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"destination_address": "address"},
    keys=("source_address", "destination_address"),
    records=("network_flow",),
    severity=Severity.MEDIUM,
    techniques=["T1048.003", "T1095"],
    confidence="medium",
    because="{address} sent {megabytes:.1f} MB by {way} to {destination_address} on this day ({count} "
    "connections, {each} bytes each); the next largest of {fleet} machines sent {other:.1f} MB by {way}.",
)
def much_over_dns_or_icmp(
    traffic: Table, *, dns: float = 5.0, icmp: float = 1.0, times: float = 5.0, clients: int = 3
) -> Table:
    """Much was sent by DNS or ICMP to one address outside.

    Sees:   `dns` MB of DNS (port 53) or `icmp` MB of ICMP on a day from a machine to one address outside,
            and `times` what any other machine sends that way in a day.
    Misses: resolvers, which `clients` or more machines ask; DNS over HTTPS; tunnels through the house's own
            resolver, which `dns_tunnel` looks for by their names.
    Next:   is the destination a name server anybody chose, and which program speaks to it?
    """
    way = ibis.cases((_.port == 53, "DNS"), (_.protocol.lower().isin(["icmp", "icmp6", "ipv6-icmp"]), "ICMP"))
    asked = outward(traffic).mutate(way=way).filter(_.way.notnull())
    daily = by_day(asked, "destination", "way")
    tops = daily.group_by("source", "way").aggregate(top=_.bytes_out.max())
    order = ibis.window(group_by="way", order_by=[ibis.desc("top"), "source"])
    ranked = tops.mutate(rank=ibis.row_number().over(order), second=_.top.lead().over(order))
    first = ranked.filter(_.rank == 0).select("way", first="source", second=_.second.fill_null(0))
    largest = ranked.filter(_.rank == 0).select("way", largest="top")
    told = daily.join(first, "way").join(largest, "way")
    told = told.mutate(most=ibis.ifelse(_.source == _.first, _.second, _.largest))
    fleet = asked.group_by("way").aggregate(fleet=_.source.nunique())
    least = ibis.ifelse(_.way == "DNS", dns, icmp) * MEGABYTE
    much = told.filter(_.bytes_out >= least, _.bytes_out >= times * _.most).join(fleet, "way")
    found = much.anti_join(_resolvers(traffic, clients), "source")
    return found.select(
        "way", "fleet", "count", "first_seen", "last_seen",
        address="source", source_address="source", destination_address="destination",
        megabytes=_.bytes_out / MEGABYTE, other=_.most / MEGABYTE, each=_.bytes_out // _["count"],
    )  # fmt: skip


def _resolvers(traffic: Table, clients: int) -> Table:
    asked = traffic.filter(_.direction == "internal", _.port == 53)
    return asked.group_by(source=_.destination).aggregate(n=_.source.nunique()).filter(_.n >= clients)

"""A machine administers another for the first time: https://attack.mitre.org/techniques/T1021/"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.administration import edges, firsts, there_since, weighed
from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import DAY, span_of
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"destination_address": "address"},
    keys=("source_address", "destination_address", "destination_port"),
    records=("network_flow",),
    severity=Severity.LOW,
    techniques=["T1021"],
    confidence="low",
    because="{address} reached {destination_address} by {means} (port {destination_port}) for the first "
    "time on {first_seen}, {count} connections; in {days} days before, {address} reached {others} other "
    "machines by {means}, and {clients} machines reached {destination_address} so.",
)
def new_administration_edge(traffic: Table, *, settled: float = 3.0, hub: int = 5, clients: int = 3) -> Table:
    """A machine reached another by a port of administration that it never used there before.

    Sees:   SMB, RDP, WinRM, SSH, WMI, VNC or a database between own machines that both were there a day
            before, for the first time after `settled` days of evidence; connections that were answered.
    Misses: jump hosts, scanners, monitoring and backup, which reach `hub` or more machines by it already
            (or are named in org.yml); what `clients` or more machines use on that server; machines that are
            themselves new; evidence shorter than `settled` days (the records cannot tell).
    Next:   who was signed in at the source, is it their work, and what was started on the other machine?
    """
    found = edges(traffic).filter(_.first_seen == _.ever).cross_join(span_of(traffic))
    found = found.mutate(unclear=_.end - _.begin < settled * DAY, days=(_.first_seen - _.begin) // DAY)
    there = there_since(traffic)
    found = found.join(there.select(source="seen", came="there"), "source")
    found = found.join(there.select(destination="seen", stood="there"), "destination")
    known = (_.first_seen - _.came >= DAY) & (_.first_seen - _.stood >= DAY)
    late = known & (_.first_seen - _.begin >= settled * DAY)
    told = weighed(found.filter(late | _.unclear), firsts(traffic))
    return told.filter(_.unclear | ((_.others < hub) & (_.clients < clients))).select(
        "means", "days", "others", "clients", "count", "first_seen", "last_seen", "unclear",
        address="source", source_address="source", destination_address="destination",
        destination_port="port",
    )  # fmt: skip

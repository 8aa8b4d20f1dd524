"""From one machine to a second, and from there to a third: https://attack.mitre.org/techniques/T1021/"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.administration import edges, firsts, weighed
from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import HOUR, span_of
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"destination_address": "address", "origin": "address"},
    keys=("source_address", "destination_address", "destination_port"),
    records=("network_flow",),
    severity=Severity.MEDIUM,
    techniques=["T1021", "T1570"],
    confidence="medium",
    because="{origin} reached {address} by {came_by} for the first time, and {hours:.1f} hours later "
    "{address} reached {destination_address} by {means} (port {destination_port}), which it never did "
    "before, either.",
)
def administration_chain(
    traffic: Table, *, within: float = 72.0, learning: float = 0.3, hub: int = 5, clients: int = 3
) -> Table:
    """A machine that was just reached for the first time reached a third one for the first time.

    Sees:   two new ways by SMB, RDP, WinRM, SSH, WMI, VNC or a database, the second from where the first
            arrived, at most `within` hours after it, when `learning` of the evidence is over.
    Misses: chains along ways in use; machines that reach `hub` or more others by these means already,
            servers that `clients` or more machines use; longer pauses; hops without an answered connection.
    Next:   one account or several, what was started on the machine in the middle, and whose was the first?
    """
    fresh = edges(traffic).filter(_.first_seen == _.ever).cross_join(span_of(traffic))
    fresh = fresh.filter(_.first_seen - _.begin >= learning * (_.end - _.begin))
    fresh = weighed(fresh, firsts(traffic)).filter(_.others < hub, _.clients < clients)
    first = fresh.select(origin="source", source="destination", came_by="means", came="first_seen")
    both = fresh.join(first, "source").filter(_.first_seen >= _.came, _.first_seen - _.came <= within * HOUR)
    both = both.filter(_.origin != _.destination)
    # Where several arrived in time, the last one stands for them.
    last = both.group_by("source", "destination", "means", "day").aggregate(latest=_.came.max())
    told = both.join(last, ["source", "destination", "means", "day"]).filter(_.came == _.latest)
    told = told.group_by("source", "destination", "means", "day").aggregate(
        origin=_.origin.min(), came_by=_.came_by.min(), came=_.came.max(), destination_port=_.port.min(),
        count=_["count"].max(), first_seen=_.first_seen.min(), last_seen=_.last_seen.max(),
    )  # fmt: skip
    return told.select(
        "origin", "came_by", "means", "destination_port", "count", "first_seen", "last_seen",
        address="source", source_address="source", destination_address="destination",
        hours=(_.first_seen - _.came) / HOUR,
    )  # fmt: skip

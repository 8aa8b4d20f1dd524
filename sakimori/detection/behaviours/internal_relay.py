"""What comes into a machine leaves it again: https://attack.mitre.org/techniques/T1090/001/"""

from __future__ import annotations

from ibis import Table, _
from ibis.expr.types import IntegerColumn

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import HOUR, MEGABYTE, megabytes
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"destination_address": "address", "origin": "address"},
    keys=("source_address", "destination_address", "destination_port"),
    records=("network_flow",),
    severity=Severity.MEDIUM,
    techniques=["T1090.001"],
    confidence="medium",
    because="What {origin} exchanged with {address} on port {entrance}, {address} exchanged with "
    "{destination_address} on port {destination_port}: in {hours} hours the bytes were the same both ways, "
    "{passed} MB in all; {clients} machines use that entrance.",
)
def internal_relay(
    traffic: Table,
    *,
    hours: int = 3,
    least: float = 0.05,
    large: int = 10,
    apart: float = 0.05,
    clients: int = 2,
) -> Table:
    """A machine passed on to another what a third exchanged with it.

    Sees:   in `hours` or more hours (or one with `large` MB or more) the bytes in and out between an own
            machine and this one are those between this one and a third, within `apart` and `least` MB or
            more; at most `clients` machines use the entrance.
    Misses: relays that change or hold back what passes; many callers mixed in one way out; proxies and load
            balancers, which many use; hours in which other talk between the same two outweighs it.
    Next:   which program listens on the entrance, who set it up, and what is behind its way out?
    """
    within = traffic.filter(_.direction == "internal")
    ways = within.group_by("destination", "port", "source").aggregate(n=_.count())
    used = ways.group_by("destination", "port").aggregate(clients=_.count()).filter(_.clients <= clients)
    entered = _by_hour(within.semi_join(used, ["destination", "port"]), least).join(
        used, ["destination", "port"]
    )
    entered = entered.select(
        "hour", "clients", origin="source", source="destination", entrance="port",
        sent="bytes_out", back="bytes_in",
    )  # fmt: skip
    counted = _by_hour(
        traffic.filter(_.direction.isin(["internal", "outbound"])).semi_join(entered, "source"), least
    )
    both = counted.join(entered, ["source", "hour"]).filter(_.origin != _.destination)
    same = both.filter(_alike(_.bytes_out, _.sent, apart), _alike(_.bytes_in, _.back, apart))
    sums = same.group_by("source", "destination", "port", "origin", "entrance", "clients").aggregate(
        hours=_.hour.nunique(), bytes=(_.bytes_out + _.bytes_in).sum(), count=_["count"].sum(),
        first_seen=_.first_seen.min(), last_seen=_.last_seen.max(),
    )  # fmt: skip
    found = sums.filter((_.hours >= hours) | (_.bytes >= large * MEGABYTE))
    return found.select(
        "origin", "entrance", "clients", "hours", "count", "first_seen", "last_seen",
        address="source", source_address="source", destination_address="destination",
        destination_port="port", passed=megabytes(_.bytes),
    )  # fmt: skip


def _by_hour(traffic: Table, least: float) -> Table:
    """Per source, destination, port and hour of the clock the bytes each way, where they are enough."""
    sums = traffic.group_by("source", "destination", "port", hour=_.clock // HOUR).aggregate(
        bytes_out=_.bytes_out.fill_null(0).sum(), bytes_in=_.bytes_in.fill_null(0).sum(), count=_.flows.sum(),
        first_seen=_.clock.min(), last_seen=_.last_seen.max(),
    )  # fmt: skip
    return sums.filter(_.bytes_out + _.bytes_in >= least * MEGABYTE)


def _alike(one: IntegerColumn, other: IntegerColumn, apart: float) -> object:
    """Within a part of the larger; a kilobyte apart is none: headers differ."""
    distance = (one - other).abs()
    return (distance <= apart * one) | (distance <= 1000)

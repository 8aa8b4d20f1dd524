"""A server began a connection to an address nobody here has called before.

https://attack.mitre.org/techniques/T1071/
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import DAY, HOUR, outward, resolved, span_of, zone_of
from sakimori.detection.networks import network
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"destination_address": "address"},
    keys=("source_address", "destination_address"),
    records=("network_flow",),
    severity=Severity.MEDIUM,
    techniques=["T1071", "T1041"],
    confidence="medium",
    because="{address}, which {clients} machines use and which speaks in {hours} hours of a day, called "
    "{destination_address} on port {port} for the first time on {first_seen} ({count} connections, {bytes} "
    "bytes sent; name: {name}); in {days} days before nobody here did, and the server called new ones on "
    "{restless} of them.",
)
def server_called_new_address(
    traffic: Table,
    dns_query: Table,
    *,
    clients: int = 3,
    awake: int = 16,
    settled: float = 3.0,
    restless: float = 0.25,
    few: int = 3,
) -> Table:
    """A server called an address outside that nobody in the house had called before.

    Sees:   one connection is enough. A server is whom `clients` or more own machines call, whom anyone from
            outside reaches, or who speaks in `awake` or more hours of a day. No own machine called the
            address until then, nor asked for a name in its domain; where no name is known, its network
            (half an IPv4 address) must be new, too. At most `few` such addresses are new to the server that
            day.
    Misses: proxies, resolvers, mail relays and browsing servers, which meet new addresses on more than
            `restless` of their days; the first `settled` days; what hides in a domain or network in use.
    Next:   which program called, was something installed or updated, and what came back?
    """
    servers = _serving(traffic, clients, awake)
    span = span_of(traffic)
    news = _strange(traffic, dns_query, servers).cross_join(span)
    news = news.mutate(days=(_.first_seen - _.begin) // DAY)
    later = news.filter(_.first_seen - _.begin >= DAY)
    meets = later.group_by("source", "day").aggregate(new=_.destination.nunique())
    habit = meets.group_by("source").aggregate(restless=_.count())
    late = news.filter(_.first_seen - _.begin >= settled * DAY).join(servers, "source")
    late = late.filter(_.since < _.first_seen)
    found = late.join(meets, ["source", "day"]).join(habit, "source")
    # The day itself is one of those on which it met something new.
    found = found.mutate(restless=_.restless - 1).filter(_.new <= few, _.restless <= restless * _.days)
    return found.select(
        "port", "clients", "hours", "bytes", "days", "restless", "name", "count", "first_seen", "last_seen",
        address="source", source_address="source", destination_address="destination",
    )  # fmt: skip


def _strange(traffic: Table, dns_query: Table, servers: Table) -> Table:
    """Per server, destination, port and day: calls to what nobody in the house had called or asked for."""
    ever = outward(traffic).group_by("destination").aggregate(ever=_.clock.min())
    ever = ever.mutate(near=network(_.destination))
    near = ever.group_by("near").aggregate(about=_.ever.min())
    calls = outward(traffic).semi_join(servers, "source").join(ever, "destination")
    # Only what is called on the day on which the house first called it can be new.
    calls = calls.mutate(day=_.clock // DAY).filter(_.day == _.ever // DAY)
    pairs = calls.group_by("source", "destination", "port", "near", "day", "ever").aggregate(
        count=_.flows.sum(), bytes=_.bytes_out.fill_null(0).sum(), first_seen=_.clock.min(),
        last_seen=_.last_seen.max(),
    )  # fmt: skip
    first = pairs.filter(_.first_seen == _.ever).join(near, "near")
    names = resolved(dns_query).group_by("source", "address").aggregate(name=_.name.min())
    named = first.left_join(names, [first.source == names.source, first.destination == names.address])
    named = named.drop("source_right", "address").mutate(zone=zone_of(_.name))
    asked = dns_query.filter(_.query.notnull()).group_by("query").aggregate(first=_.clock.min())
    asked = asked.group_by(zone=zone_of(_.query)).aggregate(first=_.first.min())
    told = named.left_join(asked, "zone").drop("zone_right")
    # A name is asked for just before it is called for the first time.
    known = ibis.ifelse(_.name.notnull(), _.first < _.first_seen - HOUR, _.about < _.first_seen)
    return told.filter(~known.fill_null(False))


def _serving(traffic: Table, clients: int, awake: int) -> Table:
    """Servers: own ones that call each, and hours a day in which it speaks."""
    called = traffic.filter(_.direction.isin(["internal", "inbound"]), _.reached > 0, _.port < 49152)
    pairs = called.filter((_.direction == "internal") | (_.bytes_in > 0))
    pairs = pairs.group_by("destination", "port", "direction", "source").aggregate(n=_.count())
    ports = pairs.group_by("destination", "port", "direction").aggregate(callers=_.count())
    served = ports.group_by(whom=_.destination).aggregate(
        clients=_.callers.max(where=_.direction == "internal"),
        outside=_.callers.max(where=_.direction == "inbound"),
    )
    own = traffic.filter(_.direction.isin(["internal", "outbound"]))
    hours = own.group_by("source", hour=_.clock // HOUR).aggregate(since=_.clock.min())
    days = hours.group_by("source", day=_.hour // 24).aggregate(hours=_.count(), since=_.since.min())
    spoken = days.group_by("source").aggregate(hours=_.hours.mean(), since=_.since.min())
    told = spoken.left_join(served, spoken.source == served.whom)
    told = told.select(
        "source", "since", clients=_.clients.fill_null(0), outside=_.outside.fill_null(0),
        hours=_.hours.round(0).cast("int64"),
    )  # fmt: skip
    return told.filter((_.clients >= clients) | (_.outside > 0) | (_.hours >= awake))

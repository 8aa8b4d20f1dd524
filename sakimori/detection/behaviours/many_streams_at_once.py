"""One machine pushed data through many connections at once.

https://attack.mitre.org/techniques/T1030/; the idea of summing streams is that of
https://github.com/salesforce/multithreaded-exfil-detection (archived)
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import DAY, MEGABYTE, megabytes
from sakimori.detection.networks import inner
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"destination_address": "address"},
    keys=("source_address", "destination_address"),
    severity=Severity.MEDIUM,
    techniques=["T1030", "T1041"],
    confidence="medium",
    because="{address} sent {sent} MB to {destination_address} over up to {streams} connections that were "
    "open at the same time ({count} in all); {hosts} machines send to it.",
)
def many_streams_at_once(
    network_flow: Table, *, streams: int = 5, floor: int = 50, each: int = 1, few: int = 2
) -> Table:
    """Much was sent to one address through many connections at once.

    Sees:   `streams` or more connections to one address outside, open at the same time, each with `each` MB
            or more sent and more sent than fetched, `floor` MB in all on a day, by at most `few` machines.
    Misses: logs without the length of a connection; streams to many addresses; what many machines send to.
    Next:   which program sent, is it a backup or a synchronisation somebody set up, and what was sent?
    """
    large = network_flow.filter(
        _.bytes_out >= each * MEGABYTE, _.duration.notnull(), _.clock.notnull(),
        _.bytes_out > _.bytes_in.fill_null(0), _.destination_address.notnull(), _.source_address.notnull(),
    )  # fmt: skip
    large = large.filter(~inner(_.destination_address), inner(_.source_address) | (_.direction == "outbound"))
    flows = large.mutate(day=_.clock // DAY, closed=_.clock + (_.duration * MEGABYTE).cast("int64"))
    pair = ["source_address", "destination_address", "day"]
    open_at = flows.select(*pair, at="clock", step=ibis.literal(1, "int64"))
    edges = open_at.union(flows.select(*pair, at="closed", step=ibis.literal(-1, "int64")))
    # At one moment those that end are counted before those that begin.
    running = ibis.window(group_by=pair, order_by=["at", "step"], preceding=None, following=0)
    most = edges.mutate(streams=_.step.sum().over(running)).group_by(*pair).aggregate(streams=_.streams.max())
    sums = flows.group_by(*pair).aggregate(
        bytes=_.bytes_out.sum(), count=_.count(), first_seen=_.clock.min(), last_seen=_.clock.max()
    )
    spread = flows.group_by("destination_address").aggregate(hosts=_.source_address.nunique())
    found = sums.join(most, pair).join(spread, "destination_address")
    found = found.filter(_.streams >= streams, _.bytes >= floor * MEGABYTE, _.hosts <= few)
    return found.select(
        "source_address", "destination_address", "streams", "hosts", "count", "first_seen", "last_seen",
        address="source_address", sent=megabytes(_.bytes),
    )  # fmt: skip

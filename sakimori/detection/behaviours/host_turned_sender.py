"""A machine that fetches turned into one that sends.

The ratio of producer and consumer, (out - in) / (out + in): https://qosient.com/argus/presentations/Argus.FloCon.2014.PCR.Presentation.pdf
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import MEGABYTE, by_day, median, megabytes, most_to, outward
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"destination_address": "address"},
    keys=("source_address", "destination_address"),
    records=("network_flow",),
    severity=Severity.LOW,
    techniques=["T1048", "T1041"],
    confidence="medium",
    because="{address} sent {sent} MB out on this day and fetched {fetched} MB (ratio {ratio:+.2f}); on the "
    "{days} days it is seen it fetches (median {usual:+.2f}). Most went to {destination_address}.",
)
def host_turned_sender(
    traffic: Table, *, days: int = 5, floor: int = 20, fetching: float = -0.2, sending: float = 0.3
) -> Table:
    """A machine that fetches on its other days sent more than it fetched.

    Sees:   `floor` MB or more sent outside on a day on which the ratio of what was sent and fetched is
            `sending` or more, by a machine whose median day is `fetching` or less.
    Misses: machines that always send (backup, mail, web servers); fewer than `days` days (the records
            cannot tell); theft hidden in as much fetching; logs without bytes in both directions.
    Next:   what is the destination, is it a backup or a meeting, and what did the machine read before?
    """
    counted = outward(traffic).filter(_.bytes_out.notnull(), _.bytes_in.notnull())
    daily = by_day(counted).filter(_.bytes_out + _.bytes_in > 0)
    daily = daily.mutate(ratio=(_.bytes_out - _.bytes_in) / (_.bytes_out + _.bytes_in))
    usual = median(daily, ["source"], "ratio", "usual")
    known = daily.group_by("source").aggregate(days=_.count())
    told = daily.join(usual, "source").join(known, "source")
    turned = told.filter(
        _.bytes_out >= floor * MEGABYTE, _.ratio >= sending, (_.usual <= fetching) | (_.days < days)
    )
    found = turned.join(most_to(counted, turned), ["source", "day"]).mutate(unclear=_.days < days)
    return found.select(
        "ratio", "usual", "days", "count", "first_seen", "last_seen", "unclear",
        address="source", source_address="source", destination_address="destination",
        sent=megabytes(_.bytes_out), fetched=megabytes(_.bytes_in),
    )  # fmt: skip

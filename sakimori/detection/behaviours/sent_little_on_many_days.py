"""Little by little, much left the house to one place.

https://attack.mitre.org/techniques/T1030/ and https://attack.mitre.org/techniques/T1029/
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import MEGABYTE, by_day, megabytes, outward, span_of
from sakimori.findings import Severity


@behaviour(
    subject="address",
    also={"destination_address": "address"},
    keys=("source_address", "destination_address"),
    records=("network_flow",),
    severity=Severity.LOW,
    techniques=["T1030", "T1029"],
    confidence="low",
    because="{address} sent {sent} MB to {destination_address} over {days} days, at most {largest} MB on "
    "any of them, and fetched {fetched} MB; {hosts} of {fleet} machines send to it.",
)
def sent_little_on_many_days(
    traffic: Table, *, days: int = 5, floor: int = 100, daily: int = 50, times: float = 3.0, few: int = 2,
    window: int = 30,
) -> Table:  # fmt: skip
    """Much was sent to one address in small daily portions.

    Sees:   `floor` MB or more in all to one address outside, on `days` or more days within `window`, never
            more than `daily` MB on one, `times` as much sent as fetched, by at most `few` machines.
    Misses: destinations that change their address; what many machines send to (backup, telemetry); evidence
            shorter than `days` days; much on one day, which another behaviour sees.
    Next:   whose is the destination, which program sends, and when did it begin?
    """
    portions = by_day(outward(traffic), "destination").cross_join(span_of(traffic))
    recent = portions.filter(_.bytes_out > 0, (_.end // 86_400_000_000) - _.day < window)
    sums = recent.group_by("source", "destination", "fleet").aggregate(
        bytes=_.bytes_out.sum(), back=_.bytes_in.sum(), top=_.bytes_out.max(), days=_.day.nunique(),
        count=_["count"].sum(), first_seen=_.first_seen.min(), last_seen=_.last_seen.max(),
    )  # fmt: skip
    spread = recent.group_by("destination").aggregate(hosts=_.source.nunique())
    found = sums.join(spread, "destination").filter(
        _.days >= days, _.bytes >= floor * MEGABYTE, _.top <= daily * MEGABYTE, _.bytes >= times * _.back,
        _.hosts <= few,
    )  # fmt: skip
    return found.select(
        "days", "hosts", "fleet", "count", "first_seen", "last_seen",
        address="source", source_address="source", destination_address="destination",
        sent=megabytes(_.bytes), fetched=megabytes(_.back), largest=megabytes(_.top),
    )  # fmt: skip

"""Little by little, much left the house to one place.

https://attack.mitre.org/techniques/T1030/ and https://attack.mitre.org/techniques/T1029/
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import DAY, MEGABYTE, by_day, megabytes, outward, span_of
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
    span = span_of(traffic)
    calls = outward(traffic).filter(_.bytes_out > 0).cross_join(span)
    calls = calls.filter(_.end // DAY - _.clock // DAY < window)
    # Whole sums are cheap; days are looked at only where these are large enough, and few send there.
    pairs = calls.group_by("source", "destination").aggregate(bytes=_.bytes_out.sum())
    large = pairs.filter(_.bytes >= floor * MEGABYTE)
    few_send = (
        calls.semi_join(large, "destination").group_by("destination").aggregate(hosts=_.source.nunique())
    )
    chosen = large.join(few_send.filter(_.hosts <= few), "destination").select(
        "source", "destination", "hosts"
    )
    portions = by_day(calls.semi_join(chosen, ["source", "destination"]), "destination")
    sums = portions.group_by("source", "destination").aggregate(
        bytes=_.bytes_out.sum(), back=_.bytes_in.sum(), top=_.bytes_out.max(), days=_.day.nunique(),
        count=_["count"].sum(), first_seen=_.first_seen.min(), last_seen=_.last_seen.max(),
    )  # fmt: skip
    sums = sums.join(chosen, ["source", "destination"]).cross_join(span)
    found = sums.filter(
        _.days >= days, _.bytes >= floor * MEGABYTE, _.top <= daily * MEGABYTE, _.bytes >= times * _.back
    )
    return found.select(
        "days", "hosts", "fleet", "count", "first_seen", "last_seen",
        address="source", source_address="source", destination_address="destination",
        sent=megabytes(_.bytes), fetched=megabytes(_.back), largest=megabytes(_.top),
    )  # fmt: skip

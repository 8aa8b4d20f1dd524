"""More bytes left a machine on a day than it ever sends.

https://attack.mitre.org/techniques/T1048/ and https://attack.mitre.org/techniques/T1041/; robust deviations
after Iglewicz and Hoaglin, https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import CONSISTENT, MEGABYTE, by_day, median, megabytes, most_to, outward
from sakimori.findings import Severity

# In natural logarithms: a machine whose days differ less than a seventh is taken to differ that much.
_LEAST = 0.15


@behaviour(
    subject="address",
    also={"destination_address": "address"},
    keys=("source_address", "destination_address"),
    records=("network_flow",),
    severity=Severity.MEDIUM,
    techniques=["T1048", "T1041"],
    confidence="medium",
    because="{address} sent {sent} MB out on this day; on the {days} days it is seen the median is {usual} "
    "MB ({deviations:.1f} robust deviations). Most of it, {most} MB, went to {destination_address}.",
)
def host_sent_far_more_than_usual(
    traffic: Table, *, days: int = 5, floor: int = 50, times: float = 5.0, deviations: float = 5.0
) -> Table:
    """A machine sent far more out of the house than on its other days.

    Sees:   a day's bytes to addresses outside, `floor` MB or more, at least `times` the machine's median
            day and `deviations` robust deviations (median and median deviation of logarithms) above it.
    Misses: machines seen on fewer than `days` days (the records cannot tell); theft spread over most days;
            what leaves through a proxy, which is the proxy's; sampled and truncated logs count too little.
    Next:   what is the destination, which program sent, and what did the machine read or pack before?
    """
    daily = by_day(outward(traffic)).mutate(size=(_.bytes_out + 1).cast("float64").ln())
    usual = median(daily, ["source"], "size", "middle")
    apart = daily.join(usual, "source").mutate(distance=(_.size - _.middle).abs())
    spread = median(apart, ["source"], "distance", "wide")
    known = daily.group_by("source").aggregate(days=_.count())
    told = apart.join(spread, "source").join(known, "source")
    wide = ibis.ifelse(_.wide > _LEAST, _.wide, ibis.literal(_LEAST))
    told = told.mutate(deviations=_.distance / (CONSISTENT * wide))
    told = told.mutate(usual=(_.middle.exp() / MEGABYTE).round(1))
    much = told.filter(_.bytes_out >= floor * MEGABYTE)
    odd = much.filter(
        (_.days < days)
        | ((_.size > _.middle) & (_.deviations >= deviations) & (_.bytes_out >= times * _.middle.exp()))
    )
    found = odd.join(most_to(traffic, odd), ["source", "day"]).mutate(unclear=_.days < days)
    return found.select(
        "usual", "days", "deviations", "count", "first_seen", "last_seen",
        "unclear", address="source", source_address="source", destination_address="destination",
        sent=megabytes(_.bytes_out), most=megabytes(_.most),
    )  # fmt: skip

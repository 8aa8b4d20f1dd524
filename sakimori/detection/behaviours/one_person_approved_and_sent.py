"""Two pairs of eyes that are one: https://attack.mitre.org/techniques/T1078/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.money import DAY, HOUR, ROW, agrees, at, kept, pairs
from sakimori.findings import Severity


@behaviour(
    subject="account",
    also={"service": "service"},
    keys=("system", "reference"),
    severity=Severity.MEDIUM,
    techniques=["T1657", "T1078"],
    confidence="medium",
    because="{account} both approved and sent {paid} {currency} to {creditor} under {reference} on "
    "{first_seen}; of this system's payments {share:.0%} are so.",
)
def one_person_approved_and_sent(
    payment: Table, *, window: int = 5, zone: int = 14, share: float = 0.2
) -> Table:
    """One account both approved and sent a payment.

    Sees:   payments of which every approval on record is by the account that sent, booked or withdrew it.
    Misses: one person behind two accounts; stages that do not name who; systems in which more than `share` of
            payments are so, where four eyes are not the rule.
    Next:   did the system allow it, and since when? Was the account the person's own session at that time?
    """
    done = kept(at(payment, "sent", "booked", "withdrawn"), payment).filter(_.who.notnull())
    found = pairs(done, at(payment, "approved"), window * DAY, zone * HOUR).filter(agrees())
    found = found.filter(_.other_who.notnull()).mutate(same=(_.who == _.other_who).cast("int64"))
    columns = ["system", "service", "reference", "paid", "currency", "creditor", "account", "clock"]
    each = found.group_by(*ROW, *columns).aggregate(alone=_.same.min())
    shares = each.group_by("service").aggregate(share=_.alone.mean())
    alone = each.filter(_.alone == 1).join(shares, "service").filter(_.share <= share)
    return alone.select(*columns[:-1], "share", count=ibis.literal(1), first_seen=_.clock, last_seen=_.clock)

"""A release that came after the money had gone: https://attack.mitre.org/techniques/T1657/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.money import DAY, HOUR, ROW, agrees, at, kept, pairs
from sakimori.findings import Severity


@behaviour(
    subject="service",
    also={"account": "account", "approver": "account"},
    keys=("system", "reference"),
    severity=Severity.MEDIUM,
    techniques=["T1657"],
    confidence="medium",
    because="{service} has {paid} {currency} to {creditor} under {reference} on {first_seen}; {approver} "
    "approved it only {hours} hours later.",
)
def approved_after_the_fact(payment: Table, *, window: int = 5, zone: int = 14, share: float = 0.2) -> Table:
    """A payment was approved only after it had been sent.

    Sees:   payments whose first approval within `window` days is more than `zone` hours later than they are:
            less may be the time zone of an export.
    Misses: approvals that were late by fewer hours; systems in which more than `share` of payments are
            approved afterwards, as emergencies or by habit.
    Next:   ask the approver what was seen and why then; is it the approver's own session?
    """
    done = kept(at(payment, "sent", "booked", "withdrawn"), payment)
    found = pairs(done, at(payment, "approved"), window * DAY, window * DAY).filter(agrees())
    columns = ["system", "service", "reference", "paid", "currency", "creditor", "account", "clock"]
    each = found.group_by(*ROW, *columns).aggregate(since=_.other_clock.min(), approver=_.other_account.min())
    each = each.mutate(late=(_.since > _.clock + zone * HOUR).cast("int64"))
    shares = each.group_by("service").aggregate(share=_.late.mean())
    late = each.filter(_.late == 1).join(shares, "service").filter(_.share <= share)
    return late.select(
        *columns[:-1],
        "approver",
        hours=(_.since - _.clock) // HOUR,
        count=ibis.literal(1),
        first_seen=_.clock,
        last_seen=_.clock,
    )

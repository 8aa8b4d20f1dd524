"""One reference, two payments: https://attack.mitre.org/techniques/T1565/002/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.money import DAY, HOUR, ROW, agrees, at, kept, paid, pairs
from sakimori.findings import Severity


@behaviour(
    subject="service",
    also={"account": "account"},
    keys=("system", "reference"),
    severity=Severity.HIGH,
    techniques=["T1565.002", "T1657"],
    confidence="medium",
    because="{service} has {reference} as {paid} {currency} to {creditor} on {first_seen}; earlier, as "
    "{earlier}, it was {was} {was_currency} to {was_creditor}.",
)
def payment_changed_on_its_way(
    payment: Table, *, window: int = 5, zone: int = 14, usual: float = 0.5
) -> Table:
    """A payment's amount, currency or creditor is another than when it was approved or booked.

    Sees:   a sent, booked or withdrawn payment of whose reference earlier stages are on record within
            `window` days, none of which agrees with it; what a stage does not say counts as agreeing.
    Misses: stages without a common reference; changes made before the first stage on record. Where fewer than
            `usual` of the system's payments agree (a fee, another way to write accounts), the records cannot
            tell.
    Next:   which of the two does the customer's order say? Then who changed it, in which program?
    """
    done = kept(at(payment, "sent", "withdrawn"), payment)
    earlier = at(payment, "approved", "booked", "requested")
    sent = _changed(pairs(done, earlier, window * DAY, zone * HOUR), usual)
    booked = kept(at(payment, "booked"), payment)
    approved = at(payment, "approved", "requested")
    return sent.union(_changed(pairs(booked, approved, window * DAY, zone * HOUR), usual))


def _changed(found: Table, usual: float) -> Table:
    marked = found.mutate(same=agrees().cast("int64"))
    kept_columns = ["system", "service", "reference", "paid", "currency", "creditor", "account", "clock"]
    each = marked.group_by(*ROW, *kept_columns).aggregate(
        same=_.same.max(),
        earlier=_.other_stage.min(),
        was=_.other_amount.min(),
        was_currency=_.other_unit.min(),
        was_creditor=_.other_to.min(),
    )
    shares = each.group_by("service").aggregate(share=_.same.mean(), payments=_.count())
    odd = each.filter(_.same == 0).join(shares, "service")
    return odd.select(
        *kept_columns[:-1],
        "earlier",
        "was_currency",
        "was_creditor",
        was=paid(odd.was),
        count=ibis.literal(1),
        first_seen=_.clock,
        last_seen=_.clock,
        unclear=_.share < usual,
    )

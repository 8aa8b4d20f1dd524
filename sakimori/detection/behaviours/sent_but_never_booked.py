"""Messages that left while the ledger knows nothing: https://attack.mitre.org/techniques/T1565/001/"""

from __future__ import annotations

from ibis import Table

from sakimori.detection.behaviour import behaviour
from sakimori.detection.money import DAY, at, kept, pairs, said, unmatched
from sakimori.findings import Severity


@behaviour(
    subject="service",
    also={"account": "account"},
    keys=("system", "reference"),
    severity=Severity.HIGH,
    techniques=["T1657", "T1565.001"],
    confidence="medium",
    because="{service} sent {paid} {currency} to {creditor} under {reference} on {first_seen}; the core has "
    "no booking of that reference.",
)
def sent_but_never_booked(
    payment: Table, *, window: int = 5, near: int = 4, lead: int = 24, usual: float = 0.5
) -> Table:
    """A payment message was sent that the core never booked.

    Sees:   sent payments with a reference of which no booking is on record within `window` days before or
            after, and no reversal.
    Misses: bookings the attacker made too; payments without a reference or a time; the edges of the bookings'
            evidence. Where there are no bookings for these days, or on fewer than `usual` of the system's
            days any payment has one, the records cannot tell.
    Next:   stop it at the correspondent bank now; then look for deleted or changed records on the messaging
            server and at what the printer of confirmations printed.
    """
    done = kept(at(payment, "sent"), payment).filter(lambda t: t.ref.notnull())
    booked = at(payment, "booked")
    found = pairs(done, booked, window * DAY, window * DAY)
    return said(unmatched(done, found, booked, near=near, lead=lead, usual=usual))

"""Payments that left without anybody's release: the shape of the theft from Bangladesh Bank.

https://attack.mitre.org/techniques/T1565/002/ and https://attack.mitre.org/techniques/T1657/
"""

from __future__ import annotations

from ibis import Table

from sakimori.detection.behaviour import behaviour
from sakimori.detection.money import DAY, HOUR, at, kept, pairs, said, unmatched
from sakimori.findings import Severity


@behaviour(
    subject="service",
    also={"account": "account"},
    keys=("system", "reference"),
    severity=Severity.HIGH,
    techniques=["T1657", "T1565.002"],
    confidence="medium",
    because="{service} has {paid} {currency} to {creditor} under {reference}, on {first_seen}, and no "
    "approval of that reference is on record in the days before.",
)
def sent_without_approval(
    payment: Table, *, window: int = 5, zone: int = 14, near: int = 4, lead: int = 24, usual: float = 0.5
) -> Table:
    """A payment was sent or booked that nobody approved.

    Sees:   payments with a reference of which no approval is on record from `window` days before to `zone`
            hours after (an export may be in another time zone), and no reversal.
    Misses: approvals the attacker made too; payments without a reference or a time; the first `lead` hours of
            the approvals. Where there are no approvals in the evidence for these days, or on fewer than
            `usual` of the system's days any payment has one, the records cannot tell.
    Next:   stop it at the correspondent bank or the scheme now; then ask who was signed in to the payment
            terminal, and compare its database and printouts with the counterparty's statement.
    """
    done = kept(at(payment, "sent", "booked"), payment).filter(lambda t: t.ref.notnull())
    allowed = at(payment, "approved")
    found = pairs(done, allowed, window * DAY, zone * HOUR)
    return said(unmatched(done, found, allowed, near=near, lead=lead, usual=usual))

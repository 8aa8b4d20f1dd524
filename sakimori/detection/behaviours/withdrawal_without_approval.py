"""Coins that left a wallet without a release: https://attack.mitre.org/techniques/T1657/"""

from __future__ import annotations

from ibis import Table

from sakimori.detection.behaviour import behaviour
from sakimori.detection.money import DAY, HOUR, ROW, agrees, alike, at, kept, pairs, said, unmatched
from sakimori.findings import Severity


@behaviour(
    subject="service",
    also={"account": "account"},
    keys=("system", "reference", "creditor"),
    severity=Severity.HIGH,
    techniques=["T1657"],
    confidence="medium",
    because="{paid} {currency} left {debtor} for {creditor} on {first_seen} ({service}, {reference}), and no "
    "approval of it is on record.",
)
def withdrawal_without_approval(
    payment: Table, *, window: int = 5, zone: int = 14, near: int = 4, lead: int = 24, usual: float = 0.5
) -> Table:
    """Coins left a wallet, and no approval of that withdrawal is on record.

    Sees:   withdrawals of which no approval is on record from `window` days before to `zone` hours after:
            neither under the same reference nor of the same amount to the same address.
    Misses: signers who approved what their screen did not show; moves between the house's own wallets that no
            approval is asked for, unless the system usually has one; the edges of the approvals. Where there
            are no approvals for these days, or on fewer than `usual` of the wallet's days any withdrawal has
            one, the records cannot tell.
    Next:   ask the exchanges and issuers on its way to freeze it; what did each signer's device show, and
            which code built the transaction?
    """
    done = kept(at(payment, "withdrawn"), payment)
    allowed = at(payment, "approved")
    by_name = pairs(done, allowed, window * DAY, zone * HOUR).filter(agrees()).select(*ROW)
    by_amount = alike(done, allowed, window * DAY, zone * HOUR).select(*ROW)
    found = by_name.union(by_amount)
    return said(unmatched(done, found, allowed, near=near, lead=lead, usual=usual))

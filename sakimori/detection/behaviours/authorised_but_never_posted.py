"""Cash given out on a yes that the core never gave: the shape of FASTCash.

https://attack.mitre.org/techniques/T1565/002/ and https://www.cisa.gov/news-events/cybersecurity-advisories/aa20-239a
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.money import DAY, HOUR, ROW, alike, at, kept, pairs, unmatched
from sakimori.findings import Severity


@behaviour(
    subject="service",
    also={"debtor": "account"},
    keys=("system", "debtor"),
    severity=Severity.HIGH,
    techniques=["T1565.002", "T1657"],
    confidence="medium",
    because="{service} authorised {count} withdrawals of {debtor} between {first_seen} and {last_seen} that "
    "the core never posted; within the hour there were {burst} such at {terminals} terminals.",
)
def authorised_but_never_posted(
    payment: Table,
    *,
    window: int = 3,
    burst: int = 3,
    terminals: int = 2,
    near: int = 2,
    lead: int = 6,
    usual: float = 0.5,
) -> Table:
    """The switch authorised withdrawals that the core never posted.

    Sees:   within an hour at least `burst` authorisations at `terminals` terminals or more that no posting or
            booking of the same reference follows within `window` days, and no reversal.
    Misses: fewer than `burst` an hour, as breaks of any day; a core that was changed too; terminals that the
            export does not name. Where there are no postings for these hours, or on fewer than `usual` of
            the switch's days any authorisation has one, the records cannot tell.
    Next:   take the switch's answers out of its own hands: let the scheme decline; keep the memory of the
            switch's application server; are the accounts empty or new?
    """
    done = kept(at(payment, "authorised"), payment)
    posted = at(payment, "posted", "booked")
    by_name = pairs(done, posted, DAY, window * DAY).select(*ROW)
    by_amount = alike(done.filter(_.ref.isnull()), posted, DAY, window * DAY).select(*ROW)
    found = by_name.union(by_amount)
    open_ = unmatched(done, found, posted, near=near, lead=lead, usual=usual)
    open_ = open_.filter(_.debtor.notnull()).mutate(hour=_.clock // HOUR)
    hours = open_.group_by("service", "hour").aggregate(burst=_.count(), terminals=_.channel.nunique())
    many = open_.join(hours, ["service", "hour"]).filter(_.burst >= burst, _.terminals >= terminals)
    return many.group_by("system", "service", "debtor", "unclear").aggregate(
        burst=_.burst.max(),
        terminals=_.terminals.max(),
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )

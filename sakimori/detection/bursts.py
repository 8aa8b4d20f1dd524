"""Hours in which an account did far more of something than on any other day, as an expression."""

from __future__ import annotations

from ibis import Table, _
from ibis.expr.types import Value

_HOUR = 3_600_000_000
_DAY = 24 * _HOUR


def bursts(events: Table, what: Value, many: int, times: int) -> Table:
    """Per account and hour with at least `many` different `what`, `times` as many as on any other day.

    Columns: account, source_address, things, usual (the most in an hour of another day), count, first_seen,
    last_seen. `events` has account, source_address and clock.
    """
    placed = events.filter(_.account.notnull(), _.clock.notnull())
    placed = placed.mutate(thing=what, hour=_.clock // _HOUR, day=_.clock // _DAY)
    hours = placed.group_by("account", "hour", "day").aggregate(
        things=_.thing.nunique(),
        source_address=_.source_address.max(),
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )
    days = hours.group_by("account", "day").aggregate(most=_.things.max())
    other = hours.join(days, "account", rname="other_{name}").filter(_.other_day != _.day)
    habit = other.group_by("account", "hour").aggregate(usual=_.most.max())
    told = hours.left_join(habit, ["account", "hour"]).mutate(usual=_.usual.fill_null(0))
    return told.filter(_.things >= many, _.things >= times * _.usual).select(
        "account", "source_address", "things", "usual", "count", "first_seen", "last_seen"
    )

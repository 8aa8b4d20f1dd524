"""Events taken out of a log one by one: Windows numbers them without a gap.

https://learn.microsoft.com/windows/win32/wes/eventschema-systempropertiestype-complextype (EventRecordID)
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.findings import Severity


@behaviour(
    subject="host",
    keys=("host", "channel"),
    severity=Severity.MEDIUM,
    techniques=["T1070.001"],
    because="{missing} events after number {before} are missing in {channel}, between {first_seen} and "
    "{last_seen}; {events} others are there.",
)
def log_cleared_or_gap(
    numbered_event: Table, unread: Table, *, events: int = 1000, gaps: int = 3, longest: int = 50
) -> Table:
    """Numbered events are missing from the middle of a log that is otherwise whole.

    Sees:   at most `gaps` short gaps, each of up to `longest` events, in a log of at least `events`.
    Misses: a log cleared as a whole (it has an event of its own); exports filtered by event have gaps by
            nature, so there the records cannot tell; nor can they where parts of the log were unreadable.
    Next:   does another copy of the log (a collector's, a backup's) hold the missing numbers?
    """
    numbered = numbered_event.filter(_.number.notnull(), _.channel.notnull(), _.host.notnull())
    logs = numbered.group_by("host", "channel").aggregate(
        events=_.count(), lowest=_.number.min(), highest=_.number.max()
    )
    lost = logs.mutate(lost=_.highest - _.lowest + 1 - _.events)
    holed = lost.filter(_.lost > 0, _.events >= events)
    key = ["host", "channel"]
    damaged = numbered.semi_join(unread.filter(_.lost != 0), ["segment", "member"]).select(key).distinct()
    few = holed.filter(_.lost <= gaps * longest)
    whole = few.anti_join(damaged, key).select(*key, "events")
    torn = holed.filter(_.lost > gaps * longest).union(few.semi_join(damaged, key))
    return _gaps(numbered, whole, gaps, longest).union(_torn(numbered, torn))


def _gaps(numbered: Table, whole: Table, gaps: int, longest: int) -> Table:
    near = ibis.window(group_by=["host", "channel"], order_by="number")
    pairs = numbered.join(whole, ["host", "channel"]).mutate(
        before=_.number.lag().over(near), since=_.clock.lag().over(near)
    )
    found = pairs.mutate(missing=_.number - _.before - 1).filter(_.missing > 0)
    found = found.mutate(all=_.count().over(ibis.window(group_by=["host", "channel"])))
    short = found.filter(_["all"] <= gaps, _.missing <= longest)
    return short.select(
        "host",
        "channel",
        "before",
        "missing",
        "events",
        count=_.missing,
        first_seen=ibis.least(_.since, _.clock),
        last_seen=ibis.greatest(_.since, _.clock),
        unclear=ibis.literal(False),
    )


def _torn(numbered: Table, torn: Table) -> Table:
    number = ibis.null().cast("int64")
    return torn.select(
        "host",
        "channel",
        before=number,
        missing=_.lost,
        events=_.events,
        count=_.lost,
        first_seen=number,
        last_seen=number,
        unclear=ibis.literal(True),
    )

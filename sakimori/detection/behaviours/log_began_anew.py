"""A log whose numbers begin again: clearing keeps the count, a deleted or swapped file does not.

https://attack.mitre.org/techniques/T1070/001/
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.findings import Severity

_LOG = ["host", "channel"]


@behaviour(
    subject="host",
    keys=("host", "channel"),
    severity=Severity.MEDIUM,
    techniques=["T1070.001"],
    because="{channel} began anew at number {number} on {last_seen}; before, it had come to number {before} "
    "({first_seen}).",
)
def log_began_anew(numbered_event: Table, *, low: int = 100, fall: int = 500, whole: int = 3) -> Table:
    """A log began anew while earlier records of it exist.

    Sees:   a log whose numbers fall by `fall` or more to `low` or less from one event to the next.
    Misses: logs that are emptied (their numbers run on; there is an event for it); a machine set up anew
            under its old name: where `whole` or more of its logs begin anew, the records cannot tell.
    Next:   was the log's file deleted or replaced, who was on the host then, and was the machine set up anew?
    """
    numbered = numbered_event.filter(
        _.number.notnull(), _.channel.notnull(), _.host.notnull(), _.clock.notnull()
    )
    # Sorting is dear: first the logs in which a low number is later than a high one.
    ends = numbered.group_by(*_LOG).aggregate(
        low=_.clock.max(where=_.number <= low), high=_.clock.min(where=_.number > fall)
    )
    numbered = numbered.semi_join(ends.filter(_.low > _.high), _LOG)
    near = ibis.window(group_by=_LOG, order_by=["clock", "number"])
    pairs = numbered.mutate(before=_.number.lag().over(near), since=_.clock.lag().over(near))
    falls = pairs.filter(_.number <= low, _.before - _.number >= fall)
    first = falls.group_by(*_LOG).aggregate(began=_.clock.min())
    found = falls.join(first, _LOG).filter(_.clock == _.began)
    told = _of_two_lives(numbered, found.select(*_LOG, "number", "before", "since", "clock"))
    logs = told.group_by("host").aggregate(logs=_.channel.nunique())
    return told.join(logs, "host").select(
        *_LOG,
        "number",
        "before",
        count=ibis.literal(1).cast("int64"),
        first_seen=_.since,
        last_seen=_.clock,
        unclear=_.logs >= whole,
    )


def _of_two_lives(numbered: Table, found: Table) -> Table:
    """Without those whose numbers go on where the earlier ones begin: there the clock was wrong."""
    later = numbered.join(found.select(*_LOG, began="clock"), _LOG)
    top = later.filter(_.clock >= _.began).group_by(*_LOG).aggregate(top=_.number.max(), began=_.began.min())
    older = numbered.join(top, _LOG).filter(_.clock < _.began)
    joint = older.group_by(*_LOG).aggregate(
        same=(_.number == _.top).cast("int64").max(), following=(_.number == _.top + 1).cast("int64").max()
    )
    return found.anti_join(joint.filter(_.same == 0, _.following == 1), _LOG)

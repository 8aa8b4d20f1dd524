"""Times that fall while the numbers of a log rise: the clock was set back, or the log was written anew.

https://attack.mitre.org/techniques/T1070/006/ is its neighbour.
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.findings import Severity

_LOG = ["host", "channel"]
_MINUTE = 60_000_000
_HOUR = 60 * _MINUTE


@behaviour(
    subject="host",
    keys=("host", "channel"),
    severity=Severity.LOW,
    techniques=["T1070.006"],
    because="In {channel} the time falls back by {back} minutes from event {before} to event {number}, to "
    "{first_seen}: the clock of the host was set back, and times before and after do not follow each other.",
)
def clock_went_back(numbered_event: Table, *, minutes: int = 10, beside: int = 100, slack: int = 3) -> Table:
    """In a log the time goes back while the events' numbers go on.

    Sees:   from one event to the next (at most `beside` numbers on) a fall of more than `minutes`, which the
            two events after it share.
    Misses: clocks set forward (a machine that is off looks the same). Whole hours, less `slack` minutes, are
            a zone set right at start, and one hour in a log of local times is the end of summer time: the
            records cannot tell. Logs in which a number stands twice, and falls from one file to another, may
            be of a machine that was put back to an earlier state.
    Next:   which clock do the other hosts agree with, and what was done on this one just before and after?
    """
    numbered = numbered_event.filter(
        _.number.notnull(), _.channel.notnull(), _.host.notnull(), _.clock.notnull()
    )
    numbered = numbered.semi_join(_turned(numbered, minutes * _MINUTE // 2), _LOG)
    near = ibis.window(group_by=_LOG, order_by="number")
    rows = numbered.mutate(
        before=_.number.lag().over(near),
        since=_.clock.lag().over(near),
        one_file=(_.member == _.member.lag().over(near)) & (_.segment == _.segment.lag().over(near)),
        then=ibis.greatest(_.clock.lead(1).over(near), _.clock.lead(2).over(near)),
    )
    falls = rows.filter(_.since - ibis.greatest(_.clock, _.then) > minutes * _MINUTE)
    falls = falls.filter(_.one_file, _.number - _.before <= beside)
    doubled = rows.filter(_.number == _.before).select(*_LOG).distinct()
    alone = falls.anti_join(doubled, _LOG).mutate(fall=_.since - _.clock)
    hours = (_HOUR - _.fall % _HOUR) % _HOUR <= slack * _MINUTE
    summer = _.utc.isnull() & (_.fall <= _HOUR)
    return alone.select(
        *_LOG,
        "before",
        "number",
        back=_.fall // _MINUTE,
        count=ibis.literal(1).cast("int64"),
        first_seen=_.clock,
        last_seen=_.since,
        unclear=hours | summer,
    )


def _turned(numbered: Table, step: int) -> Table:
    """Logs in which a later time has a lower number, two steps or more before: all others need no sorting."""
    times = numbered.mutate(step=_.clock // step).group_by(*_LOG, "step")
    times = times.aggregate(low=_.number.min(), high=_.number.max())
    near = {"group_by": _LOG, "order_by": "step"}
    tops = times.mutate(
        beside=_.step - _.step.lag().over(ibis.window(**near)),
        top=_.high.max().over(ibis.window(rows=(None, -1), **near)),
        older=_.high.max().over(ibis.window(rows=(None, -2), **near)),
    )
    return tops.filter(ibis.ifelse(_.beside > 1, _.top, _.older) > _.low).select(*_LOG).distinct()

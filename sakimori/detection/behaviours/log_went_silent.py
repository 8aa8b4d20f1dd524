"""Logging that stopped for a while: https://attack.mitre.org/techniques/T1562/002/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.findings import Severity

_HOUR = 3_600_000_000
_GAP = ["host", "source", "since", "until"]


@behaviour(
    subject="host",
    keys=("host",),
    severity=Severity.LOW,
    techniques=["T1562.002"],
    because="{source} of this host was silent from {first_seen} to {last_seen} while its other logs went on; "
    "in {count} of these hours it speaks on all other days.",
)
def log_went_silent(
    numbered_event: Table,
    process: Table,
    sign_in: Table,
    network_flow: Table,
    *,
    hours: int = 8,
    days: int = 3,
) -> Table:
    """A log of a host fell silent against its habit while the host's other logs went on.

    Sees:   `hours` or more hours without a record in which another log of the host speaks, and in which this
            one speaks on at least `days` other days and nine of ten (weekends are held against weekends).
    Misses: a log that never speaks again (an export may end there); short pauses; logs that are silent by
            nature. Where most hosts lack the log in these hours it is a holiday or a filtered export.
    Next:   was the log's service, its policy or the collector stopped, by whom, and what do the others show?
    """
    spoken = _numbered(numbered_event)
    for table in (process, sign_in, network_flow):
        spoken = spoken.union(_of_logs(table))
    spoken = _by_hour(spoken)
    missed = _missed(spoken, hours)
    habit = spoken.group_by("host", "source", "slot").aggregate(spoke=_.count())
    awake = _awake(spoken).group_by("host", "slot").aggregate(awake=_.count())
    usual = missed.join(habit, ["host", "source", "slot"]).join(awake, ["host", "slot"])
    usual = usual.filter(_.spoke >= days, 10 * _.spoke >= 9 * (_.awake - _.inside))
    told = usual.group_by(*_GAP).aggregate(
        count=_.inside.sum(),
        others=_.others.sum(),
        due=_.due.sum(),
        first_seen=_.last.max(),
        last_seen=_.first.max(),
    )
    alone = told.filter(_["count"] >= hours, 3 * _.others >= _.due)
    return alone.select("host", "source", "count", "first_seen", "last_seen")


def _numbered(numbered_event: Table) -> Table:
    return numbered_event.select("host", "clock", source="channel")


def _of_logs(table: Table) -> Table:
    """Those of Windows stand among the numbered events already, by their channels."""
    return table.filter(~_.log.startswith("windows_")).select("host", "clock", source="log")


def _by_hour(spoken: Table) -> Table:
    """One row a host, source and hour; `slot` is the hour of the day, those of weekends apart."""
    named = spoken.filter(_.host.notnull(), _.source.notnull(), _.clock.notnull())
    named = named.mutate(hour=_.clock // _HOUR)
    hours = named.group_by("host", "source", "hour").aggregate(first=_.clock.min(), last=_.clock.max())
    # The first of January 1970 was a Thursday.
    weekend = ((_.hour // 24 + 3) % 7 >= 5).cast("int64")
    return hours.mutate(slot=_.hour % 24 + 24 * weekend)


def _awake(spoken: Table) -> Table:
    return spoken.select("host", "hour", "slot").distinct()


def _missed(spoken: Table, hours: int) -> Table:
    """Per gap and slot: the hours `inside` it in which the host speaks.

    Summed over these hours: `others`, hosts whose log of this kind speaks, and `due`, other hosts that speak
    and have such a log.
    """
    near = ibis.window(group_by=["host", "source"], order_by="hour")
    gaps = spoken.mutate(since=_.hour.lag().over(near), last=_.last.lag().over(near))
    gaps = gaps.filter(_.hour - _.since > hours).select(
        "host", "source", "since", "first", "last", until=_.hour
    )
    inside = gaps.join(_awake(spoken), "host").filter(_.hour > _.since, _.hour < _.until)
    inside = inside.left_join(_fleet(spoken), ["source", "hour"])
    return inside.group_by(*_GAP, "slot").aggregate(
        inside=_.count(),
        others=_.others.fill_null(0).sum(),
        due=_.due.fill_null(0).sum(),
        first=_.first.max(),
        last=_.last.max(),
    )


def _fleet(spoken: Table) -> Table:
    """Per source and hour: hosts of which it speaks, and others that have it and speak at all."""
    having = spoken.select("host", "source").distinct().join(_awake(spoken).select("host", "hour"), "host")
    due = having.group_by("source", "hour").aggregate(due=_.count() - 1)
    speaking = spoken.group_by("source", "hour").aggregate(others=_.count())
    return due.left_join(speaking, ["source", "hour"]).select("source", "hour", "due", "others")

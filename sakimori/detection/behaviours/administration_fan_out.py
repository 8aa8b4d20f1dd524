"""One machine turns to many others at once: https://attack.mitre.org/techniques/T1021/ and T1046"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.flows import ADMINISTRATION, HOUR, means_of
from sakimori.findings import Severity

_PORTS = [port for ports in ADMINISTRATION.values() for port in ports]


@behaviour(
    subject="address",
    keys=("source_address",),
    records=("network_flow",),
    severity=Severity.MEDIUM,
    techniques=["T1021", "T1046"],
    confidence="medium",
    because="{address} turned to {machines} machines by {means} within an hour from {first_seen} and "
    "reached {reached} of them; on other days it turned to {usual} in its widest hour.",
)
def administration_fan_out(traffic: Table, *, many: int = 8, times: int = 3) -> Table:
    """A machine turned to many others by a port of administration within an hour.

    Sees:   `many` or more own machines called by SMB, RDP, WinRM, SSH, WMI, VNC or a database's port within
            an hour of the clock, `times` as many as in the widest hour of any other day; answered or not.
    Misses: slow spread; scanners, monitoring, deployment and jump hosts that do it on other days, too (or
            are named in org.yml); in evidence of one day, everything is new.
    Next:   is it a scanner or a deployment, who is signed in there, and what ran on those that were
            reached?
    """
    called = traffic.filter(_.direction == "internal", _.port.isin(_PORTS), _.clock.notnull())
    called = called.mutate(means=means_of(_.port), hour=_.clock // HOUR, day=_.clock // (24 * HOUR))
    # Who calls so many in an hour makes as many connections: most are out before anything is counted.
    busy = called.group_by("source", "means", "hour").aggregate(n=_.count()).filter(_.n >= many)
    called = called.semi_join(busy.select("source", "means").distinct(), ["source", "means"])
    hours = called.group_by("source", "means", "day", "hour").aggregate(
        machines=_.destination.nunique(), reached=_.destination.nunique(where=_.reached > 0),
        count=_.flows.sum(), first_seen=_.clock.min(), last_seen=_.last_seen.max(),
    )  # fmt: skip
    days = hours.group_by("source", "means", "day").aggregate(widest=_.machines.max())
    wide = hours.filter(_.machines >= many)
    other = wide.join(days, ["source", "means"], rname="other_{name}").filter(_.other_day != _.day)
    habit = other.group_by("source", "means", "hour").aggregate(usual=_.widest.max())
    told = wide.left_join(habit, ["source", "means", "hour"], rname="habit_{name}")
    told = told.mutate(usual=_.usual.fill_null(0)).filter(_.machines >= times * _.usual)
    return told.select(
        "means", "machines", "reached", "usual", "count", "first_seen", "last_seen",
        address="source", source_address="source",
    )  # fmt: skip

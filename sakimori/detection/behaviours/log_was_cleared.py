"""Logs emptied by someone, as Windows itself records it: https://attack.mitre.org/techniques/T1070/001/

https://learn.microsoft.com/windows/security/threat-protection/auditing/event-1102
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.findings import Severity


@behaviour(
    subject="host",
    also={"account": "account"},
    keys=("host", "channel"),
    severity=Severity.HIGH,
    techniques=["T1070.001"],
    confidence="medium",
    because="The log {channel} of this host was emptied ({count} times), first on {first_seen} by {account}: "
    "what stood in it before is gone from the host.",
)
def log_was_cleared(log_cleared: Table) -> Table:
    """A log was emptied.

    Sees:   the events Windows writes when a log is emptied: 1102 (517) for Security, 104 for all others.
    Misses: logs whose file is deleted or swapped, and events taken out one by one (other behaviours look for
            those); machines that are made ready from an image are emptied in the same way.
    Next:   who was that, was it asked for, and does a collector still hold what stood there before?
    """
    named = log_cleared.filter(_.host.notnull(), _.channel.notnull())
    return named.group_by("host", "channel", "account").aggregate(
        count=_.count(), first_seen=_.clock.min(), last_seen=_.clock.max()
    )

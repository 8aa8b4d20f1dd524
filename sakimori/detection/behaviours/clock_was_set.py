"""A clock set by hand: https://attack.mitre.org/techniques/T1070/006/ is its neighbour.

https://learn.microsoft.com/windows/security/threat-protection/auditing/event-4616
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.windows_paths import file_name
from sakimori.findings import Severity

_MINUTE = 60_000_000
# The time service, what virtual machines bring to follow their host, and the set-up of Windows.
_KEEPERS = (
    "svchost.exe", "w32tm.exe", "vmtoolsd.exe", "vboxservice.exe", "prl_tools_service.exe", "qemu-ga.exe",
    "chronyd.exe", "msoobe.exe", "windeploy.exe", "setup.exe",
)  # fmt: skip


@behaviour(
    subject="host",
    also={"account": "account", "image": "process"},
    keys=("host", "account", "image"),
    severity=Severity.LOW,
    techniques=["T1070.006"],
    because="The clock of this host was set by up to {minutes} minutes, first on {first_seen}, by {account} "
    "with {image}: times in its logs around then do not mean what they say.",
)
def clock_was_set(clock_change: Table, *, minutes: int = 5) -> Table:
    """Someone set a host's clock.

    Sees:   changes of more than `minutes` (Security 4616, Kernel-General 1) by a program that is neither the
            time service nor what a virtual machine follows its host with.
    Misses: the time service made to follow another source; hosts where neither event is written; batteries
            that are empty are set right by the time service and are no finding.
    Next:   what happened on the host between the two times, and who was on it?
    """
    moved = clock_change.filter(_.host.notnull(), _.old_time.notnull(), _.new_time.notnull())
    moved = moved.mutate(moved=_.new_time - _.old_time, program=file_name(_.image.lower()))
    set_ = moved.filter(
        _.moved.abs() > minutes * _MINUTE,
        _.program.notnull(),
        ~_.program.isin(("", "-")),
        ~_.program.isin(_KEEPERS),
    )
    return set_.group_by("host", "account", "image").aggregate(
        minutes=_.moved.abs().max() // _MINUTE,
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )

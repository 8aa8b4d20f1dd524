"""Programs in odd places that sent much, as Windows itself counted.

https://attack.mitre.org/techniques/T1041/
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.dropping_places import from_device, in_dropping_place
from sakimori.detection.windows_paths import shape
from sakimori.findings import Severity

_MEGABYTE = 1_000_000


@behaviour(
    subject="host",
    also={"path": "file", "account": "account"},
    keys=("host", "path"),
    severity=Severity.MEDIUM,
    techniques=["T1041"],
    confidence="medium",
    because="{path} sent {sent} MB in the hours that Windows counted; it is on {hosts} of {fleet} hosts.",
)
def much_sent_from_dropping_place(program_execution: Table, *, megabytes: int = 50, few: int = 2) -> Table:
    """A program in a folder where nobody installs any sent much to the network.

    Sees:   by the counts Windows keeps for 30 to 60 days (SRUM), a program in a public folder, straight in
            AppData, in ProgramData, Downloads, Desktop or Temp, that sent `megabytes` or more, on at most
            `few` hosts.
    Misses: what a browser, a script host or a system program was made to send; programs under AppData in
            folders of their own; where the bytes went, which is not counted.
    Next:   what is the program, where did it connect in those hours, and what lay on the host?
    """
    counted = program_execution.filter(_.bytes_out.notnull(), _.path.notnull(), _.host.notnull())
    sums = counted.group_by("host", "path").aggregate(
        account=_.account.max(),
        bytes=_.bytes_out.sum(),
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )
    sums = sums.mutate(place=from_device(_.path), sent=(_.bytes / _MEGABYTE).floor().cast("int64"))
    odd = sums.filter(in_dropping_place(_.place)).mutate(alike=shape(_.place))
    spread = odd.group_by("alike").aggregate(hosts=_.host.nunique())
    known = counted.aggregate(fleet=_.host.nunique())
    found = odd.join(spread, "alike").cross_join(known)
    return found.filter(_.hosts <= few, _.sent >= megabytes).drop("alike", "place", "bytes")

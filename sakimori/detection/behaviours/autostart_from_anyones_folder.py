"""Programs that start by themselves from places where nobody installs any.

https://attack.mitre.org/techniques/T1547/001/ and https://attack.mitre.org/techniques/T1546/
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.dropping_places import in_dropping_place, unix_program_in
from sakimori.detection.windows_paths import program_in, shape
from sakimori.findings import Severity


@behaviour(
    subject="host",
    also={"program": "file", "account": "account"},
    keys=("host", "name"),
    severity=Severity.MEDIUM,
    techniques=["T1547.001", "T1543.003", "T1053.005"],
    confidence="medium",
    because="{name} ({kind}) starts {command}; {hosts} of {fleet} hosts start something like it.",
)
def autostart_from_anyones_folder(persistence: Table, *, few: int = 2, fleet: int = 5) -> Table:
    """Something starts by itself from a folder where nobody installs programs.

    Sees:   an entry of any kind (run key, service, task, IFEO debugger, launch agent, cron) whose program, or
            what an interpreter is told to run, lies in a public folder, straight in AppData, in ProgramData,
            Downloads, Desktop, a folder for temporary files, or hidden straight in a home, on at most `few`
            hosts of `fleet` or more; in a smaller fleet all.
    Misses: programs in folders of their own under AppData; libraries beside a good program; entries whose
            command names no path; entries that were removed before the collection.
    Next:   what is the file, when was it written there and by whom, and does another host have it?
    """
    entries = persistence.filter(
        _.host.notnull(), _.name.notnull(), _.enabled.isnull() | (_.enabled != "false")
    )
    entries = entries.mutate(runs=_.command.fill_null("") + " " + _.path.fill_null(""))
    windows = program_in(entries.runs)
    entries = entries.mutate(program=ibis.ifelse(windows != "", windows, unix_program_in(entries.runs)))
    odd = entries.filter(in_dropping_place(_.program)).mutate(alike=shape(_.program))
    spread = odd.group_by("alike").aggregate(hosts=_.host.nunique())
    known = persistence.filter(_.host.notnull()).aggregate(fleet=_.host.nunique())
    found = odd.join(spread, "alike").cross_join(known).filter((_.hosts <= few) | (_.fleet < fleet))
    return found.group_by("host", "name").aggregate(
        kind=_.kind.max(),
        command=_.command.max(),
        program=_.program.max(),
        account=_.account.max(),
        hosts=_.hosts.min(),
        fleet=_.fleet.max(),
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )

"""Services and scheduled jobs that nobody else has, from places where programs do not live.

https://attack.mitre.org/techniques/T1543/003/ and https://attack.mitre.org/techniques/T1053/005/
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.windows_paths import command_of, in_anyones_folder, program_in, shape
from sakimori.findings import Severity

_HOUR = 3_600_000_000
# Right in Windows' own folder, where installers put nothing.
_BARE = r"^c:\\windows\\[^\\]+$"
# PsExec's own service, which administrators bring along too; rules speak of it by its name.
_PSEXEC = r"\\psexesvc\.exe$"


@behaviour(
    subject="host",
    also={"account": "account", "service": "service", "job": "task"},
    keys=("host", "name"),
    severity=Severity.LOW,
    techniques=["T1543.003", "T1053.005"],
    confidence="medium",
    because="{name} was set up by {account} to run {runs}; {hosts} of {fleet} hosts have one like it, and it "
    "was met over {hours:.1f} hours.",
)
def rare_service_or_job(
    service: Table, scheduled_job: Table, process: Table, *, few: int = 1, fleet: int = 5, brief: float = 1.0
) -> Table:
    """A service or a scheduled job of few hosts runs something from an odd folder.

    Sees:   a program in a folder anyone can write to, or right in Windows' own, set up and run on at most
            `few` of at least `fleet` hosts; in a smaller fleet only what is removed within `brief` hours.
    Misses: commands without a path; programs in Program Files or System32; jobs older than the evidence;
            PsExec under its own name, which has rules of its own.
    Next:   what is the file, who wrote it there, and did the same account set up others?
    """
    known = _services(service).union(_jobs(scheduled_job))
    set_up = known.group_by("host", "name").aggregate(
        account=_.account.max(),
        runs=_.runs.max(),
        service=_.service.max(),
        job=_.job.max(),
        count=_.count(),
        made=_.made.max(),
        gone=_.gone.max(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )
    set_up = set_up.filter(_.made == 1).mutate(program=shape(program_in(_.runs)))
    odd = set_up.filter(in_anyones_folder(_.program) | _.program.re_search(_BARE))
    odd = odd.filter(~_.program.re_search(_PSEXEC))
    rare = odd.join(_spread(odd, process), "program").cross_join(known.aggregate(fleet=_.host.nunique()))
    rare = rare.mutate(hours=(_.last_seen - _.first_seen) / _HOUR)
    short = (_.gone == 1) & (_.hours <= brief)
    return rare.filter(_.hosts <= few, (_.fleet >= fleet) | short).drop("program", "made", "gone")


def _spread(odd: Table, process: Table) -> Table:
    """On how many hosts such a program is set up or runs: most set-ups are older than the evidence."""
    images = process.filter(_.image.notnull()).select("host", "image").distinct()
    running = images.filter(in_anyones_folder(_.image)).select("host", program=shape(_.image))
    return odd.select("host", "program").union(running).group_by("program").aggregate(hosts=_.host.nunique())


def _services(service: Table) -> Table:
    action = service.action.lower()
    return service.filter(_.name.notnull(), _.host.notnull()).select(
        "host",
        "name",
        "account",
        "clock",
        runs=_.image_path,
        service=_.name,
        job=ibis.null().cast("string"),
        made=action.re_search("install|creat|chang").cast("int64"),
        gone=action.re_search("delet|remov").cast("int64"),
    )


def _jobs(scheduled_job: Table) -> Table:
    action = scheduled_job.action.lower()
    return scheduled_job.filter(_.name.notnull(), _.host.notnull()).select(
        "host",
        "name",
        "account",
        "clock",
        runs=command_of(_.content),
        service=ibis.null().cast("string"),
        job=_.name,
        made=action.re_search("creat|updat").cast("int64"),
        gone=action.re_search("delet|remov").cast("int64"),
    )

"""Services and scheduled jobs that nobody else has, from places where programs do not live.

https://attack.mitre.org/techniques/T1543/003/ and https://attack.mitre.org/techniques/T1053/005/
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.windows_paths import shape
from sakimori.findings import Severity

_HOUR = 3_600_000_000
# What is run, or what an interpreter is told to run, from anyone's folder or right in C:\Windows.
_ODD = (
    r'(^|["\s>=,;])([a-z]:|%systemdrive%)?(\\users\\(public|[^\\"<]+\\(appdata|downloads|desktop|documents|music))\\'
    r"|\\programdata\\|\\perflogs\\|\\intel\\|\\temp\\|\\\$recycle\.bin\\|\\windows\\(temp|tasks|debug|tracing|fonts)\\"
    r'|\\windows\\[^\\"<\s]+\.exe|%(temp|tmp|appdata|localappdata|programdata|public)%\\)'
    r"|%systemroot%\\[^\\\"<\s]+\.exe|\\\\127\.0\.0\.1\\|\\admin\$\\"
)


@behaviour(
    subject="host",
    also={"account": "account", "service": "service", "job": "task"},
    keys=("host", "name"),
    severity=Severity.LOW,
    techniques=["T1543.003", "T1053.005"],
    confidence="medium",
    because="{name} was set up by {account} to run {runs}; {hosts} of {fleet} hosts have one like it, and it "
    "lived for {hours:.1f} hours.",
)
def rare_service_or_job(
    service: Table, scheduled_job: Table, *, few: int = 1, fleet: int = 5, brief: float = 1.0
) -> Table:
    """A service or a scheduled job of few hosts runs something from an odd folder.

    Sees:   a command in a folder anyone can write to, set up on at most `few` of at least `fleet` hosts; in a
            smaller fleet, where everything is rare, only what is removed again within `brief` hours.
    Misses: commands in Program Files or System32; jobs older than the evidence; fleet-wide roll-outs.
    Next:   what is the file, who wrote it there, and did the same account set up others?
    """
    known = _services(service).union(_jobs(scheduled_job))
    per_host = known.group_by("host", "name").aggregate(
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
    odd = per_host.filter(_.made == 1, _.runs.lower().re_search(_ODD)).mutate(shape=shape(_.runs))
    spread = odd.group_by("shape").aggregate(hosts=_.host.nunique())
    total = known.aggregate(fleet=_.host.nunique())
    rare = odd.join(spread, "shape").cross_join(total)
    rare = rare.mutate(hours=(_.last_seen - _.first_seen) / _HOUR)
    short = (_.gone == 1) & (_.hours <= brief)
    return rare.filter(_.hosts <= few, (_.fleet >= fleet) | short).drop("shape", "made", "gone")


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
        runs=_.content,
        service=ibis.null().cast("string"),
        job=_.name,
        made=action.re_search("creat|updat").cast("int64"),
        gone=action.re_search("delet|remov").cast("int64"),
    )

"""Did we ever install it: releases of `sakimori/knowledge/compromised.toml` on named machines.

https://attack.mitre.org/techniques/T1195/002/
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.known_releases import HARMFUL, known, seen
from sakimori.findings import Severity


@behaviour(
    subject="host",
    also={"account": "account"},
    keys=("host", "name", "version"),
    severity=Severity.HIGH,
    techniques=["T1195.002"],
    confidence="high",
    because="{name} {version} is {state} on {host} ({named_by}); the first record of it is of {first_seen}. "
    "Publicly reported since {published}: {title}; {source}",
)
def compromised_release_installed(software: Table) -> Table:
    """A release that is publicly known to be compromised was installed or fetched.

    Sees:   installed programs, packages in node_modules and site-packages, packages that a cache or a log
            of npm, apt or dpkg says were fetched or installed, on a machine whose name is known.
    Misses: what was installed and removed before the list was made; releases nobody has reported yet; where a
            list gives no version, the records cannot tell.
    Next:   treat the machine as taken over: isolate it, keep its disk, change every secret it held; who
            installed it, and which other machines took the same release?
    """
    found = known(software, HARMFUL, ("installed", "fetched")).filter(_.host.notnull())
    return seen(found, "host")

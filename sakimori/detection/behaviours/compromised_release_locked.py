"""What a project would install: lock files, manifests, bills of materials.

https://attack.mitre.org/techniques/T1195/002/
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.known_releases import HARMFUL, known, seen
from sakimori.findings import Severity

_STATES = ("locked", "listed")


@behaviour(
    subject="file",
    also={"host": "host"},
    keys=("container", "name", "version"),
    severity=Severity.MEDIUM,
    techniques=["T1195.002"],
    confidence="medium",
    because="{file} names {name} {version} ({state}): whoever installed from it took that release. "
    "Publicly reported since {published}: {title}; {source}",
)
def compromised_release_locked(software: Table) -> Table:
    """A project names a release that is publicly known to be compromised.

    Sees:   lock files, requirements and manifests with an exact version, bills of materials.
    Misses: what the file named before it was changed: look into the repository's history. A manifest with a
            range (`^1.14.0`) and no lock file beside it: the records cannot tell.
    Next:   who and which build ran an installation from this file while the release could be had? Hand over
            their npm caches and logs.
    """
    found = known(software, HARMFUL, _STATES).mutate(file=_["where"], folder=_folder())
    # A range says nothing where a lock file beside it names the version.
    told = software.filter(_.version.notnull(), _.state.lower().isin(_STATES), _.container.notnull())
    told = told.select("name", folder=_folder()).distinct()
    open_ = found.filter(_.unclear).anti_join(told, ["name", "folder"])
    return seen(found.filter(~_.unclear).union(open_), "file", "container", "host")


def _folder() -> object:
    return _.container.re_replace(r"[^/!\\]*$", "")

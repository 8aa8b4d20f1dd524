"""Files of compromised releases by their hash, where a log has hashes.

https://attack.mitre.org/techniques/T1195/002/
"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.known_releases import hash_in, hashes
from sakimori.findings import Severity


@behaviour(
    subject="host",
    also={"file": "file", "account": "account", "hash": "hash"},
    keys=("host", "hashes"),
    severity=Severity.HIGH,
    techniques=["T1195.002"],
    confidence="high",
    because="{file} has the hash {hash}; it was met {count} times on {host}, first on {first_seen}. Publicly "
    "reported since {published}: {title}; {source}",
)
def compromised_release_file(
    process: Table, image_load: Table, file_event: Table, program_execution: Table
) -> Table:
    """A file of a compromised release ran, was loaded or was written.

    Sees:   the installers, programs and libraries of the table of releases, by MD5, SHA-1 or SHA-256.
    Misses: logs without hashes, and files of those releases that nobody has published.
    Next:   treat the machine as taken over; what did the program connect to after it started?
    """
    parts = [
        _met(process, "image"),
        _met(image_load, "loaded"),
        _met(file_event, "path"),
        _met(program_execution, "path"),
    ]
    met = ibis.union(*parts).filter(_["hash"] != "")
    found = met.group_by("host", "file", "hashes", "hash").aggregate(
        account=_.account.max(), count=_["count"].sum(), first_seen=_.first.min(), last_seen=_.last.max()
    )
    return found.mutate(title=_told("title"), source=_told("source"), published=_told("published"))


def _met(table: Table, file: str) -> Table:
    """Each file with hashes once: hashes are searched in a thousand times less often than programs start."""
    rows = table.filter(_.hashes.notnull(), _.host.notnull()).group_by("host", "hashes", file=_[file])
    rows = rows.aggregate(account=_.account.max(), count=_.count(), first=_.clock.min(), last=_.clock.max())
    return rows.mutate(hash=hash_in(_.hashes))


def _told(key: str) -> object:
    return ibis.cases(*((_["hash"] == one, str(getattr(of, key))) for one, of in hashes().items()))

"""Source code taken as a whole: https://attack.mitre.org/techniques/T1213/003/"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.bursts import bursts
from sakimori.findings import Severity

_COPIES = r"git[._]clone|download_zip|repo\.download|archive"


@behaviour(
    subject="account",
    also={"source_address": "address"},
    keys=("account",),
    severity=Severity.HIGH,
    techniques=["T1213.003"],
    confidence="medium",
    because="{account} copied {things} repositories within an hour from {source_address}; on other days "
    "it was at most {usual}.",
)
def repositories_copied_at_once(repository_event: Table, *, many: int = 8, times: int = 4) -> Table:
    """An account copied many repositories within an hour.

    Sees:   clones and downloads of at least `many` repositories by one account in an hour, `times` as many
            as in any hour of another day.
    Misses: slow copying; robots that copy everything every day; a thief who copies with a robot's key.
    Next:   which key was used, from where, and what secrets stand in those repositories?
    """
    copies = repository_event.filter(_.repository.notnull(), _.action.lower().re_search(_COPIES))
    return bursts(copies, _.repository, many, times)

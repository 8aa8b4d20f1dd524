"""The same on machines nobody named: a copied project, a cache, an image.

https://attack.mitre.org/techniques/T1195/002/
"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.known_releases import HARMFUL, known, seen
from sakimori.findings import Severity


@behaviour(
    subject="file",
    also={"account": "account"},
    keys=("container", "name", "version"),
    severity=Severity.HIGH,
    techniques=["T1195.002"],
    confidence="high",
    because="{name} {version} is {state}, says {file}, which does not name its machine; the first record is "
    "of {first_seen}. Publicly reported since {published}: {title}; {source}",
)
def compromised_release_in_folder(software: Table) -> Table:
    """A compromised release was installed or fetched on a machine the evidence does not name.

    Sees:   the same as where the machine is named: folders of modules, caches, container images, inventories
            that count devices without naming them.
    Misses: which machine it was; hand the evidence over as a collection, or below a folder named after the
            machine (`ws01/C/`). Where a list gives no version, the records cannot tell.
    Next:   find the machines that used this folder, cache or image, and treat each as taken over.
    """
    found = known(software, HARMFUL, ("installed", "fetched")).filter(_.host.isnull())
    return seen(found.mutate(file=_["where"]), "file", "container")

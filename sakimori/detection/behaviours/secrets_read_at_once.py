"""Secrets taken from a store in the cloud: https://attack.mitre.org/techniques/T1555/006/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.bursts import bursts
from sakimori.findings import Severity

# AWS Secrets Manager, Parameter Store and EC2, Azure Key Vault, Google Secret Manager.
_READS = (
    r"getsecretvalue|batchgetsecretvalue|getparameters?$|getparametersbypath|getpassworddata|secretget|keyget$"
    r"|accesssecretversion|listsecretversions|vaults/secrets/(read|getsecret)"
)


@behaviour(
    subject="account",
    also={"source_address": "address"},
    keys=("account",),
    severity=Severity.HIGH,
    techniques=["T1555.006", "T1552"],
    confidence="medium",
    because="{account} read {things} secrets within an hour from {source_address}; on other days it was "
    "at most {usual}.",
)
def secrets_read_at_once(api_activity: Table, *, many: int = 5, times: int = 4) -> Table:
    """An account read many secrets of a cloud store within an hour.

    Sees:   reads of at least `many` different secrets, parameters or passwords in an hour, `times` as many
            as in any hour of another day.
    Misses: one valuable secret read alone; workloads that read all of theirs at each start; data events
            that are not logged (Google's are off by default).
    Next:   change what was read, and look for its use elsewhere from that time on.
    """
    reads = api_activity.filter(
        _.operation.lower().re_search(_READS), ibis.coalesce(_.result, "success") != "failure"
    )
    return bursts(reads, ibis.coalesce(_.resource, _.detail), many, times)

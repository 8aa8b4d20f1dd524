"""One device signs in for several people: https://attack.mitre.org/techniques/T1078/"""

from __future__ import annotations

from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.findings import Severity


@behaviour(
    subject="host",
    also={"account": "account"},
    keys=("device",),
    severity=Severity.MEDIUM,
    techniques=["T1078"],
    because="{accounts} accounts signed in with the device {device}, among them {account}; {usual} of "
    "{all} devices are used by one account.",
)
def device_of_many_accounts(sign_in: Table, *, few: int = 2, many: int = 5, share: float = 0.05) -> Table:
    """One device is used by several accounts, where devices belong to one.

    Sees:   a device (by the id the directory gives it) with which more than `few` and at most `many`
            accounts signed in, in an organisation where at most `share` of the devices are like that.
    Misses: a device for each identity; directories that give no device id; the kiosk in the hall (more than
            `many`).
    Next:   whose machine is it and where does it stand? Shared desks, families and help desks are ordinary
            reasons: ask before anything is done, and ask everyone the same.
    """
    used = sign_in.filter(_.device.notnull(), _.account.notnull(), _.result == "success")
    devices = used.group_by("device").aggregate(
        accounts=_.account.lower().nunique(),
        account=_.account.min(),
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )
    whole = devices.aggregate(
        all=_.count(), usual=(_.accounts == 1).cast("int64").sum(), odd=(_.accounts > few).cast("int64").sum()
    )
    told = devices.filter(_.accounts > few, _.accounts <= many).cross_join(whole)
    return told.filter(_.odd <= share * _["all"]).mutate(host=_.device).drop("odd")

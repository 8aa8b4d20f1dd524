"""A further factor for an account: https://attack.mitre.org/techniques/T1556/006/ and https://attack.mitre.org/techniques/T1098/005/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.networks import network
from sakimori.findings import Severity

_HOUR = 3_600_000_000
_FACTOR = (
    r"factor|mfa|authenticat(or|ion method)|security info|strong ?auth|fido|passkey|webauthn|2sv|otp|totp"
)
_ADDED = r"add|creat|enrol|activat|regist|enable|update|chang|reset"
_TAKEN = r"remov|delet|deactiv|disab|unenrol|suspend"


@behaviour(
    subject="account",
    also={"source_address": "address"},
    keys=("account", "source_address"),
    severity=Severity.HIGH,
    techniques=["T1556.006", "T1098.005"],
    confidence="medium",
    because="{account} added or changed a way to confirm sign-ins ({action}) from {source_address}, a "
    "network that account was first met in {hours:.1f} hours before.",
)
def factor_from_new_place(
    account_change: Table, sign_in: Table, *, fresh: float = 24, known: int = 3
) -> Table:
    """A factor was enrolled from a network in which the account was new.

    Sees:   an account that adds or changes its own factor from a network it was first met in at most
            `fresh` hours before, although it has signed in at least `known` times from elsewhere earlier.
    Misses: a factor added by a help desk that was talked into it; accounts whose first days these are; logs
            without an address.
    Next:   ask the person over another channel; remove the factor, end the sessions, and look how they got
            in.
    """
    words = (ibis.coalesce(_.action, "") + " " + ibis.coalesce(_.what, "")).lower()
    placed = account_change.filter(_.account.notnull(), _.source_address.notnull(), _.clock.notnull())
    own = placed.filter(_.target.isnull() | _.target.lower().contains(_.account.lower()))
    added = own.filter(words.re_search(_FACTOR), words.re_search(_ADDED), ~words.re_search(_TAKEN))
    added = added.filter(ibis.coalesce(_.result, "success") != "failure").mutate(
        network=network(_.source_address)
    )
    signed = sign_in.filter(_.account.notnull(), _.source_address.notnull(), _.result == "success")
    signed = signed.select("account", "clock", network=network(_.source_address))
    met = signed.union(added.select("account", "clock", "network"))
    met = met.group_by("account", "network").aggregate(met=_.clock.min())
    new = added.join(met, ["account", "network"]).filter(_.clock - _.met <= int(fresh * _HOUR))
    before = signed.join(new.select("account", "network", "met").distinct(), "account", rname="new_{name}")
    before = before.filter(_.clock < _.met, _.network != _.new_network)
    settled = before.group_by("account", network=_.new_network).aggregate(earlier=_.count())
    found = new.join(settled.filter(_.earlier >= known), ["account", "network"])
    return found.group_by("account", "source_address").aggregate(
        action=_.action.max(),
        hours=(_.clock - _.met).max() / _HOUR,
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )

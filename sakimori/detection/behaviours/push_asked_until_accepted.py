"""Pushes until someone gives in: https://attack.mitre.org/techniques/T1621/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.findings import Severity

_MINUTE = 60_000_000
# Entra's 500121 (denied or no answer), Okta's and Duo's words, and "push" or "mfa" beside a failure.
_ASKED = r"push|mfa|verify|duo|phone|authenticator"
_REFUSED = r"500121|den(y|ied)|reject|timeout|timed out|no.response|no answer|fraud"


@behaviour(
    subject="account",
    also={"source_address": "address"},
    keys=("account",),
    severity=Severity.HIGH,
    techniques=["T1621"],
    confidence="medium",
    because="{account} refused or ignored {count} requests to confirm a sign-in within {minutes} minutes,"
    " and then a sign-in from {source_address} went through.",
)
def push_asked_until_accepted(sign_in: Table, *, pushes: int = 5, minutes: int = 10) -> Table:
    """Sign-in requests came again and again until one was confirmed.

    Sees:   at least `pushes` requests to one account that were refused or ran out within `minutes`, and a
            sign-in that succeeded within as long after them.
    Misses: a person who gives in sooner; logs that do not tell a refused request from a wrong password.
    Next:   ask the person over another channel; if they did not sign in, end all sessions and change the
            factor.
    """
    span = minutes * _MINUTE
    told = sign_in.filter(_.account.notnull(), _.clock.notnull())
    words = ibis.coalesce(_.failure_reason, "") + " " + ibis.coalesce(_.logon_type, "")
    asked = (ibis.coalesce(_.factor, "") + " " + words).lower().re_search(_ASKED)
    refused = told.filter(
        _.result == "failure", asked | words.re_search("500121"), words.lower().re_search(_REFUSED)
    )
    near = ibis.window(group_by="account", order_by="clock")
    fifth = refused.mutate(since=_.clock.lag(pushes - 1).over(near)).filter(_.clock - _.since <= span)
    burst = fifth.group_by("account").aggregate(begin=_.since.min(), end=_.clock.max())
    within = refused.join(burst, "account").filter(_.clock >= _.begin, _.clock <= _.end)
    counted = within.group_by("account", "begin", "end").aggregate(count=_.count())
    gave_in = told.filter(_.result == "success").select("account", "source_address", accepted=_.clock)
    found = gave_in.join(counted, "account").filter(_.accepted >= _.end, _.accepted - _.end <= span)
    return found.group_by("account").aggregate(
        source_address=_.source_address.min(),
        minutes=((_.end.max() - _.begin.min()) // _MINUTE + 1),
        count=_["count"].max(),
        first_seen=_.begin.min(),
        last_seen=_.accepted.min(),
    )

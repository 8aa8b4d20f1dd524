"""A session or key that moved: https://attack.mitre.org/techniques/T1539/ and https://attack.mitre.org/techniques/T1550/"""

from __future__ import annotations

import ibis
from ibis import Table, _

from sakimori.detection.behaviour import behaviour
from sakimori.detection.networks import client, network
from sakimori.findings import Severity


@behaviour(
    subject="account",
    also={"source_address": "address", "session": "session"},
    keys=("account", "session", "source_address"),
    severity=Severity.HIGH,
    techniques=["T1539", "T1550.001", "T1078.004"],
    confidence="medium",
    because="A session or key of {account} that began at {home} was used from {source_address} with "
    "another client ({user_agent}); the account was never in that network before.",
)
def session_used_elsewhere(sign_in: Table, api_activity: Table) -> Table:
    """A session or a key was used from another network by another client than those it began with.

    Sees:   one session (or access key) in two networks, where the client in the second was not met in the
            first and the account used neither that network nor that client before the session began.
    Misses: a thief behind the same network or with a copied client name; logs without session ids; keys
            that are stolen before the evidence begins.
    Next:   end the session and change the key; what was read and changed with it since then?
    """
    used = _used(sign_in).union(_used(api_activity))
    begun = used.group_by("account", "session").aggregate(began=_.clock.min())
    first = used.join(begun, ["account", "session"]).filter(_.clock == _.began)
    homes = first.group_by("account", "session").aggregate(
        began=_.began.min(),
        home=_.source_address.min(),
        home_network=_.network.min(),
        home_client=_.client.min(),
    )
    moved = used.join(homes, ["account", "session"])
    moved = moved.filter(_.network != _.home_network, _.client != _.home_client)
    places = used.group_by("account", "network").aggregate(known_place=_.clock.min())
    clients = used.group_by("account", "client").aggregate(known_client=_.clock.min())
    moved = moved.join(places, ["account", "network"]).join(clients, ["account", "client"])
    strange = moved.filter(_.known_place > _.began, _.known_client > _.began)
    return strange.group_by("account", "session", "source_address").aggregate(
        home=_.home.min(),
        user_agent=_.user_agent.max(),
        count=_.count(),
        first_seen=_.clock.min(),
        last_seen=_.clock.max(),
    )


def _used(table: Table) -> Table:
    known = table.filter(
        _.account.notnull(), _.session.notnull(), _.source_address.notnull(), _.clock.notnull(),
        ibis.coalesce(_.result, "success") != "failure", _.source_address.re_search(r"^[\da-fA-F.:]+$"),
    )  # fmt: skip
    return known.select(
        "account",
        "session",
        "source_address",
        "clock",
        user_agent=_.user_agent,
        network=network(_.source_address),
        client=client(_.user_agent),
    )

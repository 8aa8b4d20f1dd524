"""Mail as three exports tell it: Exchange message trace, Defender's EmailEvents and UrlClickEvents.

https://learn.microsoft.com/powershell/module/exchange/get-messagetrace
https://learn.microsoft.com/defender-xdr/advanced-hunting-emailevents-table
https://learn.microsoft.com/defender-xdr/advanced-hunting-urlclickevents-table
"""

from __future__ import annotations

import json

from sakimori.scenario.cloud.event import Event, iso
from sakimori.scenario.cloud.people import identity
from sakimori.scenario.data import toml
from sakimori.scenario.defender import cell
from sakimori.scenario.world import MARK, REALM

_DATA = toml("cloud.toml")["columns"]
EMAIL = tuple(_DATA["EmailEvents"].split())
CLICK = tuple(_DATA["UrlClickEvents"].split())
_LOCATIONS = {
    "Inbound": "Inbox/folder",
    "Intra-org": "Inbox/folder",
    "Outbound": "On-premises/external",
}
TRACE = tuple(_DATA["MessageTrace"].split())


def _row(columns: tuple[str, ...], values: dict[str, str]) -> str:
    return ",".join(cell(values.get(column, "")) for column in columns) + "\n"


def _message(event: Event) -> tuple[str, str]:
    """The message's network id and Internet id, the same in each export of it."""
    own = event.get("message") or f"{event.t}/{event.get('sender')}/{event.get('subject')}"
    network = identity("mail", own)
    return network, internet_id(network, event.get("sender"))


def internet_id(network: str, sender: str) -> str:
    """The Message-ID of a message with that network id."""
    return f"<{MARK}.{network[:8]}@{sender.rpartition('@')[2]}>"


def email(event: Event) -> str:
    """A row of EmailEvents; the person is the recipient unless `to` names another."""
    network, internet = _message(event)
    sender, to = event.get("sender"), event.get("to", event.who.upn)
    domain = sender.rpartition("@")[2]
    inward = domain != REALM
    direction = "Inbound" if inward else "Intra-org" if to.endswith(f"@{REALM}") else "Outbound"
    passed = "pass" if inward else "none"
    return _row(
        EMAIL,
        {
            "Timestamp": iso(event.t, 7),
            "NetworkMessageId": network,
            "InternetMessageId": internet,
            "SenderMailFromAddress": event.get("envelope", sender),
            "SenderFromAddress": sender,
            "SenderDisplayName": event.get("display", sender.partition("@")[0]),
            "SenderObjectId": "" if inward else identity("user", sender),
            "SenderMailFromDomain": event.get("envelope", sender).rpartition("@")[2],
            "SenderFromDomain": domain,
            "SenderIPv4": event.get("from_address"),
            "RecipientEmailAddress": to,
            "RecipientObjectId": event.who.id if to == event.who.upn else "",
            "Subject": event.get("subject"),
            "EmailClusterId": str(int(identity("cluster", event.get("subject"))[:8], 16)),
            "EmailDirection": direction,
            "DeliveryAction": event.get("delivery", "Delivered"),
            "DeliveryLocation": event.get("location", _LOCATIONS[direction]),
            "ThreatTypes": event.get("threat"),
            "BulkComplaintLevel": event.get("bulk"),
            "AuthenticationDetails": json.dumps({"SPF": passed, "DMARC": event.get("dmarc", passed)}),
            "AttachmentCount": event.get("attachments", "0"),
            "UrlCount": event.get("urls", "0"),
            "EmailLanguage": event.get("language", "ja"),
            "ReportId": f"{network}-{event.hex(8)}-1",
            "AdditionalFields": json.dumps({"synthetic": MARK}),
        },
    )  # fmt: skip


def click(event: Event) -> str:
    """A row of UrlClickEvents."""
    url = event.get("url")
    return _row(
        CLICK,
        {
            "Timestamp": iso(event.t, 7),
            "Url": url,
            "ActionType": event.get("action", "ClickAllowed"),
            "AccountUpn": event.who.upn,
            "Workload": event.get("workload", "Email"),
            "NetworkMessageId": identity("mail", event.get("message")) if event.get("message") else "",
            "ThreatTypes": event.get("threat"),
            "IPAddress": event.seat.place.address,
            "IsClickedThrough": "false",
            "UrlChain": json.dumps([url]),
            "ReportId": event.guid(),
            "synthetic": MARK,
        },
    )


def trace(event: Event) -> str:
    """A row of the message trace."""
    network, internet = _message(event)
    return _row(
        TRACE,
        {
            "Organization": REALM,
            "MessageId": internet,
            "Received": iso(event.t, 7)[:-1],
            "SenderAddress": event.get("envelope", event.get("sender")),
            "RecipientAddress": event.get("to", event.who.upn),
            "Subject": event.get("subject"),
            "Status": event.get("status", "Delivered"),
            "FromIP": event.get("from_address"),
            "Size": event.get("size") or str(9_000 + int(event.rng.random() ** 4 * 900_000)),
            "MessageTraceId": network,
            "Index": "0",
        },
    )

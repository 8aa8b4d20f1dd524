"""Microsoft 365 Unified Audit Log as Purview exports it: CSV with the record as JSON in the column AuditData.

https://learn.microsoft.com/purview/audit-log-export-records
https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema
"""

from __future__ import annotations

import json
from typing import Any

from sakimori.scenario.cloud.event import TENANT, Event, iso
from sakimori.scenario.cloud.mail import internet_id
from sakimori.scenario.cloud.people import identity
from sakimori.scenario.data import toml
from sakimori.scenario.defender import cell
from sakimori.scenario.world import MARK

HEAD = (
    "RecordId,CreationDate,RecordType,Operation,UserId,AuditData,"
    "AssociatedAdminUnits,AssociatedAdminUnitsNames\n"
)


def audited(event: Event) -> str:
    """One operation; its workload and record type stand in `cloud.toml`."""
    operation = event.get("operation")
    kind, workload = toml("cloud.toml")["operation"][operation]
    said = event.guid()
    data: dict[str, Any] = {
        "CreationTime": iso(event.t)[:-1],
        "Id": said,
        "Operation": operation,
        "OrganizationId": TENANT,
        "RecordType": kind,
        "ResultStatus": event.get("result", "Success"),
        "UserKey": identity("key", event.who.upn),
        "UserType": 0,
        "Version": 1,
        "Workload": workload,
        "UserId": event.who.upn,
        **_MORE[workload](event),
        "synthetic": MARK,
    }
    text = cell(json.dumps(data, separators=(",", ":")))
    return f"{said},{iso(event.t, 7)},{kind},{operation},{event.who.upn},{text},,\n"


def _exchange(event: Event) -> dict[str, Any]:
    if event.get("parameters"):
        return {
            "ClientIP": f"{event.seat.place.address}:{20_000 + int(event.rng.random() * 40_000)}",
            "ObjectId": f"{event.who.upn}\\{event.get('object')}",
            "ExternalAccess": False,
            "AppId": "00000002-0000-0ff1-ce00-000000000000",
            "Parameters": [{"Name": key, "Value": value} for key, value in event.pairs("parameters")],
            "SessionId": event.seat.session,
        }
    if event.get("subject"):
        return {**_mailbox(event), "Item": _item(event)}
    return {
        **_mailbox(event),
        "OperationProperties": [
            {"Name": "MailAccessType", "Value": event.get("access", "Bind")},
            {"Name": "IsThrottled", "Value": "False"},
        ],
        "OperationCount": int(event.get("count", "1")),
        "Folders": [{"Path": event.get("folder", "\\Inbox"), "FolderItems": []}],
    }


def _item(event: Event) -> dict[str, Any]:
    """The message an operation is about."""
    network = identity("mail", event.get("message"))
    return {
        "Id": event.hex(40),
        "InternetMessageId": internet_id(network, event.who.upn),
        "ParentFolder": {"Path": event.get("folder")},
        "Subject": event.get("subject"),
    }


def _mailbox(event: Event) -> dict[str, Any]:
    return {
        "ClientIPAddress": event.seat.place.address,
        "ClientInfoString": event.get("client", "Client=OWA;Action=ViaProxy"),
        "ExternalAccess": False,
        "InternalLogonType": 0,
        "LogonType": 0,
        "LogonUserSid": event.who.person.account.sid,
        "MailboxGuid": identity("mailbox", event.who.upn),
        "MailboxOwnerUPN": event.who.upn,
        "SessionId": event.seat.session,
        "AppId": event.get("app_id", "9199bf20-a13f-4107-85dc-02114787ef48"),
    }


def _files(event: Event) -> dict[str, Any]:
    name = event.get("object", "notes.docx")
    site = f"https://kitaura.example.com/sites/{event.get('site', 'office')}/"
    return {
        "ClientIP": event.seat.place.address,
        "ObjectId": f"{site}Shared Documents/{name}",
        "ItemType": "File",
        "EventSource": "SharePoint",
        "SiteUrl": site,
        "SourceFileName": name,
        "SourceFileExtension": name.rpartition(".")[2],
        "SourceRelativeUrl": "Shared Documents",
        "UserAgent": event.seat.device.agent,
        "ApplicationDisplayName": event.get("app", "SharePoint"),
        "AppAccessContext": {"AADSessionId": event.seat.session, "CorrelationId": event.guid()},
        "IsManagedDevice": event.seat.device.managed,
    }


def _directory(event: Event) -> dict[str, Any]:
    device = event.seat.device
    return {
        "ClientIP": event.seat.place.address,
        "ActorIpAddress": event.seat.place.address,
        "ObjectId": event.get("object"),
        "AzureActiveDirectoryEventType": 1,
        "ExtendedProperties": [
            {"Name": "ResultStatusDetail", "Value": event.get("status", "Success")},
            {"Name": "UserAgent", "Value": device.agent},
            {"Name": "RequestType", "Value": "OAuth2:Authorize"},
            *({"Name": key, "Value": value} for key, value in event.pairs("properties")),
        ],
        "ModifiedProperties": [
            {"Name": key, "NewValue": value, "OldValue": ""} for key, value in event.pairs("changes")
        ],
        "Actor": [{"ID": event.who.id, "Type": 0}, {"ID": event.who.upn, "Type": 5}],
        "ActorContextId": TENANT,
        "InterSystemsId": event.guid(),
        "IntraSystemId": event.guid(),
        "Target": [{"ID": event.get("object"), "Type": 0}],
        "TargetContextId": TENANT,
        "ApplicationId": event.get("app_id", "4765445b-32c6-49b0-83e6-1d93765276ca"),
        "DeviceProperties": [
            {"Name": "OS", "Value": device.system},
            {"Name": "BrowserType", "Value": device.browser.partition(" ")[0]},
            {"Name": "IsCompliantAndManaged", "Value": str(device.managed)},
            {"Name": "SessionId", "Value": event.seat.session},
        ],
        "ErrorNumber": event.get("error", "0"),
    }


def _teams(event: Event) -> dict[str, Any]:
    return {
        "ClientIP": event.seat.place.address,
        "CommunicationType": event.get("kind", "GroupChat"),
        "ChatThreadId": f"19:{event.hex(32)}@thread.v2",
        "ItemName": event.get("object"),
        "MessageId": str(event.t // 1000),
        "ExtraProperties": [{"Key": "TimeZone", "Value": "Asia/Tokyo"}],
    }


_MORE = {
    "Exchange": _exchange,
    "SharePoint": _files,
    "OneDrive": _files,
    "AzureActiveDirectory": _directory,
    "MicrosoftTeams": _teams,
}

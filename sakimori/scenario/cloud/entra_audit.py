"""Entra audit logs as Graph gives them: https://learn.microsoft.com/graph/api/resources/directoryaudit"""

from __future__ import annotations

from typing import Any

from sakimori.scenario.cloud.event import Event, iso, marked
from sakimori.scenario.cloud.people import identity

HEAD = '{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/directoryAudits","value":[\n'


def audit(event: Event) -> str:
    """One change in the directory, made by the person."""
    who, result = event.who, event.get("result", "success")
    record: dict[str, Any] = {
        "id": f"Directory_{event.guid()}",
        "category": event.get("category", "UserManagement"),
        "correlationId": event.guid(),
        "result": result,
        "resultReason": event.get("reason"),
        "activityDisplayName": event.get("activity"),
        "activityDateTime": iso(event.t, 7),
        "loggedByService": event.get("service", "Core Directory"),
        "operationType": event.get("operation", "Update"),
        "initiatedBy": {
            "app": None,
            "user": {
                "id": who.id,
                "displayName": who.name,
                "userPrincipalName": who.upn,
                "ipAddress": event.seat.place.address,
                "userType": None,
                "homeTenantId": None,
                "homeTenantName": None,
            },
        },
        "targetResources": [_target(event)],
        "additionalDetails": [
            {"key": "User-Agent", "value": event.seat.device.agent},
            *({"key": key, "value": value} for key, value in event.pairs("details")),
        ],
    }
    return marked(record)


def _target(event: Event) -> dict[str, Any]:
    kind, name = event.get("target_type", "User"), event.get("target")
    return {
        "id": identity("user", name) if "@" in name else identity("app", name),
        "displayName": name or event.who.name,
        "type": kind,
        "userPrincipalName": (name or event.who.upn) if kind == "User" else None,
        "groupType": None,
        "modifiedProperties": [
            {"displayName": key, "oldValue": None, "newValue": f'"{value}"'}
            for key, value in event.pairs("changes")
        ],
    }

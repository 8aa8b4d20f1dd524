"""GitHub's organisation audit log with Git events, as JSON lines.

https://docs.github.com/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise
/reviewing-audit-logs-for-your-enterprise/audit-log-events-for-your-enterprise
"""

from __future__ import annotations

import hashlib
from typing import Any

from sakimori.scenario.cloud.event import Event, marked

ORG = "kitaura-exchange"


def github(event: Event) -> str:
    """One event; what Git does has `transport_protocol_name`, what the site does has `operation_type`."""
    action, who, milliseconds = event.get("action"), event.who, event.t // 1000
    record: dict[str, Any] = {
        "@timestamp": milliseconds,
        "_document_id": event.hex(22),
        "action": action,
        "actor": who.github,
        "actor_id": int(hashlib.sha256(who.github.encode()).hexdigest()[:7], 16),
        "actor_ip": event.seat.place.address,
        "actor_location": {"country_code": event.seat.place.country},
        "actor_is_bot": who.github.endswith("[bot]"),
        "business": ORG,
        "created_at": milliseconds,
        "org": ORG,
        "org_id": 148_201_733,
        "user_agent": event.get("agent", event.seat.device.agent),
    }
    if "@" in who.upn and not who.github.endswith("[bot]"):
        record["external_identity_nameid"] = who.upn
    if event.get("repo"):
        record |= _repository(event)
    record |= (
        _git(event) if action.startswith("git.") else {"operation_type": event.get("operation", "access")}
    )
    if event.get("token"):
        record |= _token(event)
    record |= dict(event.pairs("more"))
    return marked(record)


def _repository(event: Event) -> dict[str, Any]:
    name = f"{ORG}/{event.get('repo')}"
    return {
        "repo": name,
        "repo_id": int(hashlib.sha256(name.encode()).hexdigest()[:7], 16),
        "public_repo": False,
        "visibility": "private",
    }


def _git(event: Event) -> dict[str, Any]:
    protocol = event.get("transport", "http")
    return {
        "repository": f"{ORG}/{event.get('repo')}",
        "repository_public": False,
        "transport_protocol": 1 if protocol == "http" else 2,
        "transport_protocol_name": protocol,
    }


def _token(event: Event) -> dict[str, Any]:
    """What stands in a record whose request carried a token, told by its hash only."""
    digest = hashlib.sha256(event.get("token").encode())
    return {
        "hashed_token": digest.hexdigest(),
        "token_id": int(digest.hexdigest()[:8], 16),
        "token_scopes": event.get("scopes", "repo"),
        "programmatic_access_type": event.get("access", "Personal access token (classic)"),
    }

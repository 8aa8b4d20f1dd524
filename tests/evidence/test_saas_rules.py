"""Rules in SigmaHQ's words speak on exports of OneLogin and Bitbucket."""

from __future__ import annotations

import json
from pathlib import Path

from sakimori.evidence.generic import GenericLines
from tests.evidence.test_rules_on_other_logs import speaks

ONELOGIN = {
    "id": 1, "created_at": "2026-03-02T09:00:00.000Z", "account_id": 9, "user_id": 7, "user_name": "Mei",
    "actor_user_name": "Ken", "event_type_id": 3, "ipaddr": "203.0.113.9",
}  # fmt: skip
BITBUCKET = {
    "timestamp": {"epochSecond": 1772442000},
    "author": {"name": "mei"},
    "auditType": {"category": "Users and groups", "action": "User permissions exported"},
    "source": "203.0.113.9",
}


def line(event: dict[str, object]) -> bytes:
    return json.dumps(event).encode() + b"\n"


def test_a_user_of_onelogin_who_assumed_another(tmp_path: Path) -> None:
    source = "{product: onelogin, service: onelogin.events}"
    assert speaks(tmp_path, GenericLines(), line(ONELOGIN), source, {"event_type_id": 3})
    assert not speaks(
        tmp_path, GenericLines(), line(ONELOGIN | {"event_type_id": 5}), source, {"event_type_id": 3}
    )


def test_permissions_exported_from_bitbucket(tmp_path: Path) -> None:
    source = "{product: bitbucket, service: audit}"
    asked = {"auditType.category": "Users and groups", "auditType.action": ["User permissions exported"]}
    assert speaks(tmp_path, GenericLines(), line(BITBUCKET), source, asked)

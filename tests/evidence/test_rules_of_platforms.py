"""Rules of SigmaHQ for cloud platforms and repositories speak through the catalogue alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sakimori.detection.sigma.engine import answers
from sakimori.detection.sigma.kernel.tree import KEYWORD, atoms
from sakimori.detection.sigma.pack import load_pack
from sakimori.detection.sigma.rule import Rule
from sakimori.evidence.generic import GenericJson, GenericLines
from sakimori.records.catalogue import Log, catalogue
from tests.evidence.reading import read
from tests.evidence.test_defender import ndjson
from tests.evidence.test_rules_on_other_logs import speaks

PRODUCTS = ("aws", "gcp", "github", "gitlab", "bitbucket", "kubernetes")
# Objects of which rules may ask any field: readers deliver whatever is asked for.
OPEN = ("requestParameters.", "responseElements.", "additionalEventData.", "requestObject.", "protoPayload.")
# What SigmaHQ asks for and the log itself does not have.
UNKNOWN = {"status": "aws: a success is the absence of errorCode"}


def resolves(log: Log, field: str) -> bool:
    known = {name.lower() for name in (*log.columns, *log.aliases)}
    return field.lower() in known or field.startswith(OPEN)


def unresolved(rule: Rule, logs: tuple[Log, ...]) -> set[str]:
    """The fields of a rule that no log of its source has."""
    fields = {atom.field for atom in atoms(rule.tree)} - {KEYWORD}
    answering = [log for log in logs if answers(log, rule.product, rule.category, rule.service)]
    return {field for field in fields if not any(resolves(log, field) for log in answering)}


def test_every_rule_for_a_platform_meets_a_log_that_has_its_fields(shared: Callable[[str], Path]) -> None:
    logs = tuple(catalogue().logs.values())
    rules = [rule for rule in load_pack((shared("sigma"),)).rules if rule.product in PRODUCTS]
    assert rules
    missing = {rule.title: unresolved(rule, logs) - set(UNKNOWN) for rule in rules}
    assert {title: fields for title, fields in missing.items() if fields} == {}


TRAIL = {
    "eventVersion": "1.08", "eventTime": "2026-03-02T09:00:00Z", "eventSource": "s3.amazonaws.com",
    "eventName": "PutBucketPolicy", "awsRegion": "us-east-1", "sourceIPAddress": "192.0.2.9",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/mei"},
    "requestParameters": {"bucketName": "b", "bucketPolicy": {"Statement": [{"Effect": "Allow"}]}},
}  # fmt: skip
FIREWALL = {
    "insertId": "1", "timestamp": "2026-03-02T09:00:00Z",
    "logName": "projects/p/logs/cloudaudit.googleapis.com%2Factivity",
    "resource": {"type": "gce_firewall_rule"},
    "protoPayload": {
        "serviceName": "compute.googleapis.com", "methodName": "v1.compute.firewalls.delete",
        "authorizationInfo": [{"permission": "compute.firewalls.delete", "granted": True}],
    },
}  # fmt: skip
ADMIN: dict[str, Any] = {
    "id": {"time": "2026-03-02T09:00:00Z", "applicationName": "admin", "uniqueQualifier": "1"},
    "actor": {"email": "mei@example.com"},
    "events": [
        {
            "type": "APPLICATION_SETTINGS", "name": "CHANGE_APPLICATION_SETTING",
            "parameters": [
                {"name": "SETTING_NAME", "value": "ContextAwareAccess"},
                {"name": "NEW_VALUE", "value": "false"},
            ],
        }
    ],
}  # fmt: skip
LOGIN = {**ADMIN, "id": {**ADMIN["id"], "applicationName": "login"},
         "events": [{"type": "login", "name": "suspicious_login"}]}  # fmt: skip
AUDIT = {
    "kind": "Event", "apiVersion": "audit.k8s.io/v1", "verb": "create", "stage": "ResponseComplete",
    "objectRef": {"resource": "pods", "apiGroup": "batch", "subresource": "exec"},
    "responseStatus": {"code": 403},
    "requestObject": {"spec": {"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}},
}  # fmt: skip
REPOSITORY = {"@timestamp": 1772442000000, "action": "repo.create", "actor": "mei", "org": "example"}
BITBUCKET = {"auditType": {"category": "Auditing", "action": "Audit log configuration updated"}}


@pytest.mark.parametrize(
    ("event", "logsource", "selection"),
    [
        (
            TRAIL, "{product: aws, service: cloudtrail}",
            {
                "eventName": "PutBucketPolicy", "requestParameters|contains": '"Allow"',
                "userIdentity.type": "IAMUser", "requestParameters.bucketName": "b",
            },
        ),
        (
            FIREWALL, "{product: gcp, service: gcp.audit}",
            {
                "gcp.audit.method_name": "v*.Compute.Firewalls.Delete",
                "data.protoPayload.authorizationInfo.granted": "true",
                "data.protoPayload.resource.type": "gce_firewall_rule",
            },
        ),
        (
            ADMIN, "{product: gcp, service: google_workspace.admin}",
            {
                "eventService": "admin.googleapis.com", "eventName": "CHANGE_APPLICATION_SETTING",
                "setting_name|startswith": "ContextAwareAccess", "new_value": "false",
            },
        ),
        (
            LOGIN, "{product: gcp, service: google_workspace.login}",
            {
                "protoPayload.serviceName": "login.googleapis.com",
                "protoPayload.metadata.event.eventName": "suspicious_login",
            },
        ),
        (
            AUDIT, "{product: kubernetes, category: application, service: audit}",
            {"verb": "create", "objectRef.subresource": "exec", "hostPath": "*", "apiGroup": "batch"},
        ),
        (AUDIT, "{product: kubernetes, service: audit}", {"responseStatus.code": 403}),
        (REPOSITORY, "{product: github, service: audit}", {"action": "repo.create", "actor": "mei"}),
        (
            BITBUCKET, "{product: bitbucket, service: audit}",
            {"auditType.category": "Auditing", "auditType.action|contains": "configuration"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_rule_for_a_platform_speaks(
    tmp_path: Path, event: dict[str, Any], logsource: str, selection: dict[str, Any]
) -> None:
    assert speaks(tmp_path / "all", GenericLines(), ndjson(event), logsource, selection)
    for field in (name for name, value in selection.items() if value != "*"):
        other = {**selection, field: "something else"}
        assert not speaks(tmp_path / "but-one", GenericLines(), ndjson(event), logsource, other)


def test_every_detonation_lands_in_a_log_of_cloudtrail(shared: Callable[[str], Path]) -> None:
    files = sorted((shared("identity") / "stratus_cloudtrail").glob("*.json"))
    assert files
    for file in files:
        rows, unread = read(GenericJson(), file.read_bytes())
        assert unread == []
        assert {row["log"].startswith("aws_cloudtrail") and "clock" in row for row in rows} == {True}


TOLD = {
    "AWS.CloudTrail": "aws_cloudtrail", "AWS.GuardDuty": "aws_guardduty", "AWS.VPCDns": "aws_route53",
    "AWS.SecurityFindingFormat": "aws_security_hub", "AWS.WAFWebACL": "aws_waf",
    "Amazon.EKS.Audit": "kubernetes", "GSuite.ActivityEvent": "google_workspace",
    "GitHub.Webhook": "github_webhook", "GitHub.Audit": "github", "GCP.AuditLog": "gcp",
}  # fmt: skip


def test_labelled_events_land_in_the_log_of_their_product(shared: Callable[[str], Path]) -> None:
    lines = (shared("identity") / "panther_rule_tests.jsonl").read_text("utf-8").splitlines()
    strays: Counter[str] = Counter()
    for case in map(json.loads, lines):
        event = case["event"] or {}
        kind = event.get("p_log_type") or ",".join(case["log_types"] or ())
        if kind in TOLD:
            rows, _ = read(GenericLines(), ndjson(event))
            strays[kind] += not all(row["log"].startswith(TOLD[kind]) for row in rows)
    # Five fragments of a field or two say nothing about whose they are.
    assert {kind: count for kind, count in strays.items() if count} == {"GCP.AuditLog": 4, "GitHub.Audit": 1}

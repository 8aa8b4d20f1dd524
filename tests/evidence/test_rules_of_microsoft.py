"""Rules of SigmaHQ for Azure, Entra ID, Microsoft 365 and Duo speak through the catalogue alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sakimori.detection.sigma.engine import answers
from sakimori.detection.sigma.kernel.tree import KEYWORD, atoms
from sakimori.detection.sigma.pack import load_pack
from sakimori.detection.sigma.rule import Rule
from sakimori.evidence.generic import GenericLines
from sakimori.records.catalogue import Log, catalogue
from tests.evidence.test_defender import ndjson
from tests.evidence.test_rules_on_other_logs import speaks


def ours(rule: Rule) -> bool:
    return rule.product in ("azure", "m365") or (rule.product, rule.service) == ("cisco", "duo")


def has(log: Log, field: str) -> bool:
    return field.lower() in {name.lower() for name in (*log.columns, *log.aliases)}


def best(rule: Rule, logs: list[Log]) -> set[str]:
    """The fields that the best log of the rule's source does not have."""
    fields = {atom.field for atom in atoms(rule.tree)} - {KEYWORD}
    answering = [log for log in logs if answers(log, rule.product, rule.category, rule.service)]
    missing = [{field for field in fields if not has(log, field)} for log in answering]
    return min(missing, key=len, default=fields | {"no log answers"})


def test_every_rule_meets_one_log_that_has_all_its_fields(shared: Callable[[str], Path]) -> None:
    rules = [rule for rule in load_pack((shared("sigma"),)).rules if ours(rule)]
    assert len(rules) > 140
    missing = {rule.title: best(rule, list(catalogue().logs.values())) for rule in rules}
    assert {title: fields for title, fields in missing.items() if fields} == {}


SIGN_IN: dict[str, Any] = {
    "id": "r1", "createdDateTime": "2026-03-02T09:00:00Z", "userPrincipalName": "mei@example.com",
    "appDisplayName": "Office 365", "ipAddress": "198.51.100.7", "clientAppUsed": "IMAP4",
    "status": {"errorCode": 0}, "deviceDetail": {"deviceId": "", "trustType": ""},
    "authenticationRequirement": "singleFactorAuthentication", "authenticationProtocol": "deviceCode",
    "networkLocationDetails": [],
}  # fmt: skip
DENIED = {**SIGN_IN, "authenticationRequirement": "multiFactorAuthentication",
          "status": {"errorCode": 500121, "additionalDetails": "MFA denied; user declined it"}}  # fmt: skip
AUDIT: dict[str, Any] = {
    "id": "a1", "category": "UserManagement", "activityDisplayName": "Update user", "result": "success",
    "activityDateTime": "2026-03-02T09:00:00Z", "loggedByService": "Core Directory",
    "targetResources": [
        {
            "type": "User", "userPrincipalName": "mei@example.com",
            "modifiedProperties": [
                {"displayName": "StrongAuthenticationRequirement", "newValue": '[{"State":0}]'},
                {"displayName": "Included Updated Properties", "newValue": '"x"'},
            ],
        }
    ],
}  # fmt: skip
PASS = {**AUDIT, "activityDisplayName": "Admin registered security info",
        "resultReason": "Admin registered temporary access pass method for user"}  # fmt: skip
CONSENT = {**AUDIT, "category": "ApplicationManagement", "activityDisplayName": "Consent to application",
           "targetResources": [{"type": "ServicePrincipal", "modifiedProperties": [
               {"displayName": "ConsentContext.IsAdminConsent", "newValue": '"False"'}]}]}  # fmt: skip
PIM = {"@odata.type": "#microsoft.graph.staleSignInAlertIncident", "id": "i1"}
ALERT = {
    "CreationTime": "2026-03-02T09:00:00", "Operation": "AlertTriggered", "RecordType": 40, "UserId": "x",
    "Workload": "SecurityComplianceCenter", "ResultStatus": "Succeeded", "Name": "Impossible travel activity",
}  # fmt: skip
EXPORT = {**ALERT, "Operation": "New-ComplianceSearchAction", "Name": None,
          "Parameters": '-Export "True" -ExchangeArchiveFormat "PerUserPst"'}  # fmt: skip
FEDERATED = {**ALERT, "Operation": "Add-FederatedDomain", "Workload": "Exchange", "ResultStatus": "True"}
INBOX = {**FEDERATED, "Operation": "New-InboxRule", "Parameters": [{"Name": "ForwardTo", "Value": "a@b.c"}]}
LOGGED_IN = {**ALERT, "Operation": "UserLoggedIn", "Workload": "AzureActiveDirectory",
             "ExtendedProperties": [{"Name": "RequestType", "Value": "Cmsi:Cmsi"}]}  # fmt: skip
ACTIVITY = {"time": "2026-03-02T09:00:00Z", "category": "Administrative", "callerIpAddress": "192.0.2.9",
            "resourceId": "/SUBSCRIPTIONS/S", "operationName": "MICROSOFT.PORTAL/CONSOLES/WRITE"}  # fmt: skip
LISTED = {"eventTimestamp": "2026-03-02T09:00:00Z", "resourceId": "/subscriptions/s",
          "operationName": {"value": "Microsoft.Storage/storageAccounts/listKeys/action"}}  # fmt: skip
PUSH = {"factor": "duo_push", "result": "success", "reason": "bypass_user", "txid": "x1",
        "event_type": "authentication"}  # fmt: skip


@pytest.mark.parametrize(
    ("event", "logsource", "selection"),
    [
        (SIGN_IN, "{product: azure, service: signinlogs}", {
            "ResultType": 0, "Status": "Success", "properties.message": "Device Code",
            "AuthenticationRequirement": "singleFactorAuthentication", "ClientApp": "IMAP4",
            "NetworkLocationDetails": "[]",
        }),
        (DENIED, "{product: azure, service: signinlogs}", {
            "AuthenticationRequirement": "multiFactorAuthentication", "Status|contains": "MFA Denied",
            "ResultType": 500121,
        }),
        (AUDIT, "{product: azure, service: auditlogs}", {
            "LoggedByService": "Core Directory", "Category": "UserManagement", "OperationName": "Update user",
            "TargetResources.ModifiedProperties.DisplayName": "StrongAuthenticationRequirement",
            "TargetResources.ModifiedProperties.NewValue|contains": 'State":0',
        }),
        (PASS, "{product: azure, service: auditlogs}", {
            "properties.message": "Admin registered security info",
            "Status": "Admin registered temporary access pass method for user",
        }),
        (CONSENT, "{product: azure, service: auditlogs}", {
            "ConsentContext.IsAdminConsent": "false", "targetResources.type": "Service Principal",
        }),
        (PIM, "{product: azure, service: pim}", {"riskEventType": "staleSignInAlertIncident"}),
        (ALERT, "{product: m365, service: threat_management}", {
            "eventSource": "SecurityComplianceCenter", "eventName": "Impossible travel activity",
            "status": "success",
        }),
        (EXPORT, "{product: m365, service: threat_management}", {
            "eventSource": "SecurityComplianceCenter",
            "Payload|contains|all": ["New-ComplianceSearchAction", "Export", "pst"],
        }),
        (FEDERATED, "{product: m365, service: exchange}", {
            "eventSource": "Exchange", "eventName": "Add-FederatedDomain", "status": "success",
        }),
        (INBOX, "{product: m365, service: audit}", {
            "Operation": "New-InboxRule", "Parameters|contains": "ForwardTo",
        }),
        (LOGGED_IN, "{product: m365, service: audit}", {"RequestType": "Cmsi:Cmsi"}),
        (ACTIVITY, "{product: azure, service: activitylogs}", {
            "operationName": "MICROSOFT.PORTAL/CONSOLES/WRITE", "CategoryValue": "Administrative",
        }),
        (LISTED, "{product: azure, service: activitylogs}", {"operationName|endswith": "/listKeys/action"}),
        (PUSH, "{product: cisco, service: duo}", {"event_type": "authentication", "reason": "bypass_user"}),
    ],
)  # fmt: skip
def test_a_rule_speaks(tmp_path: Path, event: dict[str, Any], logsource: str, selection: Any) -> None:
    assert speaks(tmp_path, GenericLines(), ndjson(event), logsource, selection)


def test_a_push_that_was_approved_is_no_denied_one(tmp_path: Path) -> None:
    rule = {"Status|contains": "MFA Denied"}
    assert not speaks(
        tmp_path, GenericLines(), ndjson(SIGN_IN), "{product: azure, service: signinlogs}", rule
    )

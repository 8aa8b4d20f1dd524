"""Microsoft's logs read alike whichever way they were fetched; labelled events all land in a table."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sakimori.evidence.defender import DefenderLines
from sakimori.evidence.described import Descriptions
from sakimori.evidence.flattening import flat
from sakimori.evidence.generic import GenericCsv, GenericJson, GenericLines
from sakimori.records.catalogue import catalogue
from tests.evidence.reading import Rows, read
from tests.evidence.test_defender import PROCESS, ndjson
from tests.evidence.test_rules_of_microsoft import AUDIT, SIGN_IN


def table(names: Sequence[str], *rows: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([names, *rows])
    return text.getvalue()


def only(rows: Rows) -> dict[str, Any]:
    """The one row without its place."""
    (row,) = rows
    return {name: value for name, value in row.items() if name not in ("record", "offset", "clock_source")}


DETAILS = json.dumps(
    {
        "CreationTime": "2026-03-02T09:12:00", "Id": "a1", "Operation": "Set-InboxRule", "RecordType": 1,
        "Workload": "Exchange", "UserId": "mei@example.com", "ClientIP": "203.0.113.9:50123",
        "Parameters": [{"Name": "ForwardTo", "Value": "out@example.org"}],
    }
)  # fmt: skip
WHEN = "2026-03-02T09:12:00.0000000Z"


def test_two_generations_of_csv_powershell_and_the_api_give_the_same_row() -> None:
    new = table(
        ["RecordId", "CreationDate", "RecordType", "Operation", "UserId", "AuditData"],
        ["a1", WHEN, "1", "Set-InboxRule", "mei@example.com", DETAILS],
    )
    old = table(
        ["CreationDate", "UserIds", "Operations", "AuditData"],
        [WHEN, "mei@example.com", "Set-InboxRule", DETAILS],
    )
    shell = {
        "CreationDate": "/Date(1772442720000)/", "UserIds": "mei@example.com", "Operations": "Set-InboxRule",
        "AuditData": DETAILS, "Identity": "a1",
    }  # fmt: skip
    rows = [
        only(read(GenericCsv(), new.encode())[0]),
        only(read(GenericCsv(), old.encode())[0]),
        only(read(GenericJson(), json.dumps([shell], indent=1).encode())[0]),
        only(read(GenericLines(), ndjson(json.loads(DETAILS)))[0]),
    ]
    assert rows == [rows[0]] * 4
    assert rows[0]["log"] == "m365_mailbox_rule"
    assert rows[0]["Parameters.ForwardTo"] == "out@example.org"


def test_details_that_are_cut_off_leave_who_did_what_when() -> None:
    text = table(
        ["CreationDate", "UserIds", "Operations", "AuditData"],
        [WHEN, "mei@example.com", "Send", DETAILS[:40]],
    )
    row = only(read(GenericCsv(), text.encode())[0])
    assert (row["log"], row["UserId"], row["Operation"]) == ("m365_audit_event", "mei@example.com", "Send")
    assert row["clock"] == 1_772_442_720_000_000


def test_json_in_a_cell_is_the_object_it_spells() -> None:
    text = table(
        ["TimeGenerated [UTC]", "UserPrincipalName", "AppDisplayName", "IPAddress", "ResultType",
         "DeviceDetail"],
        ["3/2/2026, 9:12:00.000 AM", "mei@example.com", "Teams", "203.0.113.9", "0",
         '{"displayName": "WS01", "isManaged": true}'],
    )  # fmt: skip
    row = only(read(GenericCsv(), text.encode())[0])
    assert (row["log"], row["deviceDetail.displayName"], row["deviceDetail.isManaged"]) == (
        "entra_sign_in", "WS01", "true",
    )  # fmt: skip


def test_a_diagnostic_record_is_the_row_that_graph_gives() -> None:
    wrapped = {
        "time": "2026-03-02T09:05:00Z", "category": "SignInLogs", "operationName": "Sign-in activity",
        "resultType": "0", "callerIpAddress": "192.0.2.1", "properties": SIGN_IN,
    }  # fmt: skip
    graph = only(read(GenericLines(), ndjson(SIGN_IN))[0])
    found = only(read(GenericLines(), ndjson(wrapped))[0])
    beside = {"time": "2026-03-02T09:05:00Z", "category": "SignInLogs", "operationName": "Sign-in activity"}
    assert found == graph | beside


def test_a_changed_property_has_its_name_and_stays_in_the_list() -> None:
    row = flat(AUDIT)
    changed = "targetResources.modifiedProperties"
    assert row[f"{changed}.displayName"] == ["StrongAuthenticationRequirement", "Included Updated Properties"]
    assert row[f"{changed}.StrongAuthenticationRequirement"] == '[{"State":0}]'


def test_a_trace_from_japanese_windows_is_cp932() -> None:
    text = table(
        ["Received", "SenderAddress", "RecipientAddress", "Subject", "Status", "MessageTraceId"],
        ["2026/03/02 9:05:00", "hr@example.org", "mei@example.com", "採用のご案内", "Delivered", "n1"],
    )
    row = only(read(GenericCsv(), text.encode("cp932"))[0])
    assert (row["log"], row["Subject"]) == ("exchange_trace", "採用のご案内")


def test_an_event_hub_may_mix_mail_with_the_tables_of_devices() -> None:
    mail: dict[str, Any] = {
        "category": "AdvancedHunting-EmailEvents",
        "properties": {"NetworkMessageId": "n1", "SenderFromAddress": "a@example.org",
                       "RecipientEmailAddress": "mei@example.com", "DeliveryAction": "Delivered"},
    }  # fmt: skip
    identity = {"ActionType": "LogonSuccess", "Timestamp": WHEN, "DeviceName": "ws01",
                "Application": "x", "LogonType": "Interactive", "AccountUpn": "mei@example.com"}  # fmt: skip
    assert not DefenderLines().claims(ndjson(identity))
    assert not DefenderLines().claims(ndjson(mail["properties"]))
    assert DefenderLines().claims(ndjson(mail))
    rows = read(DefenderLines(), ndjson(mail, PROCESS, identity))[0]
    assert [row["log"] for row in rows] == [
        "defender_email", "defender_process", "defender_identity_logon",
    ]  # fmt: skip
    assert [row["log"] for row in read(GenericLines(), ndjson(mail))[0]] == ["defender_email"]


def test_every_labelled_event_lands_in_a_table(shared: Callable[[str], Path]) -> None:
    ours = {"Azure.Audit", "Azure.MonitorActivity", "Duo.Authentication", "Duo.Administrator"}
    descriptions, lost = Descriptions(catalogue()), Counter[str]()
    for line in (shared("identity") / "panther_rule_tests.jsonl").read_text("utf-8").splitlines():
        labelled = json.loads(line)
        kinds = set(labelled["log_types"] or ())
        if not kinds <= ours or not kinds:
            continue
        for log, _ in descriptions.rows(labelled["event"]):
            lost[f"{sorted(kinds)}: {log and log.name}"] += log is None or not log.tables
    assert +lost == Counter()
    assert lost

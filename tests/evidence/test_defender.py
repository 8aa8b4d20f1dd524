"""Defender: one row reads the same in every wrapping, and as Sysmon writes it where rules need that."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.defender import DefenderCsv, DefenderJson, DefenderLines
from sakimori.records.catalogue import catalogue
from tests.evidence.reading import PLACE, asking, read, source

LINES, DOCUMENT, TABLE = DefenderLines(), DefenderJson(), DefenderCsv()
BASE = {
    "Timestamp": "2026-03-01T09:12:00.1234567Z", "DeviceId": "d1", "DeviceName": "ws01.example.com",
    "ReportId": 71, "InitiatingProcessAccountDomain": "example", "InitiatingProcessAccountName": "mori",
    "InitiatingProcessFolderPath": r"c:\windows\explorer.exe", "InitiatingProcessId": 900,
    "InitiatingProcessParentFileName": "userinit.exe",
    "InitiatingProcessCreationTime": "2026-03-01T08:00:00Z",
}  # fmt: skip
PROCESS = {
    **BASE, "ActionType": "ProcessCreated", "FileName": "cmd.exe",
    "FolderPath": r"C:\Windows\System32\cmd.exe",
    "ProcessCommandLine": 'cmd /c "dir, all"\nnext', "SHA1": "a" * 40, "SHA256": "b" * 64, "MD5": "",
    "AccountDomain": "example", "AccountName": "mori", "ProcessId": 4242, "ProcessIntegrityLevel": "Medium",
}  # fmt: skip
REGISTRY = {
    **BASE, "ActionType": "RegistryValueSet", "RegistryValueName": "Start", "RegistryValueData": "4",
    "RegistryValueType": "Dword", "RegistryKey": r"HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\x",
}  # fmt: skip


def ndjson(*rows: Mapping[str, Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def portal(*rows: Mapping[str, Any]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    table = csv.DictWriter(text, names)
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def one(row: Mapping[str, Any], *asked: str) -> dict[str, Any]:
    (found,), unread = read(LINES, ndjson(row), asking(*asked) if asked else None)
    assert unread == []
    return found


def test_a_process_has_its_native_columns_and_its_time() -> None:
    found = one(PROCESS)
    assert (found["log"], found["record"], found["offset"]) == ("defender_process", 1, 0)
    assert (found["clock"], found["clock_source"]) == (1_772_356_320_123_456, "Timestamp")
    assert found["FolderPath"] == r"C:\Windows\System32\cmd.exe"
    assert found["ReportId"] == "71"
    assert found["Hashes"] == f"SHA1={'a' * 40},SHA256={'b' * 64}"
    assert "MD5" not in found


def without_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in PLACE} for row in rows]


def test_every_wrapping_gives_the_same_rows() -> None:
    plain, _ = read(LINES, ndjson(PROCESS, REGISTRY))
    streamed = [
        {"time": "x", "category": "AdvancedHunting-DeviceProcessEvents", "properties": row}
        for row in (PROCESS, REGISTRY)
    ]
    answer = {"Schema": [{"Name": "Timestamp"}], "Results": [PROCESS, REGISTRY], "Stats": {"rows": 2}}
    wrapped = {
        "streamed": read(LINES, ndjson(*streamed)),
        "in batches": read(LINES, ndjson({"records": streamed})),
        "api": read(DOCUMENT, json.dumps(answer).encode()),
        "graph": read(
            DOCUMENT, json.dumps({"schema": [], "results": [PROCESS, REGISTRY]}, indent=2).encode()
        ),
        "list": read(DOCUMENT, json.dumps([PROCESS, REGISTRY], indent=1).encode()),
        "portal": read(TABLE, portal(PROCESS, REGISTRY)),
        "portal, utf-16": read(TABLE, portal(PROCESS, REGISTRY).decode("utf-8-sig").encode("utf-16")),
    }
    for name, (rows, unread) in wrapped.items():
        assert (name, without_place(rows), unread) == (name, without_place(plain), [])


def test_each_action_goes_to_its_log() -> None:
    actions = {
        "ConnectionSuccess": "defender_network", "InboundConnectionAccepted": "defender_network_inbound",
        "FileCreated": "defender_file", "RegistryKeyCreated": "defender_registry", "ImageLoaded":
        "defender_image_load", "LogonSuccess": "defender_logon", "LogonFailed": "defender_logon_failed",
        "DnsQueryResponse": "defender_event_dns", "NamedPipeEvent": "defender_event_pipe",
        "AntivirusDetection": "defender_event_antivirus", "SomethingNew": "defender_event",
    }  # fmt: skip
    assert {action: one({**BASE, "ActionType": action})["log"] for action in actions} == actions


@pytest.mark.parametrize(
    ("kind", "data", "details"),
    [
        ("Dword", "4", "DWORD (0x00000004)"),
        ("Dword", "0xff", "DWORD (0x000000ff)"),
        ("Qword", "4294967297", "QWORD (0x00000001-0x00000001)"),
        ("Binary", "AAEC", "Binary Data"),
        ("String", "1", "1"),
        ("Dword", "none", "none"),
    ],
)
def test_registry_data_reads_as_sysmon_writes_it(kind: str, data: str, details: str) -> None:
    assert one({**REGISTRY, "RegistryValueType": kind, "RegistryValueData": data})["Details"] == details


@pytest.mark.parametrize(
    ("key", "target"),
    [
        (
            r"HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Services\x",
            r"HKLM\System\CurrentControlSet\Services\x\Start",
        ),
        (r"HKEY_LOCAL_MACHINE\SOFTWARE\x", r"HKLM\SOFTWARE\x\Start"),
        (r"HKEY_CURRENT_USER\S-1-5-21-1\Software\x", r"HKU\S-1-5-21-1\Software\x\Start"),
        (r"HKEY_CURRENT_USER\Software\x", r"HKCU\Software\x\Start"),
        (r"\Registry\odd", r"\Registry\odd\Start"),
    ],
)
def test_registry_paths_have_short_hives(key: str, target: str) -> None:
    assert one({**REGISTRY, "RegistryKey": key})["TargetObject"] == target


def test_a_deleted_key_is_known_by_what_it_was() -> None:
    row = {
        **BASE,
        "ActionType": "RegistryKeyDeleted",
        "PreviousRegistryKey": r"HKEY_LOCAL_MACHINE\SOFTWARE\x",
    }
    assert one(row)["TargetObject"] == r"HKLM\SOFTWARE\x"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://files.example.com:8443/a?b", "files.example.com"),
        ("files.example.com", "files.example.com"),
        ("files.example.com/a", "files.example.com"),
        ("https://user@files.example.com/", "files.example.com"),
    ],
)
def test_a_remote_url_has_a_host(url: str, host: str) -> None:
    assert one({**BASE, "ActionType": "ConnectionSuccess", "RemoteUrl": url})["DestinationHostname"] == host


def test_what_lies_in_additional_fields_is_reached() -> None:
    def event(action: str, **fields: Any) -> dict[str, Any]:
        return one({**BASE, "ActionType": action, "AdditionalFields": json.dumps(fields)})

    assert event("NamedPipeEvent", PipeName=r"\Device\NamedPipe\abc")["PipeName"] == r"\abc"
    assert event("OpenProcessApiCall", DesiredAccess=5136)["GrantedAccess"] == "0x1410"
    assert event("DnsQueryResponse", DnsQueryString="a.example.com")["QueryName"] == "a.example.com"
    assert event("AntivirusDetection", ThreatName="Test")["AdditionalFields.ThreatName"] == "Test"


def test_additional_fields_that_are_no_json_leave_the_row_whole() -> None:
    found = one({**BASE, "ActionType": "NamedPipeEvent", "AdditionalFields": "{broken"})
    assert found["DeviceName"] == "ws01.example.com"


def test_a_sign_in_is_4624_or_4625_of_the_security_log() -> None:
    signed, failed = (one({**BASE, "ActionType": a}) for a in ("LogonSuccess", "LogonFailed"))
    assert (signed["Channel"], signed["EventID"]) == ("Security", "4624")
    assert (failed["Channel"], failed["EventID"]) == ("Security", "4625")


def test_the_portals_local_times_are_read_in_the_zone_given() -> None:
    row = {**PROCESS, "Timestamp": "Mar 1, 2026 6:12:00 PM"}
    (found,), _ = read(TABLE, source(portal(row), zone="Asia/Tokyo"))
    assert found["clock"] == 1_772_356_320_000_000


def test_log_analytics_rows_have_another_time_column() -> None:
    row = {**PROCESS, "TimeGenerated [UTC]": "3/1/2026, 9:12:00.000 AM", "Timestamp": ""}
    (found,), _ = read(TABLE, portal(row))
    assert (found["clock"], found["clock_source"]) == (1_772_356_320_000_000, "TimeGenerated")


def test_a_csv_row_keeps_the_line_it_starts_on_and_comes_back() -> None:
    data = portal(PROCESS, REGISTRY)
    rows, _ = read(TABLE, data)
    assert [row["record"] for row in rows] == [2, 4]
    assert TABLE.record(source(data), 4, rows[1]["offset"]) == data.decode().splitlines()[3]


def test_a_document_numbers_its_objects_and_gives_them_back() -> None:
    data = json.dumps({"Results": [PROCESS, REGISTRY]}, indent=2).encode()
    rows, _ = read(DOCUMENT, data)
    assert [row["record"] for row in rows] == [1, 2]
    assert data[rows[1]["offset"] :].startswith(b'{\n      "Timestamp"')
    assert json.loads(DOCUMENT.record(source(data), 2, 0) or "") == REGISTRY


def test_a_torn_document_gives_what_stands_before_the_tear() -> None:
    data = json.dumps({"Results": [PROCESS, REGISTRY]}).encode()
    rows, unread = read(DOCUMENT, data[:-40])
    assert len(rows) == 1
    assert unread[0].reason.startswith("ends early")


def test_a_damaged_object_costs_only_itself() -> None:
    data = json.dumps([PROCESS, PROCESS, REGISTRY]).encode()
    second = data.index(b'"ReportId": 71', data.index(b'"ReportId": 71') + 1)
    rows, unread = read(DOCUMENT, data[:second] + b"#" + data[second + 1 :])
    assert [row["log"] for row in rows] == ["defender_process", "defender_registry"]
    assert len(unread) == 1


def test_only_device_tables_are_claimed() -> None:
    identity = {"Timestamp": "x", "ActionType": "LogonSuccess", "DeviceName": "a", "Application": "AD"}
    assert LINES.claims(ndjson(PROCESS))
    assert not LINES.claims(ndjson(identity))
    assert not LINES.claims(ndjson({"Timestamp": "x", "ActionType": "y"}))


def test_every_alias_names_a_column_or_a_template_of_columns() -> None:
    for log in catalogue().of_family("defender"):
        for name, alias in log.aliases.items():
            parts = (
                [p.partition("}")[0] for p in alias.template.split("{")[1:]]
                if alias.template
                else [alias.column]
            )
            assert (log.name, name, set(parts) - set(log.columns)) == (log.name, name, set())


WHOLE = (
    ndjson(PROCESS, REGISTRY),
    json.dumps({"Results": [PROCESS, REGISTRY]}).encode(),
    portal(PROCESS, REGISTRY),
)


@settings(deadline=None)
@given(st.integers(0, 2), st.floats(0, 1), st.integers(0, 7), st.floats(0, 1))
def test_no_damage_raises(which: int, place: float, bit: int, cut: float) -> None:
    reader = (LINES, DOCUMENT, TABLE)[which]
    data = bytearray(WHOLE[which])
    data[int(place * (len(data) - 1))] ^= 1 << bit
    read(reader, bytes(data))
    read(reader, WHOLE[which][: int(cut * len(data))])

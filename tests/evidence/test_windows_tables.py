"""What Windows events mean: the tables say of them what the events themselves say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sakimori.engine.local import Local
from sakimori.records.catalogue import catalogue
from tests.evidence.test_tables_of_logs import plain, rows
from tests.rows import store_of

WINDOWS = catalogue().of_family("windows")
HOST = "ws01.example.com"


def one(folder: Path, table: str, log: str, **given: object) -> dict[str, Any]:
    """The row of a table that an event with these fields makes, without its host."""
    (found,) = rows(folder, table, {log: [{"Computer": HOST, **given}]})
    assert found.pop("host") == HOST
    return found


def test_every_expression_of_every_windows_log_runs(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store", catalogue(), {log.name: [plain(log)] for log in WINDOWS if log.tables}
    )
    with Local(store, catalogue(), 200 << 20, tmp_path / "temp") as local:
        for table in sorted({table for log in WINDOWS for table in log.tables}):
            filled = {log.name for log in WINDOWS if table in log.tables}
            found = local.query(f'SELECT log, host FROM "{table}"').to_pylist()
            assert {row["log"] for row in found if row["host"] == "1"} >= filled


def test_4688_is_a_process(tmp_path: Path) -> None:
    assert one(
        tmp_path,
        "process",
        "windows_security_process_created",
        SubjectDomainName="EXAMPLE",
        SubjectUserName="kimura",
        SubjectLogonId="0xc61d9",
        NewProcessId="0x1a74",
        NewProcessName=r"C:\Temp\a.exe",
        CommandLine="a.exe -q",
        ParentProcessName=r"C:\Windows\explorer.exe",
        ProcessId="0xc08",
        MandatoryLabel="S-1-16-12288",
    ) == {
        "account": r"EXAMPLE\kimura",
        "image": r"C:\Temp\a.exe",
        "command_line": "a.exe -q",
        "pid": 6772,
        "parent_image": r"C:\Windows\explorer.exe",
        "parent_pid": 3080,
        "integrity": "High",
        "session": "0xc61d9",
    }


def test_a_sysmon_connection_is_a_flow(tmp_path: Path) -> None:
    assert one(
        tmp_path,
        "network_flow",
        "windows_sysmon_3",
        Image=r"C:\Temp\a.exe",
        User=r"EXAMPLE\kimura",
        Protocol="tcp",
        Initiated="true",
        SourceIp="10.1.0.5",
        SourcePort="50123",
        DestinationIp="198.51.100.7",
        DestinationPort="443",
        DestinationHostname="-",
    ) == {
        "account": r"EXAMPLE\kimura",
        "image": r"C:\Temp\a.exe",
        "direction": "outbound",
        "protocol": "tcp",
        "source_address": "10.1.0.5",
        "source_port": 50123,
        "destination_address": "198.51.100.7",
        "destination_port": 443,
    }


def test_the_filtering_platforms_codes_are_put_in_words(tmp_path: Path) -> None:
    assert one(
        tmp_path,
        "network_flow",
        "windows_security_filtering",
        EventID="5157",
        Application=r"\device\harddiskvolume2\temp\a.exe",
        Direction="%%14592",
        Protocol="17",
        SourceAddress="198.51.100.7",
        SourcePort="53",
        DestAddress="10.1.0.5",
        DestPort="50123",
    ) == {
        "image": r"\device\harddiskvolume2\temp\a.exe",
        "direction": "inbound",
        "protocol": "udp",
        "source_address": "198.51.100.7",
        "source_port": 53,
        "destination_address": "10.1.0.5",
        "destination_port": 50123,
        "state": "blocked",
    }


@pytest.mark.parametrize(
    ("log", "given", "expected"),
    [
        (
            "windows_security_signed_in",
            {
                "TargetDomainName": "EXAMPLE",
                "TargetUserName": "kimura",
                "LogonType": "3",
                "IpAddress": "192.0.2.7",
                "WorkstationName": "-",
                "ProcessName": "-",
                "TargetLogonId": "0x1",
                "AuthenticationPackageName": "NTLM",
            },
            {
                "account": r"EXAMPLE\kimura",
                "logon_type": "3",
                "source_address": "192.0.2.7",
                "result": "success",
                "session": "0x1",
                "auth_package": "NTLM",
            },
        ),
        (
            "windows_security_sign_in_failed",
            {
                "TargetDomainName": "EXAMPLE",
                "TargetUserName": "kimura",
                "LogonType": "3",
                "IpAddress": "-",
                "Status": "0xc000006d",
                "SubStatus": "0xc000006a",
                "WorkstationName": "PC9",
            },
            {
                "account": r"EXAMPLE\kimura",
                "logon_type": "3",
                "result": "failure",
                "failure_reason": "0xc000006a",
                "source_host": "PC9",
            },
        ),
        (
            "windows_security_kerberos",
            {
                "EventID": "4771",
                "TargetUserName": "kimura",
                "IpAddress": "::ffff:192.0.2.7",
                "Status": "0x18",
            },
            {
                "account": "kimura",
                "logon_type": "kerberos ticket",
                "source_address": "192.0.2.7",
                "result": "failure",
                "failure_reason": "0x18",
                "auth_package": "Kerberos",
            },
        ),
        (
            "windows_security_ntlm_validation",
            {
                "TargetUserName": "kimura",
                "Workstation": "PC9",
                "Status": "0x0",
                "PackageName": "MICROSOFT_V1_0",
            },
            {
                "account": "kimura",
                "logon_type": "ntlm validation",
                "source_host": "PC9",
                "result": "success",
                "auth_package": "MICROSOFT_V1_0",
            },
        ),
        (
            "windows_terminal_services_session",
            {"EventID": "21", "User": r"EXAMPLE\kimura", "Address": "LOCAL", "SessionID": "2"},
            {
                "account": r"EXAMPLE\kimura",
                "logon_type": "remote desktop",
                "result": "success",
                "session": "2",
            },
        ),
    ],
)
def test_sign_ins_of_all_kinds(
    tmp_path: Path, log: str, given: dict[str, object], expected: dict[str, str]
) -> None:
    assert one(tmp_path, "sign_in", log, **given) == expected


@pytest.mark.parametrize(
    ("log", "given", "expected"),
    [
        (
            "windows_system_service_installed",
            {
                "ServiceName": "x",
                "ImagePath": r"C:\Temp\a.exe",
                "StartType": "auto start",
                "AccountName": "LocalSystem",
                "UserID": "S-1-5-18",
            },
            {
                "name": "x",
                "image_path": r"C:\Temp\a.exe",
                "start_type": "auto start",
                "action": "install",
                "service_account": "LocalSystem",
                "account": "S-1-5-18",
            },
        ),
        (
            "windows_system_service_state",
            {"EventID": "7036", "param1": "Windows Update", "param2": "stopped"},
            {"name": "Windows Update", "action": "stopped"},
        ),
        (
            "windows_system_service_state",
            {
                "EventID": "7040",
                "param1": "Windows Update",
                "param2": "auto start",
                "param3": "disabled",
                "param4": "wuauserv",
            },
            {"name": "wuauserv", "start_type": "disabled", "action": "change start type"},
        ),
    ],
)
def test_services_installed_stopped_and_changed(
    tmp_path: Path, log: str, given: dict[str, object], expected: dict[str, str]
) -> None:
    assert one(tmp_path, "service", log, **given) == expected


def test_a_changed_task_shows_its_new_content(tmp_path: Path) -> None:
    assert one(
        tmp_path,
        "scheduled_job",
        "windows_security_scheduled_task",
        EventID="4702",
        TaskName=r"\x",
        TaskContentNew="<Task/>",
        SubjectDomainName="EXAMPLE",
        SubjectUserName="a",
    ) == {"name": r"\x", "content": "<Task/>", "action": "update", "account": r"EXAMPLE\a"}


def test_a_module_events_context_names_user_and_program(tmp_path: Path) -> None:
    said = {
        "Host Application": "powershell.exe -File a.ps1",
        "Script Name": r"C:\Temp\a.ps1",
        "User": r"EXAMPLE\kimura",
        "Connected User": "",
    }
    context = "".join(f"        {name} = {value}\r\n" for name, value in said.items())
    assert one(
        tmp_path, "script", "windows_powershell_module", ContextInfo=context, Payload="CommandInvocation(x)"
    ) == {
        "account": r"EXAMPLE\kimura",
        "text": "CommandInvocation(x)",
        "path": r"C:\Temp\a.ps1",
        "image": "powershell.exe -File a.ps1",
    }


def test_a_classic_engine_start_names_its_program(tmp_path: Path) -> None:
    data = "Available\nNone\n\tHostName=ConsoleHost\r\n\tHostApplication=powershell.exe -q\r\n"
    assert one(tmp_path, "script", "windows_powershell_classic_start", Data=data) == {
        "text": "powershell.exe -q",
        "image": "ConsoleHost",
    }

"""Rules in Sysmon's and SigmaHQ's words speak on Defender rows and Zeek logs through the catalogue alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from sakimori.detection.sigma import Engine, load_pack
from sakimori.evidence.defender import DefenderLines
from sakimori.evidence.reader import Reader
from sakimori.evidence.zeek import ZeekJson, ZeekTsv
from sakimori.records.batch import Batch
from sakimori.records.catalogue import catalogue
from tests.evidence.reading import source
from tests.evidence.test_defender import BASE, PROCESS, REGISTRY, ndjson
from tests.evidence.test_zeek import header, row

RULE = """\
title: A rule of a test
id: 00000000-0000-4000-8000-000000000001
status: test
level: low
logsource: {logsource}
detection:
    selection: {selection}
    condition: selection
"""


def speaks(folder: Path, reader: Reader, data: bytes, logsource: str, selection: Any) -> bool:
    """Whether a rule of this log source with one selection fires on what the reader reads."""
    folder.mkdir(exist_ok=True)
    text = RULE.format(logsource=logsource, selection=json.dumps(selection))
    (folder / "rule.yml").write_text(text, encoding="utf-8")
    engine = Engine(load_pack((folder,), None), catalogue())
    batches: Iterable[Any] = reader.read(source(data), engine.plan())
    return any(engine.look(batch) is not None for batch in batches if isinstance(batch, Batch))


NETWORK = {
    **BASE, "ActionType": "ConnectionSuccess", "RemoteIP": "198.51.100.7", "RemotePort": 8443,
    "RemoteUrl": "https://files.example.com/a", "LocalIP": "10.1.0.5", "LocalPort": 50123, "Protocol": "Tcp",
}  # fmt: skip
INBOUND = {**NETWORK, "ActionType": "InboundConnectionAccepted", "LocalPort": 3389}
FILE = {
    **BASE, "ActionType": "FileCreated", "FileName": "a.ps1", "FolderPath": r"C:\Users\Public\a.ps1",
}  # fmt: skip
LOGON = {**BASE, "ActionType": "LogonFailed", "AccountName": "mori", "LogonType": "RemoteInteractive"}
PIPE = {
    **BASE,
    "ActionType": "NamedPipeEvent",
    "AdditionalFields": '{"PipeName": "\\\\Device\\\\NamedPipe\\\\abc"}',
}
DNS = {**BASE, "ActionType": "DnsQueryResponse", "AdditionalFields": '{"DnsQueryString": "a.example.com"}'}


@pytest.mark.parametrize(
    ("event", "logsource", "selection"),
    [
        (
            PROCESS,
            "{category: process_creation, product: windows}",
            {
                "Image|endswith": r"\cmd.exe", "ParentImage|endswith": r"\explorer.exe",
                "User": r"EXAMPLE\mori",
                "CommandLine|contains": "dir", "IntegrityLevel": "Medium", "Hashes|contains": "SHA256=bbbb",
                "GrandParentImage|endswith": r"\userinit.exe",
            },
        ),
        (
            REGISTRY,
            "{category: registry_set, product: windows}",
            {
                "TargetObject|startswith": "HKLM\\System\\CurrentControlSet\\",
                "Details": "DWORD (0x00000004)",
                "Image|endswith": r"\explorer.exe", "EventType": "SetValue",
            },
        ),
        (
            NETWORK,
            "{category: network_connection, product: windows}",
            {
                "DestinationIp|cidr": "198.51.100.0/24", "DestinationPort": 8443, "Initiated": "true",
                "DestinationHostname|endswith": ".example.com", "Protocol": "tcp",
            },
        ),
        (
            INBOUND,
            "{category: network_connection, product: windows}",
            {"SourceIp": "198.51.100.7", "DestinationPort": 3389, "Initiated": "false"},
        ),
        (
            FILE,
            "{category: file_event, product: windows}",
            {"TargetFilename|endswith": ".ps1", "Image|endswith": r"\explorer.exe"},
        ),
        (
            {**FILE, "ActionType": "ImageLoaded"},
            "{category: image_load, product: windows}",
            {"ImageLoaded|endswith": r"\a.ps1", "Image|endswith": r"\explorer.exe"},
        ),
        (
            LOGON,
            "{service: security, product: windows}",
            {"EventID": 4625, "TargetUserName": "mori", "LogonType": 10},
        ),
        (PIPE, "{category: pipe_created, product: windows}", {"PipeName": r"\abc"}),
        (DNS, "{category: dns_query, product: windows}", {"QueryName": "a.example.com"}),
    ],
    ids=lambda value: value.get("ActionType") if isinstance(value, dict) and "ActionType" in value else "",
)  # fmt: skip
def test_a_rule_for_sysmon_speaks_on_defender(
    tmp_path: Path, event: dict[str, Any], logsource: str, selection: dict[str, Any]
) -> None:
    assert speaks(tmp_path / "all", DefenderLines(), ndjson(event), logsource, selection)
    for field in selection:
        other = {**selection, field: "192.0.2.0/24" if field.endswith("cidr") else "something else"}
        assert not speaks(tmp_path / "but-one", DefenderLines(), ndjson(event), logsource, other)


def test_a_deletion_is_no_value_set(tmp_path: Path) -> None:
    deleted = {**REGISTRY, "ActionType": "RegistryValueDeleted"}
    chosen = {"TargetObject|contains": "Services"}
    for category, event, fires in (
        ("registry_set", REGISTRY, True),
        ("registry_set", deleted, False),
        ("registry_delete", deleted, True),
        ("registry_event", deleted, True),
    ):
        logsource = f"{{category: {category}, product: windows}}"
        assert speaks(tmp_path / "r", DefenderLines(), ndjson(event), logsource, chosen) is fires


HTTP = header(
    "http",
    (
        "ts",
        "uid",
        "id.orig_h",
        "id.resp_h",
        "trans_depth",
        "method",
        "host",
        "uri",
        "user_agent",
        "status_code",
    ),
    ("time", "string", "addr", "addr", "count", "string", "string", "string", "string", "count"),
) + row("1.5", "C1", "10.1.0.5", "198.51.100.7", "1", "GET", "a.example.com", "/x.exe", "odd/1.0", "200")


@pytest.mark.parametrize(
    ("logsource", "selection"),
    [
        (
            "{category: proxy}",
            {"c-uri|endswith": ".exe", "c-useragent": "odd/1.0", "cs-host": "a.example.com"},
        ),
        ("{category: webserver}", {"cs-uri-query|contains": "x", "cs-method": "GET", "sc-status": 200}),
        ("{product: zeek, service: http}", {"uri": "/x.exe", "id.orig_h|cidr": "10.0.0.0/8"}),
    ],
)
def test_web_rules_speak_on_zeek(tmp_path: Path, logsource: str, selection: dict[str, Any]) -> None:
    assert speaks(tmp_path, ZeekTsv(), HTTP, logsource, selection)


def test_dns_rules_speak_on_zeek(tmp_path: Path) -> None:
    line = ndjson({"ts": 1.5, "uid": "C1", "query": "a.example.com", "qtype_name": "TXT", "rejected": True})
    for logsource, selection in (
        ("{category: dns}", {"query|endswith": ".example.com", "record_type": "TXT"}),
        ("{product: zeek, service: dns}", {"rejected": "true"}),
    ):
        assert speaks(tmp_path, ZeekJson(), line, logsource, selection)

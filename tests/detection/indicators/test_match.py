"""Each type is found where it stands in a table, and just beside it nothing is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detection.behaviours.told import at
from tests.detection.indicators.meeting import known, met

SHA256 = "ab" * 32
MD5 = "cd" * 16

SPEAKS = [
    ("domain", "c2.example.com", "dns_query", {"host": "ws-01", "query": "update.C2.example.com."}),
    ("domain", "c2.example.com", "http_request",
     {"host": "proxy", "url_host": "c2.example.com:8443", "url_path": "/"}),
    ("domain", "c2.example.com", "mail_trace",
     {"account": "mei@example.org", "sender": "Jobs <hr@c2.example.com>"}),
    ("domain", "c2.example.com", "download", {"host": "ws-01", "url": "https://c2.example.com/a/b.zip"}),
    ("address", "203.0.113.7", "network_flow", {"host": "ws-01", "destination_address": "203.0.113.7"}),
    ("address", "203.0.113.7", "sign_in", {"account": "mei", "source_address": "203.0.113.7:50123"}),
    ("address", "203.0.113.7", "dns_query",
     {"host": "ws-01", "query": "a.example", "answers": '["::1","203.0.113.7"]'}),
    ("address", "203.0.113.7", "http_request",
     {"host": "proxy", "url_host": "203.0.113.7", "url_path": "/x"}),
    ("address", "203.0.113.0/25", "network_flow", {"host": "ws-01", "destination_address": "203.0.113.99"}),
    ("address", "2001:db8::7", "network_flow", {"host": "ws-01", "destination_address": "2001:DB8::7"}),
    ("address_port", "203.0.113.7:8443", "network_flow",
     {"host": "ws-01", "destination_address": "203.0.113.7", "destination_port": 8443}),
    ("address_port", "[2001:db8::7]:443", "network_flow",
     {"host": "ws-01", "destination_address": "2001:db8::7", "destination_port": 443}),
    ("url", "https://old.example.com/wp/Load.php?id=1", "http_request",
     {"host": "proxy", "url_host": "old.example.com", "url_path": "/wp/Load.php?id=1"}),
    ("url", "https://old.example.com:8080/a.php", "http_request",
     {"host": "proxy", "url_host": "old.example.com", "url_path": "/a.php", "destination_port": 8080}),
    ("url", "old.example.com/a.php", "web_visit",
     {"host": "ws-01", "url": "https://OLD.example.com:443/a.php"}),
    ("url_path", "/board/icon/list.php", "http_request",
     {"host": "proxy", "url_host": "any.example", "url_path": "/board/icon/list.php?n=7"}),
    ("hash", SHA256, "process",
     {"host": "ws-01", "image": r"C:\a.exe", "hashes": f"MD5={MD5},SHA256={SHA256.upper()}"}),
    ("hash", MD5, "image_load",
     {"host": "ws-01", "image": r"C:\a.exe", "loaded": r"C:\b.dll", "hashes": f"MD5={MD5}"}),
    ("file_name", "evil_loader.exe", "process", {"host": "ws-01", "image": r"C:\Users\mei\Evil_Loader.exe"}),
    ("file_name", "job_*.iso", "file_event", {"host": "ws-01", "path": r"C:\Users\mei\Job_Offer 2.iso"}),
    ("path", r"c:\programdata\cisco\cagt.exe", "process",
     {"host": "ws-01", "image": r"\Device\HarddiskVolume3\ProgramData\Cisco\cagt.exe"}),
    ("path", r"*\adobe\arm\lib.dat", "file_event",
     {"host": "ws-01", "path": r"C:\Users\mei\AppData\Adobe\ARM\lib.dat"}),
    ("path", "/library/launchdaemons/com.bad.plist", "persistence",
     {"host": "mac-1", "path": "/Library/LaunchDaemons/com.bad.plist"}),
    ("registry_key", r"hklm\software\microsoft\badkey", "registry_event",
     {"host": "ws-01", "key": r"\REGISTRY\MACHINE\SOFTWARE\Microsoft\BadKey\Value"}),
    ("registry_key", r"hkcu\software\badvendor\x", "registry_event",
     {"host": "ws-01", "key": r"HKU\S-1-5-21-1-2-3-1001\Software\BadVendor\x"}),
    ("service", "winhelpsvc", "service", {"host": "ws-01", "name": "WinHelpSvc"}),
    ("task", r"windows health", "scheduled_job", {"host": "ws-01", "name": r"\Windows Health"}),
    ("command_line", "portopening tcp 443", "process",
     {"host": "ws-01", "command_line": "netsh  PortOpening TCP  443 x"}),
    ("command_line", "aaaa.dat*key=1", "process",
     {"host": "ws-01", "command_line": "run AAAA.dat now KEY=1"}),
    ("user_agent", "BadAgent/1.0", "http_request",
     {"host": "proxy", "url_host": "x.example", "url_path": "/", "user_agent": "BadAgent/1.0"}),
]  # fmt: skip

SILENT = [
    ("domain", "c2.example.com", "dns_query", {"host": "ws-01", "query": "notc2.example.com"}),
    ("domain", "c2.example.com", "dns_query", {"host": "ws-01", "query": "c2.example.com.evil.example"}),
    ("address", "203.0.113.7", "network_flow", {"host": "ws-01", "destination_address": "203.0.113.70"}),
    ("address", "203.0.113.0/25", "network_flow", {"host": "ws-01", "destination_address": "203.0.113.128"}),
    ("address_port", "203.0.113.7:8443", "network_flow",
     {"host": "ws-01", "destination_address": "203.0.113.7", "destination_port": 443}),
    ("url", "https://old.example.com/wp/load.php", "http_request",
     {"host": "proxy", "url_host": "old.example.com", "url_path": "/index.html"}),
    ("hash", MD5, "process", {"host": "ws-01", "hashes": f"SHA256={MD5}{MD5}"}),
    ("file_name", "job_*.iso", "file_event", {"host": "ws-01", "path": r"C:\job_1\other.iso"}),
    ("path", r"c:\programdata\cisco\cagt.exe", "process", {"host": "ws-01", "image": r"C:\Cisco\cagt.exe"}),
    ("registry_key", r"hklm\software\microsoft\badkey", "registry_event",
     {"host": "ws-01", "key": r"HKLM\SOFTWARE\Microsoft\BadKey2"}),
    ("command_line", "portopening tcp 443", "process",
     {"host": "ws-01", "command_line": "portopening tcp 80"}),
    ("domain", "hacked.example.com", "dns_query", {"host": "ws-01", "query": "other.example.com"}),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "value", "table", "row"), SPEAKS)
def test_it_is_found_where_it_stands(
    tmp_path: Path, type_: str, value: str, table: str, row: dict[str, object]
) -> None:
    said = met(tmp_path, [known(type_, value)], **{table: [at(1, **row)]})
    (found,) = said.findings
    assert (found.facts["value"], found.detector[: len(type_) + 11]) == (value, f"indicator:{type_}:")
    assert [place.file for place in found.places] == ["evidence.json"]
    assert [state.state for state in said.states] == ["spoke"]


@pytest.mark.parametrize(("type_", "value", "table", "row"), SILENT)
def test_just_beside_it_nothing_is_said(
    tmp_path: Path, type_: str, value: str, table: str, row: dict[str, object]
) -> None:
    said = met(tmp_path, [known(type_, value)], **{table: [at(1, **row)]})
    assert (said.findings, [state.state for state in said.states]) == ((), ["silent"])

"""What hives, prefetch and file tables mean, in the tables that behaviours read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sakimori.evidence.mft import MasterFileTable
from sakimori.evidence.reader import Reader, Source
from sakimori.evidence.registry.hives import RegistryHive
from sakimori.records.batch import Batch
from sakimori.records.catalogue import catalogue
from sakimori.records.plan import stored_only
from tests.evidence.hive_writer import hive
from tests.evidence.mft_writer import table
from tests.evidence.reading import source
from tests.evidence.test_golden import tables
from tests.evidence.test_registry_hives import SOFTWARE, SYSTEM, USER
from tests.evidence.test_triage_traces import FILES

SID = "S-1-5-21-1-2-3-1001"


def told(folder: Path, reader: Reader, data: bytes, path: str) -> dict[str, list[dict[str, Any]]]:
    whole = source(data)
    found = reader.read(Source(path=path, stream=whole.stream, head=whole.head), stored_only(catalogue()))
    return tables(folder, [one for one in found if isinstance(one, Batch)])


def test_the_tables_of_a_system_hive(tmp_path: Path) -> None:
    made = told(tmp_path, RegistryHive(), hive(SYSTEM), "SYSTEM")
    assert made["service"] == [
        {
            "host": "WS01",
            "name": "Updater",
            "image_path": r'"C:\ProgramData\up.exe" -k',
            "start_type": "auto",
            "service_account": "LocalSystem",
            "action": "present",
        }
    ]
    assert [(row["kind"], row["command"]) for row in made["persistence"]] == [
        ("lsa package", "msv1_0\nevil"),
        ("print monitor", "odd.dll"),
        ("service", r'"C:\ProgramData\up.exe" -k'),
    ]
    assert made["program_execution"] == [
        {
            "host": "WS01",
            "account": SID,
            "path": r"\Device\HarddiskVolume3\Users\mei\a.exe",
            "name": "a.exe",
            "trace": "bam",
            "ran": "yes",
        },
        {"host": "WS01", "path": r"C:\Temp\a.exe", "name": "a.exe", "trace": "shimcache", "ran": "present"},
    ]
    assert made["device"] == [{"host": "WS01"}]
    assert made["address_lease"] == [
        {"address": "192.0.2.7", "host": "WS01", "action": "seen", "until": 1772528400000000, "how": "dhcp"}
    ]
    assert made["usb_device"] == [
        {
            "host": "WS01",
            "vendor": "Example",
            "product": "Example Stick",
            "serial": "4711&0",
            "kind": "storage",
            "action": "present",
        }
    ]


def test_the_tables_of_a_software_hive(tmp_path: Path) -> None:
    made = told(tmp_path, RegistryHive(), hive(SOFTWARE), "2026-03-02T091200_WS01/C/SOFTWARE")
    assert made.keys() == {"persistence", "scheduled_job", "software", "account", "device"}
    assert made["software"] == [
        {
            "host": "WS01",
            "ecosystem": "windows",
            "name": "Chat",
            "version": "1.2",
            "publisher": "Example",
            "state": "installed",
        }
    ]
    assert made["account"] == [{"account": "mei", "provider": "WS01", "sam": "mei", "sid": SID}]
    assert made["device"] == [{"host": "WS01", "system": "Windows 11 Pro 22631"}]
    assert made["scheduled_job"] == [
        {
            "host": "WS01",
            "account": "EXAMPLE\\mei",
            "name": "\\Up",
            "content": r"C:\ProgramData\up.exe -q",
            "action": "present",
        }
    ]


def test_the_tables_of_a_users_hive(tmp_path: Path) -> None:
    data = hive({**USER, "Odd": {"data": "powershell " * 200}})
    made = told(tmp_path, RegistryHive(), data, "2026-03-02T091200_WS01/C/Users/mei/NTUSER.DAT")
    assert made["network_flow"] == [
        {
            "host": "WS01",
            "account": "mei",
            "direction": "outbound",
            "protocol": "tcp",
            "destination_address": "203.0.113.9",
            "destination_port": 3389,
        }
    ]
    (value,) = made["registry_value"]
    assert (value["key"], value["name"], value["kind"], value["bytes"]) == ("Odd", "data", "REG_SZ", 4402)
    assert value["looks"] == "script"


def test_the_tables_of_a_file_table(tmp_path: Path) -> None:
    made = told(tmp_path, MasterFileTable(), table(FILES), "2026-03-02T091200_WS01/C/$MFT")
    assert made["download"] == [
        {"host": "WS01", "url": "https://files.example.com/a.exe", "path": r"C:\Users\mei\a.exe", "size": 5}
    ]
    assert {"host": "WS01", "path": r"C:\Users\mei\b.dll", "action": "modified"} in made["file_event"]

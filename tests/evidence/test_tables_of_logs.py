"""The catalogue's table expressions of Zeek and Defender run on the engine and give what the log says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sakimori.engine.local import Local
from sakimori.records.catalogue import Log, catalogue
from sakimori.tables import TABLES
from tests.rows import store_of

FED = [
    (log.name, table)
    for family in ("zeek", "defender")
    for log in catalogue().of_family(family)
    for table in log.tables
]


def rows(folder: Path, table: str, given: dict[str, list[dict[str, object]]]) -> list[dict[str, Any]]:
    """Rows of a table over a store that holds these rows of each log; nulls and places left out."""
    store = store_of(folder / "store", catalogue(), given)
    own = {column.name for column in TABLES[table].columns}
    with Local(store, catalogue(), 200 << 20, folder / "temp") as local:
        found = local.query(f'SELECT * FROM "{table}"').to_pylist()
    return [{k: v for k, v in row.items() if v is not None and k in own} for row in found]


def plain(log: Log) -> dict[str, object]:
    """A row that holds `1` in each column."""
    return dict.fromkeys(log.columns, "1")


@pytest.mark.parametrize(("log", "table"), FED)
def test_an_expression_runs_and_fills_only_columns_of_its_table(tmp_path: Path, log: str, table: str) -> None:
    assert catalogue()[log].tables[table].keys() <= {c.name for c in TABLES[table].columns}
    (found,) = rows(tmp_path, table, {log: [plain(catalogue()[log])]})
    assert found["host"] == "1"


def test_a_zeek_connection_is_a_flow(tmp_path: Path) -> None:
    given: dict[str, object] = {
        "uid": "C1", "id.orig_h": "10.1.0.5", "id.orig_p": "50123", "id.resp_h": "198.51.100.7",
        "id.resp_p": "443", "proto": "tcp", "orig_bytes": "100", "resp_bytes": "20000", "duration": "1.5",
        "conn_state": "SF", "local_orig": "true", "local_resp": "false",
    }  # fmt: skip
    assert rows(tmp_path, "network_flow", {"zeek_conn": [given]}) == [
        {
            "host": "10.1.0.5", "direction": "outbound", "protocol": "tcp", "source_address": "10.1.0.5",
            "source_port": 50123, "destination_address": "198.51.100.7", "destination_port": 443,
            "bytes_out": 100, "bytes_in": 20000, "duration": 1.5, "state": "SF", "flow": "C1",
        }
    ]  # fmt: skip


def test_a_defender_process_knows_its_parent(tmp_path: Path) -> None:
    given: dict[str, object] = {
        "DeviceId": "d1", "DeviceName": "ws01", "AccountDomain": "example", "AccountName": "mori",
        "FolderPath": r"C:\a.exe", "ProcessId": "7", "ProcessCreationTime": "t7",
        "InitiatingProcessFolderPath": r"C:\b.exe", "InitiatingProcessId": "6",
        "InitiatingProcessCreationTime": "t6",
    }  # fmt: skip
    assert rows(tmp_path, "process", {"defender_process": [given]}) == [
        {
            "host": "ws01", "account": r"example\mori", "image": r"C:\a.exe", "pid": 7,
            "parent_image": r"C:\b.exe", "parent_pid": 6, "process_guid": "d1:7:t7", "parent_guid": "d1:6:t6",
        }
    ]  # fmt: skip


def test_an_ntlm_sign_in_names_who_and_whence(tmp_path: Path) -> None:
    given: dict[str, object] = {
        "id.orig_h": "10.1.0.5", "id.resp_h": "10.1.0.9", "username": "mori", "domainname": "EXAMPLE",
        "hostname": "WS01", "success": "false", "status": "BAD",
    }  # fmt: skip
    assert rows(tmp_path, "sign_in", {"zeek_ntlm": [given]}) == [
        {
            "host": "10.1.0.9", "account": r"EXAMPLE\mori", "source_address": "10.1.0.5",
            "source_host": "WS01", "logon_type": "network", "result": "failure", "failure_reason": "BAD",
            "auth_package": "NTLM",
        }
    ]  # fmt: skip

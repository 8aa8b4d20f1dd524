"""The firm with Defender only: CSV a portal could have exported."""

from __future__ import annotations

import json

from sakimori.scenario.defender import cell
from tests.scenario.reading import Written, rows

TABLES = {
    "DeviceProcessEvents",
    "DeviceNetworkEvents",
    "DeviceFileEvents",
    "DeviceRegistryEvents",
    "DeviceImageLoadEvents",
    "DeviceLogonEvents",
    "DeviceEvents",
}


def test_the_seven_tables_are_there(cloud: Written) -> None:
    assert {path.stem for path in cloud.files("Device*.csv")} == TABLES


def test_every_row_has_its_header_s_cells_and_the_mark(cloud: Written) -> None:
    for path in cloud.files("Device*.csv"):
        for row in rows(path):
            assert None not in row and None not in row.values()
            assert json.loads(row["AdditionalFields"])["synthetic"] == "SAKIMORI-SYNTHETIC"
            assert row["Timestamp"].startswith(path.parent.name)


def test_one_row_is_one_line(cloud: Written) -> None:
    for path in cloud.files("Device*.csv"):
        assert len(path.read_text().splitlines()) == len(rows(path)) + 1


def test_report_numbers_are_unique(cloud: Written) -> None:
    numbers = [row["ReportId"] for path in cloud.files("Device*.csv") for row in rows(path)]
    assert len(set(numbers)) == len(numbers)


def test_registry_numbers_are_plain_numbers(cloud: Written) -> None:
    values = [
        row
        for path in cloud.files("DeviceRegistryEvents.csv")
        for row in rows(path)
        if row["RegistryValueType"] in ("Dword", "Qword")
    ]
    assert values
    assert all(row["RegistryValueData"].isdigit() for row in values)
    assert all(row["RegistryKey"].startswith("HKEY_") for row in values)


def test_a_cell_with_a_comma_or_a_quote_is_quoted() -> None:
    assert cell("plain") == "plain"
    assert cell('say "a", b') == '"say ""a"", b"'

"""The log catalogue contradicts itself nowhere, and every log source of Sigma for Windows has a log."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sakimori.errors import CatalogueError
from sakimori.findings import SUBJECT_TYPES
from sakimori.records.catalogue import Catalogue, Log, catalogue
from sakimori.records.clock import time_column
from sakimori.tables import TABLES
from sakimori.tables.views import WHERE

LOGS = list(catalogue().logs.values())
WINDOWS = catalogue().of_family("windows")
# Every log source Sigma's own repository uses for Windows, so that the check stands without a checkout of it.
CATEGORIES = """
    clipboard_capture create_remote_thread create_stream_hash dns_query driver_load file_access
    file_block_executable file_block_shredding file_change file_delete file_event
    file_executable_detected file_rename image_load network_connection pipe_created process_access
    process_creation process_tampering process_termination ps_classic_provider_start
    ps_classic_script ps_classic_start ps_module ps_script raw_access_thread registry_add
    registry_delete registry_event registry_rename registry_set sysmon_error sysmon_status wmi_event
    antivirus
"""
SERVICES = """
    application applocker appmodel-runtime appxdeployment-server appxpackaging-om bits-client capi2
    certificateservicesclient-lifecycle-system codeintegrity-operational diagnosis-scripted
    dns-client dns-server dns-server-analytic driver-framework firewall-as iis-configuration ldap
    lsa-server microsoft-servicebus-client msexchange-management ntlm openssh powershell
    powershell-classic printservice-admin printservice-operational security security-mitigations
    shell-core smbclient-connectivity smbclient-security smbserver-connectivity sysmon system
    taskscheduler terminalservices-localsessionmanager vhdmp windefend wmi
"""


def every_log(test: Callable[[Log], None]) -> Callable[[Log], None]:
    marked: Callable[[Log], None] = pytest.mark.parametrize("log", LOGS, ids=lambda log: log.name)(test)
    return marked


def braced(template: str) -> list[str]:
    return re.findall(r"\{(.*?)\}", template)


@every_log
def test_a_log_speaks_only_of_columns_it_has(log: Log) -> None:
    named = [*log.identity, *map(time_column, log.time)]
    for templates in log.subjects.values():
        for text in templates:
            named += braced(text) or [text]
    for alias in log.aliases.values():
        named += braced(alias.template or "") + ([alias.column] if alias.column else [])
    for expressions in log.tables.values():
        for expression in expressions.values():
            named += re.findall(r'"([^"]+)"', expression)
    for rows in log.where.values():
        named += rows
    assert [name for name in named if name not in log.columns] == []


@every_log
def test_a_log_knows_only_subjects_and_tables_that_exist(log: Log) -> None:
    assert set(log.subjects) <= set(SUBJECT_TYPES)
    assert set(log.where) <= set(log.category)
    for table, expressions in log.tables.items():
        assert set(expressions) - {WHERE} <= {column.name for column in TABLES[table].columns}


@every_log
def test_a_log_has_a_title_of_its_own(log: Log) -> None:
    assert log.title != log.name
    assert [other.name for other in LOGS if other.title == log.title and other.family == log.family] == [
        log.name
    ]


@pytest.mark.parametrize("log", WINDOWS, ids=lambda log: log.name)
def test_a_windows_event_keeps_its_header(log: Log) -> None:
    header = {
        "Channel", "EventID", "Provider_Name", "Computer", "EventRecordID", "TimeCreated", "EventTime",
        "UserID", "Execution_ProcessID", "Level",
    }  # fmt: skip
    assert header <= set(log.columns)
    assert log.identity == ("Computer", "Channel", "EventRecordID")
    assert log.time[0] == "TimeCreated"


def test_no_two_windows_logs_claim_the_same_events() -> None:
    claimed = [
        (channel, provider, event_id)
        for log in WINDOWS
        for channel in texts(log.match.get("channel"))
        for provider in texts(log.match.get("provider")) or [""]
        for event_id in texts(log.match.get("event_id")) or [""]
    ]
    assert sorted(claimed) == sorted(set(claimed))


def test_channels_differ_by_more_than_case() -> None:
    spelled = {channel for log in WINDOWS for channel in texts(log.match.get("channel"))}
    assert len({channel.lower() for channel in spelled}) == len(spelled)


@pytest.mark.parametrize("category", CATEGORIES.split())
def test_a_windows_category_has_a_log(category: str) -> None:
    assert [log.name for log in WINDOWS if category in log.category]


@pytest.mark.parametrize("service", SERVICES.split())
def test_a_windows_service_has_a_log(service: str) -> None:
    assert [log.name for log in WINDOWS if service in log.service]


def test_every_log_source_of_the_pack_for_windows_is_answered(shared: Callable[[str], Path]) -> None:
    unanswered = {
        (source.get("category"), source.get("service"))
        for source in sources(shared("sigma"))
        if source.get("product") == "windows"
        and not any(
            source.get("category") in (None, *log.category) and source.get("service") in (None, *log.service)
            for log in WINDOWS
        )
    }
    assert unanswered == set()


def sources(pack: Path) -> Iterator[dict[str, Any]]:
    # Log sources stand at the left edge; reading those lines alone is far quicker than parsing the rules.
    for rule in pack.rglob("*.yml"):
        found = re.search(
            r"^logsource:\r?\n((?:[ \t]+.*\r?\n)+)", rule.read_text(encoding="utf-8"), re.MULTILINE
        )
        if found:
            yield yaml.safe_load(found[1])


def test_4688_answers_for_sysmons_field_names() -> None:
    aliases = catalogue()["windows_security_process_created"].aliases
    assert aliases["Image"].column == "NewProcessName"
    assert aliases["ParentImage"].column == "ParentProcessName"
    assert (aliases["ProcessId"].column, aliases["ParentProcessId"].column) == ("NewProcessId", "ProcessId")
    assert aliases["IntegrityLevel"].values["S-1-16-12288"] == "High"


def test_registry_categories_are_rows_of_one_log() -> None:
    log = catalogue()["windows_sysmon_12"]
    assert "DeleteValue" in log.where["registry_delete"]["EventType"]
    assert "CreateKey" in log.where["registry_add"]["EventType"]
    assert "registry_event" not in log.where


def test_two_logs_of_one_name_are_refused() -> None:
    log = Log(name="x", family="y", columns=())
    with pytest.raises(CatalogueError):
        Catalogue((log, log), "")


def texts(value: Any) -> list[str]:
    return [] if value is None else [str(entry) for entry in (value if isinstance(value, list) else [value])]

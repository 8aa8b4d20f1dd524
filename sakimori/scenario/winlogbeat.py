"""Windows events as Winlogbeat 8 documents, one JSON object a line.

Field names: https://www.elastic.co/guide/en/beats/winlogbeat/8.13/exported-fields-winlog.html. The rendered
`message` is left out, as collectors do that save space.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from sakimori.scenario.journal import CLOCK, DAY, DayFile, Journal, Line, Witness, day_text
from sakimori.scenario.world import MARK, Host

VERSION = "8.13.4"
SYSMON, SECURITY, SYSTEM_LOG = "Microsoft-Windows-Sysmon/Operational", "Security", "System"
POWERSHELL, TASKS = "Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-TaskScheduler/Operational"
CHANNELS = (SYSMON, SECURITY, SYSTEM_LOG, POWERSHELL, TASKS)


@dataclass(frozen=True, slots=True)
class Kind:
    """One event id of one channel and what its header says."""

    channel: str
    event: int
    provider: str
    guid: str
    task: str
    version: int = 0
    level: str = "information"
    keywords: str = ""


def _sysmon(event: int, task: str, version: int = 5) -> Kind:
    return Kind(
        SYSMON, event, "Microsoft-Windows-Sysmon", "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}", task, version
    )


def _security(event: int, task: str, version: int = 0, failure: bool = False) -> Kind:
    outcome = "Audit Failure" if failure else "Audit Success"
    guid = "{54849625-5478-4994-A5BA-3E3B0328C30D}"
    return Kind(SECURITY, event, "Microsoft-Windows-Security-Auditing", guid, task, version, keywords=outcome)


SYSMON_KINDS = {
    event: _sysmon(event, f"{title} (rule: {rule})")
    for event, title, rule in (
        (1, "Process Create", "ProcessCreate"), (2, "File creation time changed", "FileCreateTime"),
        (3, "Network connection detected", "NetworkConnect"), (5, "Process terminated", "ProcessTerminate"),
        (7, "Image loaded", "ImageLoad"), (8, "CreateRemoteThread detected", "CreateRemoteThread"),
        (10, "Process accessed", "ProcessAccess"), (11, "File created", "FileCreate"),
        (12, "Registry object added or deleted", "RegistryEvent"), (13, "Registry value set", "RegistryEvent"),
        (17, "Pipe Created", "PipeEvent"), (22, "Dns query", "DnsQuery"), (23, "File Delete archived", "FileDelete"),
    )
}  # fmt: skip
SECURITY_KINDS = {
    event: _security(event, task, version, event == 4625)
    for event, task, version in (
        (4624, "Logon", 2), (4625, "Logon", 0), (4634, "Logoff", 0), (4648, "Logon", 0), (4672, "Special Logon", 0),
        (4688, "Process Creation", 2), (4697, "Security System Extension", 0), (4698, "Other Object Access Events", 1),
        (4720, "User Account Management", 0), (4768, "Kerberos Authentication Service", 0),
        (4769, "Kerberos Service Ticket Operations", 0), (4776, "Credential Validation", 0), (5140, "File Share", 1),
    )
}  # fmt: skip
SERVICE_INSTALLED = Kind(
    SYSTEM_LOG, 7045, "Service Control Manager", "{555908D1-A6D7-4695-8E1E-26931D2012F4}", "None"
)
LOG_CLEARED = Kind(
    SECURITY, 1102, "Microsoft-Windows-Eventlog", "{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}", "Log clear"
)
SYSTEM_CLEARED = Kind(SYSTEM_LOG, 104, LOG_CLEARED.provider, LOG_CLEARED.guid, "Log clear")
SCRIPT_BLOCK = Kind(
    POWERSHELL, 4104, "Microsoft-Windows-PowerShell", "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}",
    "Execute a Remote Command", 1, "verbose",
)  # fmt: skip
TASK_KINDS = {
    event: Kind(
        TASKS, event, "Microsoft-Windows-TaskScheduler", "{DE7B24EA-73C8-4A09-985D-5BDADCFA9017}", task
    )
    for event, task in (
        (106, "Task registered"),
        (140, "Task registration updated"),
        (141, "Task registration deleted"),
    )
}


class Winlogbeat:
    """The Windows events of all hosts: `emit(t, host, kind, data, tag)` with `data` the inside of event_data."""

    def __init__(self, root: Path, witness: Witness, compress: str) -> None:
        self.file = DayFile(root, "winlogbeat/{day}.ndjson", witness, compress=compress)
        self.journal = Journal(self.file, self._numbered)
        self._parts: dict[tuple[int, int, str], tuple[int, str, str]] = {}
        self._records: list[int] = []
        self._streams: dict[tuple[int, str], int] = {}

    def emit(self, t: int, host: Host, kind: Kind, data: str, tag: int, field: str = "event_data") -> None:
        """One event; `field` is event_data, or user_data for the few logs that have it."""
        key = (host.index, kind.event, kind.channel)
        parts = self._parts.get(key)
        if parts is None:
            parts = self._parts[key] = self._prepare(host, kind, field)
        self.journal.add(t, parts[0], tag, f"{parts[1]}{data}{parts[2]}")

    def _prepare(self, host: Host, kind: Kind, field: str) -> tuple[int, str, str]:
        stream = self._streams.setdefault((host.index, kind.channel), len(self._records))
        if stream == len(self._records):
            self._records.append(10_000 + int(_digest(f"{host.name}/{kind.channel}", 5), 16) % 900_000)
        return stream, _head(host, kind, field), _tail(host, kind)

    def _numbered(self, lines: list[Line]) -> list[str]:
        """The finished documents: time and record number stand first."""
        records, day = self._records, day_text(lines[0][0] // DAY)
        done = []
        for t, _, stream, _, text in lines:
            records[stream] = number = records[stream] + 1
            seconds, micros = divmod(t % DAY, 1_000_000)
            done.append(
                f'{{"@timestamp":"{day}T{CLOCK[seconds]}.{micros // 1000:03d}Z","winlog":{{"record_id":{number},{text}'
            )
        return done


def _head(host: Host, kind: Kind, field: str) -> str:
    pid = 700 + int(_digest(f"{host.name}/{kind.provider}", 3), 16) // 4 * 4
    version = f'"version":{kind.version},' if kind.version else ""
    keywords = f'"keywords":["{kind.keywords}"],' if kind.keywords else ""
    user = (
        '"user":{"identifier":"S-1-5-18","name":"SYSTEM","domain":"NT AUTHORITY","type":"User"},'
        if kind.channel == SYSMON
        else ""
    )
    return (
        f'"channel":"{kind.channel}","provider_name":"{kind.provider}","provider_guid":"{kind.guid}",'
        f'"computer_name":"{host.name}.kitaura.example.com","event_id":"{kind.event}","task":"{kind.task}",'
        f'"opcode":"Info",{version}{keywords}{user}"api":"wineventlog",'
        f'"process":{{"pid":{pid},"thread":{{"id":{pid + 612}}}}},"{field}":{{'
    )


def _tail(host: Host, kind: Kind) -> str:
    agent = _digest(f"agent/{host.name}", 32)
    agent = f"{agent[:8]}-{agent[8:12]}-{agent[12:16]}-{agent[16:20]}-{agent[20:]}"
    outcome = {"Audit Success": '"outcome":"success",', "Audit Failure": '"outcome":"failure",'}.get(
        kind.keywords, ""
    )
    return (
        f'}}}},"event":{{"code":"{kind.event}","kind":"event",{outcome}"provider":"{kind.provider}",'
        f'"action":{quoted(kind.task)}}},"log":{{"level":"{kind.level}"}},"host":{{"name":"{host.fqdn}"}},'
        f'"agent":{{"type":"winlogbeat","version":"{VERSION}","id":"{agent}","name":"{host.name}"}},'
        f'"ecs":{{"version":"8.0.0"}},"labels":{{"synthetic":"{MARK}"}}}}\n'
    )


def _digest(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]

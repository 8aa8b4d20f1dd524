"""Windows events as Winlogbeat 8 documents, one JSON object a line.

Field names: https://www.elastic.co/guide/en/beats/winlogbeat/8.13/exported-fields-winlog.html. The rendered
`message` is left out, as collectors do that save space.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from sakimori.scenario.data import toml
from sakimori.scenario.journal import CLOCK, DAY, DayFile, Journal, Line, Witness, day_text
from sakimori.scenario.world import MARK, Host

VERSION = "8.13.4"
SYSMON_CHANNEL = "Microsoft-Windows-Sysmon/Operational"
_FAILURES = (4625,)


@dataclass(frozen=True, slots=True)
class Kind:
    """One event id of one channel and what its header says."""

    channel: str
    event: int
    provider: str
    guid: str
    task: str
    version: int
    level: str
    keywords: str


def _kinds(provider: str) -> dict[int, Kind]:
    said = toml("windows_events.toml")["provider"][provider]
    level, words = said.get("level", "information"), said.get("keywords", "")
    return {
        event: Kind(
            said["channel"], event, said["name"], said["guid"], task, version, level,
            "Audit Failure" if event in _FAILURES else words,
        )
        for event, task, version in said["tasks"]
    }  # fmt: skip


SYSMON, SECURITY, TASK_KINDS = _kinds("sysmon"), _kinds("security"), _kinds("tasks")
SERVICE_INSTALLED, SCRIPT_BLOCK = _kinds("services")[7045], _kinds("powershell")[4104]
LOG_CLEARED, SYSTEM_CLEARED = _kinds("security_log")[1102], _kinds("system_log")[104]


class Winlogbeat:
    """The Windows events of all hosts; `emit` takes the inside of event_data as text."""

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
            time = f"{day}T{CLOCK[seconds]}.{micros // 1000:03d}Z"
            done.append(f'{{"@timestamp":"{time}","winlog":{{"record_id":{number},{text}')
        return done


def _head(host: Host, kind: Kind, field: str) -> str:
    pid = 700 + int(_digest(f"{host.name}/{kind.provider}", 3), 16) // 4 * 4
    version = f'"version":{kind.version},' if kind.version else ""
    keywords = f'"keywords":["{kind.keywords}"],' if kind.keywords else ""
    user = (
        '"user":{"identifier":"S-1-5-18","name":"SYSTEM","domain":"NT AUTHORITY","type":"User"},'
        if kind.channel == SYSMON_CHANNEL
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

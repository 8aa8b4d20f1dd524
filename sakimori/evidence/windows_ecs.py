"""Sysmon's fields back from where Elastic's own modules moved them, the Elastic Common Schema.

Elastic's Sysmon and Security modules take fields out of `event_data`:
https://www.elastic.co/guide/en/beats/winlogbeat/7.17/winlogbeat-module-sysmon.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Native names at each ECS path; event ids in front where the path means different things.
_PROCESS = {
    "ProcessGuid": "process.entity_id",
    "ProcessId": "process.pid",
    "Image": "process.executable",
    "CommandLine": "process.command_line",
    "CurrentDirectory": "process.working_directory",
    "ParentProcessGuid": "process.parent.entity_id",
    "ParentProcessId": "process.parent.pid",
    "ParentImage": "process.parent.executable",
    "ParentCommandLine": "process.parent.command_line",
    "OriginalFileName": "process.pe.original_file_name",
    "FileVersion": "process.pe.file_version",
    "Description": "process.pe.description",
    "Product": "process.pe.product",
    "Company": "process.pe.company",
    "RuleName": "rule.name",
}
_SOURCE = {
    "SourceProcessGuid": "process.entity_id",
    "SourceProcessGUID": "process.entity_id",
    "SourceProcessId": "process.pid",
    "SourceImage": "process.executable",
    "SourceThreadId": "process.thread.id",
}
_NETWORK = {
    "Protocol": "network.transport",
    "SourceIp": "source.ip",
    "SourceHostname": "source.domain",
    "SourcePort": "source.port",
    "DestinationIp": "destination.ip",
    "DestinationHostname": "destination.domain",
    "DestinationPort": "destination.port",
}
_FILE = {**_PROCESS, "TargetFilename": "file.path"}
_REGISTRY = {**_PROCESS, "TargetObject": "registry.path", "Details": "registry.data.strings"}
_LOADED = {
    **_PROCESS,
    "ImageLoaded": "dll.path",
    "Signature": "file.code_signature.subject_name",
    "SignatureStatus": "file.code_signature.status",
}
_SYSMON: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(("1", "5", "9", "24", "25"), _PROCESS),
    **dict.fromkeys(("2", "11", "15", "23", "26", "27", "28", "29"), _FILE),
    **dict.fromkeys(("12", "13", "14"), _REGISTRY),
    **dict.fromkeys(("8", "10"), _SOURCE),
    "3": {**_PROCESS, **_NETWORK},
    "6": {"ImageLoaded": "file.path"},
    "7": _LOADED,
    "17": {**_PROCESS, "PipeName": "file.name"},
    "18": {**_PROCESS, "PipeName": "file.name"},
    "22": {**_PROCESS, "QueryName": "dns.question.name", "QueryStatus": "sysmon.dns.status"},
}
_SECURITY: Mapping[str, Mapping[str, str]] = {
    "4688": {
        "NewProcessName": "process.executable",
        "NewProcessId": "process.pid",
        "CommandLine": "process.command_line",
        "ParentProcessName": "process.parent.executable",
    },
    "4689": {"ProcessName": "process.executable", "ProcessId": "process.pid"},
    "4624": {"IpAddress": "source.ip", "IpPort": "source.port", "ProcessName": "process.executable"},
    "4625": {"IpAddress": "source.ip", "IpPort": "source.port", "ProcessName": "process.executable"},
}
_CHANNELS = {"microsoft-windows-sysmon/operational": _SYSMON, "security": _SECURITY}


def filled_from_ecs(document: Mapping[str, Any], data: dict[str, Any]) -> None:
    """Adds to `data` what the document says of the event elsewhere; what `data` has already stays."""
    winlog = document["winlog"]
    moved = _CHANNELS.get(str(winlog.get("channel")).lower(), {})
    names = moved.get(str(winlog.get("event_id")), {})
    for name, path in names.items():
        value = _at(document, path)
        if value is not None and data.get(name) is None:
            data[name] = value
    if moved is _SYSMON and names:
        _compose(document, data)


def _compose(document: Mapping[str, Any], data: dict[str, Any]) -> None:
    user, domain = _at(document, "user.name"), _at(document, "user.domain")
    if isinstance(user, str) and isinstance(domain, str):
        data.setdefault("User", f"{domain}\\{user}")
    hashes = _at(document, "file.hash") or _at(document, "dll.hash") or _at(document, "process.hash")
    if isinstance(hashes, dict):
        pairs = [f"{kind.upper()}={value}" for kind, value in hashes.items() if isinstance(value, str)]
        data.setdefault("Hashes", ",".join(pairs))
    if str(document["winlog"].get("event_id")) == "3":
        direction = _at(document, "network.direction")
        known = {"outbound": "true", "egress": "true", "inbound": "false", "ingress": "false"}
        data.setdefault("Initiated", known.get(str(direction)))


def _at(document: Mapping[str, Any], path: str) -> Any:
    found: Any = document
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, list) and len(found) == 1:
        return found[0]
    return found

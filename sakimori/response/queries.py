"""A hunt as a query to paste into one's own console: KQL for Defender and Sentinel, SPL for Splunk."""

from __future__ import annotations

from collections.abc import Sequence

from sakimori.findings import Subject, moment
from sakimori.incidents.hunts import Hunt
from sakimori.incidents.incident import Incident
from sakimori.response.hostile import visible

_WEEK = 7 * 86_400_000_000
_NAMES = 5
# Our tables -> Defender's advanced-hunting tables, which Sentinel shares.
_DEFENDER = {
    "process": ("DeviceProcessEvents",),
    "script": ("DeviceEvents", "DeviceProcessEvents"),
    "network_flow": ("DeviceNetworkEvents",),
    "dns_query": ("DeviceNetworkEvents", "DeviceEvents"),
    "http_request": ("DeviceNetworkEvents",),
    "sign_in": ("DeviceLogonEvents",),
    "file_event": ("DeviceFileEvents",),
    "registry_event": ("DeviceRegistryEvents",),
    "image_load": ("DeviceImageLoadEvents",),
    "process_access": ("DeviceEvents",),
    "service": ("DeviceEvents", "DeviceRegistryEvents"),
    "scheduled_job": ("DeviceEvents",),
}


def kql(incident: Incident, hunt: Hunt) -> str:
    """The hunt's entities, else the incident's hosts, in the tables that would know; from a week before."""
    tables = dict.fromkeys(name for table in hunt.tables for name in _DEFENDER.get(table, ()))
    lines = ["union " + ", ".join(tables), f"| where Timestamp >= datetime({_since(incident)})"]
    if hunt.subjects:
        lines.append("| where " + " or ".join(f"* has {kql_text(_tail(s))}" for s in hunt.subjects[:_NAMES]))
    elif hosts := _hosts(incident):
        names = ", ".join(kql_text(host.value) for host in hosts)
        lines.append(f"| where DeviceName has_any ({names})")
    return "\n".join((*lines, "| sort by Timestamp asc"))


def spl(incident: Incident, hunt: Hunt) -> str:
    """The same for Splunk, over all indexes the analyst may read."""
    if hunt.subjects:
        what = "(" + " OR ".join(spl_text("*" + _tail(s) + "*") for s in hunt.subjects[:_NAMES]) + ")"
    else:
        what = "(" + " OR ".join(f"host={spl_text(host.value)}" for host in _hosts(incident)) + ")"
    year, month, day = _since(incident)[:10].split("-")
    asked = f'search index=* earliest="{month}/{day}/{year}:00:00:00"'
    return f"{asked} {what}\n| sort 0 _time" if what != "()" else f"{asked}\n| sort 0 _time"


def _since(incident: Incident) -> str:
    if incident.first_seen is None:
        return "1970-01-01T00:00:00Z"
    return moment((incident.first_seen - _WEEK) // 1_000_000 * 1_000_000) or "1970-01-01T00:00:00Z"


def _hosts(incident: Incident) -> Sequence[Subject]:
    return [subject for subject in incident.subjects if subject.type == "host"][:_NAMES]


def _tail(subject: Subject) -> str:
    if subject.type == "hash":
        return _digest(subject.value)
    # A path differs from host to host in its drive and user; its last part is what other hosts share.
    if subject.type not in ("file", "process", "task", "pipe"):
        return subject.value
    return subject.value.replace("/", "\\").rpartition("\\")[2] or subject.value


def _digest(value: str) -> str:
    """The strongest digest of `md5=...,sha256=...,imphash=...` that names one file."""
    digests = [part.rpartition("=")[2] for part in value.split(",") if not part.lower().startswith("imphash")]
    return max(digests, key=len, default=value)


def kql_text(value: str) -> str:
    """A verbatim KQL string: only quotes are doubled, so the value cannot end it.

    https://learn.microsoft.com/kusto/query/scalar-data-types/string
    """
    return '@"' + visible(value[:300]).replace('"', '""') + '"'


def spl_text(value: str) -> str:
    """A quoted SPL string: backslashes and quotes escaped."""
    return '"' + visible(value[:300]).replace("\\", "\\\\").replace('"', '\\"') + '"'

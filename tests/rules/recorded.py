"""An event in Sigma's words as the log itself would have written it: a record in its documented format.

Windows' logs are written as `wevtutil` gives them, Defender's as the hunting API, Zeek's as JSON lines,
auditd's as text; records of other logs are those of `tests/evidence/golden/`, with the event's fields in
place of theirs. What a log cannot say (CrowdStrike writes no folder of the parent) is lost here, too.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from sakimori.detection.sigma.bind import alias_of
from sakimori.records.catalogue import Alias, Log, catalogue

GOLDEN = Path(__file__).resolve().parents[1] / "evidence" / "golden"
MOMENT = "2026-03-02T01:00:00.0000000Z"
Event = Mapping[str, object]
# What the paths of an event of each system have; a rule for any system has cases of several.
_PATHS = {
    "windows": re.compile(r"\\|^[^/]*$"),
    "macos": re.compile(r"^(?!.*\\)(?!.*/home/)", re.DOTALL),
    "linux": re.compile(
        r"^(?!.*\\)(?!.*/(Users|Library|Applications|Volumes|opt/homebrew|private)/)", re.DOTALL
    ),
}
# In Windows' events these stand in <System>, not among the event's own data.
_SYSTEM = {
    "EventID",
    "Channel",
    "Computer",
    "Provider_Name",
    "EventRecordID",
    "TimeCreated",
    "UserID",
    "Level",
}


def line(log: Log, event: Event) -> str | None:
    """One record of `log` that holds the event.

    None for a log whose records nobody writes here, and for an event of another system.
    """
    if log.product in _PATHS and not _PATHS[log.product].search(" ".join(map(str, event.values()))):
        return None
    if log.family == "windows":
        return _windows(log, native(log, event))
    if log.family == "sysmon_linux":
        text = _windows(log, native(log, event))
        return "Mar  2 09:12:00 db01 sysmon: " + text if text else None
    if log.family == "zeek":
        return json.dumps(
            {"_path": log.match["path"][0], "ts": 1772413200.0, "uid": "C1"} | native(log, event)
        )
    if log.family == "defender":
        return _defender(log, native(log, event))
    if log.family == "auditd":
        return _auditd(log, native(log, event))
    base = _base(log)
    return None if base is None else json.dumps(_laid_over(log, base, native(log, event)))


def native(log: Log, event: Event) -> dict[str, Any]:
    """The event under the log's own names, as far as the log has them."""
    told: dict[str, Any] = {}
    for name, value in event.items():
        alias = alias_of(log, name)
        # A log of programs or files has its columns and no more; a product's log has fields nobody described.
        if alias.column is not None and (alias.column in log.columns or not log.category):
            told[alias.column] = _unmapped(alias, value)
        elif alias.template is not None:
            told.update(_taken_apart(alias.template, str(value)))
    return told


def _unmapped(alias: Alias, value: object) -> object:
    return {said: written for written, said in alias.values.items()}.get(str(value), value)


def _taken_apart(template: str, text: str) -> dict[str, str]:
    r"""What the parts of a template were: `\{ParentBaseFileName}` keeps a file's name alone."""
    names = re.findall(r"\{([^}]+)\}", template)
    if re.fullmatch(r"[\\/]\{[^}]+\}", template):
        return {names[0]: re.split(r"[\\/]", text)[-1]}
    pattern = "".join(
        re.escape(part) if at % 2 == 0 else "(.*)"
        for at, part in enumerate(re.split(r"\{([^}]+)\}", template))
    )
    found = re.fullmatch(pattern, text, re.DOTALL)
    return dict(zip(names, found.groups(), strict=True)) if found else {}


def _windows(log: Log, fields: dict[str, Any]) -> str | None:
    asked = log.match.get("event_id", [0])
    number = fields.get("EventID", asked[0])
    if "event_id" in log.match and number not in asked:
        return None
    channel = log.match.get("channel", "Application")
    channel = fields.get("Channel", channel if isinstance(channel, str) else channel[0])
    provider = fields.get("Provider_Name", log.match.get("provider", "Microsoft-Windows-Example"))
    data = "".join(
        f"<Data Name={quoteattr(name)}>{escape(str(value))}</Data>"
        for name, value in fields.items()
        if name not in _SYSTEM
    )
    return (
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
        f"<Provider Name={quoteattr(provider)}/><EventID>{number}</EventID>"
        f'<TimeCreated SystemTime="{MOMENT}"/><EventRecordID>7</EventRecordID>'
        f"<Channel>{escape(channel)}</Channel>"
        f"<Computer>ws01.example.com</Computer></System><EventData>{data}</EventData></Event>"
    )


def _defender(log: Log, fields: dict[str, Any]) -> str:
    folder = "FolderPath" if "FolderPath" in fields else None
    row = {"Timestamp": MOMENT, "DeviceId": "d1", "DeviceName": "ws01.example.com", "ReportId": 7}
    row |= {"ActionType": log.match["action_type"][0]} | fields
    if folder:
        row.setdefault("FileName", re.split(r"[\\/]", str(fields["FolderPath"]))[-1])
    return json.dumps(row)


def _auditd(log: Log, fields: dict[str, Any]) -> str | None:
    head = "msg=audit(1772442720.123:101):"
    exe = fields.get("exe", "/usr/bin/example")
    call = (
        f'type=SYSCALL {head} arch=c000003e syscall=59 success=yes ppid=7 pid=8 auid=1000 uid=0 exe="{exe}"'
    )
    if log.name == "auditd_execve":
        words = str(fields.get("command_line", "")).split(" ")
        told = " ".join(f"a{at}={word.encode().hex().upper()}" for at, word in enumerate(words))
        return f"{call}\ntype=EXECVE {head} argc={len(words)} {told}"
    if log.name == "auditd_path":
        name = str(fields.get("path", "")).encode().hex().upper()
        return f'{call}\ntype=CWD {head} cwd="/"\ntype=PATH {head} item=1 name={name} inode=9 nametype=CREATE'
    return None


@cache
def _golden() -> dict[str, dict[str, Any]]:
    """The first golden record of each log, of samples that are JSON."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(GOLDEN.glob("*.toml")):
        for sample in tomllib.loads(file.read_text("utf-8"))["sample"]:
            records = list(_records(sample.get("text", "")))
            if len(records) == len(sample["logs"]):
                for name, record in zip(sample["logs"], records, strict=True):
                    found.setdefault(name, record)
    return found


def _records(text: str) -> Iterator[dict[str, Any]]:
    try:
        whole = json.loads(text)
        found = whole if isinstance(whole, list) else [whole]
    except ValueError:
        found = []
        for one in filter(None, text.strip().splitlines()):
            try:
                found.append(json.loads(one))
            except ValueError:
                return
    yield from (record for record in found if isinstance(record, dict))


def _base(log: Log) -> dict[str, Any] | None:
    """A golden record of this log, or one of its family made into this log by the values that tell it."""
    exact = _golden().get(log.name)
    if exact is not None:
        return deepcopy(exact)
    if "values" not in log.match:
        return _without_event(log)
    kin = [
        (len(set(other.match.get("values", {})) & set(log.match["values"])), name)
        for name, other in ((one.name, one) for one in catalogue().of_family(log.family))
        if name in _golden() and other.category == log.category
    ]
    if not kin:
        return None
    made = deepcopy(_golden()[max(kin)[1]])
    for name, values in log.match["values"].items():
        _put(made, name.split("."), values[0])
    return made


def _without_event(log: Log) -> dict[str, Any] | None:
    """A record of a family whose logs differ in what stands under `event` alone."""
    kin = [one.name for one in catalogue().of_family(log.family) if "event" in _golden().get(one.name, {})]
    if not kin or not any(name.startswith("event.") for name in log.match.get("fields", ())):
        return None
    return deepcopy({**_golden()[kin[0]], "event": {}})


def _laid_over(log: Log, record: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    joined = catalogue().families[log.family].joined if log.family in catalogue().families else {}
    for name, value in fields.items():
        if name in joined and "@" not in joined[name]:
            _put(record, joined[name].split("."), str(value).split(" "))
        elif log.family == "crowdstrike" and name in ("ImageFileName", "TargetFileName"):
            _put(record, [name], re.sub(r"^[A-Za-z]:", r"\\Device\\HarddiskVolume3", str(value)))
        else:
            _put(record, name.split("."), value)
    return record


def _put(node: Any, path: list[str], value: Any) -> None:
    """The value at a dotted place; lists of named values take it by name, others in their first object."""
    if isinstance(node, list):
        _put_in_list(node, path, value)
        return
    for length in range(len(path), 0, -1):
        key = ".".join(path[:length])
        if length == len(path) and (key in node or length == 1):
            node[key] = value
            return
        if length < len(path) and isinstance(node.get(key), dict | list):
            _put(node[key], path[length:], value)
            return
    node[path[0]] = {}
    _put(node[path[0]], path[1:], value)


def _put_in_list(node: list[Any], path: list[str], value: Any) -> None:
    for keys in (("Name", "Value"), ("name", "value"), ("Key", "Value"), ("key", "value")):
        if node and isinstance(node[0], dict) and keys[0] in node[0] and keys[1] in node[0]:
            node[:] = [one for one in node if one.get(keys[0]) != ".".join(path)]
            node.append({keys[0]: ".".join(path), keys[1]: value})
            return
    if not node or not isinstance(node[0], dict):
        node[:] = [{}]
    _put(node[0], path, value)

"""A few Windows events as an NXLog export writes them, for hunts small enough to look through."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

RULE = """
title: Notepad Started By A Script Host
id: 0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b11
status: test
description: A harmless rule for tests.
author: Sakimori
logsource: {category: process_creation, product: windows}
detection:
    selection: {Image|endswith: '\\notepad.exe', ParentImage|endswith: '\\wscript.exe'}
    condition: selection
level: high
tags: [attack.execution, attack.t1059.005]
"""

CORRELATION = """
title: Many At Once
id: 3f0d2a34-6a0b-4b43-9d4e-4f1d6b7a9c10
correlation:
    type: event_count
    rules: [0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b11]
    group-by: [Computer]
    timespan: 5m
    condition: {gte: 5}
"""


def started(
    number: int, host: str = "ws-01.example.com", image: str = "notepad.exe", **fields: object
) -> dict[str, object]:
    """Sysmon's process creation number `number` of a host, one a minute from 2 March 2026 09:00 UTC."""
    return {
        "EventID": 1,
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        "SourceName": "Microsoft-Windows-Sysmon",
        "Hostname": host,
        "RecordNumber": number,
        "EventTime": f"2026-03-02 09:{number % 60:02}:00",
        "UtcTime": f"2026-03-02 09:{number % 60:02}:00.000",
        "ProcessGuid": f"{{00000000-0000-0000-0000-{number:012}}}",
        "ProcessId": str(1000 + number),
        "Image": f"C:\\Windows\\System32\\{image}",
        "CommandLine": f"{image} report-{number}.txt",
        "ParentImage": "C:\\Windows\\System32\\wscript.exe",
        "User": "EXAMPLE\\mei",
        **fields,
    }


def lines(events: Iterable[Mapping[str, object]]) -> bytes:
    """The events as JSON lines."""
    return b"".join(json.dumps(event).encode() + b"\n" for event in events)


def rules(folder: Path, *texts: str) -> Path:
    """A folder with these rules."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts or (RULE,)):
        (folder / f"rule-{number}.yml").write_text(text, encoding="utf-8")
    return folder

"""What a hive says, as rows: each names its log, the cell it stands in, and native fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sakimori.evidence.registry.regf import Key, Value

_QUOTED = re.compile(r'^\s*"([^"]+)"')
_PROGRAM = re.compile(
    r"^\s*(.*?\.(?:exe|com|scr|dll|sys|bat|cmd|ps1|vbs|js|wsf|hta|py|jar))(?:[\s,]|$)", re.I
)
_LONGEST = 32_768  # characters of a command line; a longer value is told by its size, and judged by itself


@dataclass(frozen=True, slots=True)
class Said:
    """One row of a log; `offset` is that of its cell, from the first bin of the hive."""

    log: str
    offset: int
    row: dict[str, Any]


def of_key(log: str, key: Key, **fields: object) -> Said:
    """A row about a key: its place, the time it was written, and these fields."""
    row = {"Key": key.path, "KeyLastWriteTime": key.written, **fields}
    return Said(log, key.offset, {name: value for name, value in row.items() if value is not None})


def of_value(log: str, key: Key, value: Value, **fields: object) -> Said:
    """A row about a value: as of its key, with name, type, size and text."""
    text = value.text
    said = of_key(log, key, ValueName=value.name or "(default)", ValueType=value.type, DataBytes=value.size)
    return Said(log, value.offset, {**said.row, "Data": None if text is None else text[:_LONGEST], **fields})


def autostart(key: Key, value: Value, kind: str, **fields: object) -> Said:
    """A value that makes something start by itself."""
    more = {"Kind": kind, "Name": value.name or key.name, "Path": program(value.text), **fields}
    return of_value("hive_autostart", key, value, **more)


def program(command: str | None) -> str | None:
    """The program a command starts, as it is written there; None where that is not clear."""
    first = (command or "").split("\n")[0]
    found = _QUOTED.match(first) or _PROGRAM.match(first)
    return found[1].strip() if found else None


def autostarts(key: Key | None, kind: str, *names: str) -> Iterator[Said]:
    """The values of these names in a key, or all of it where none is named."""
    if key is None:
        return
    for value in key.values():
        if (not names or value.name.lower() in names) and value.text:
            yield autostart(key, value, kind)

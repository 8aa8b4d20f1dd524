"""Scheduled tasks as the registry keeps them: `Actions` has what they run, `DynamicInfo` when they did.

Format: https://github.com/libyal/winreg-kb/blob/main/docs/sources/system-keys/Task-scheduler.md
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from sakimori.evidence.registry.regf import Key, filetime
from sakimori.evidence.registry.said import Said, of_key, program

_COMMAND, _COM = 0x6666, 0x7777
_TEXT = re.compile(rb"(?:[\x20-\x7e]\x00){3,}")


def tasks(cache: Key | None) -> Iterator[Said]:
    """One row a task."""
    listed = cache.child("Tasks") if cache else None
    for key in listed.children() if listed else ():
        actions, times = key.value("Actions"), key.value("DynamicInfo")
        dynamic = times.data if times else b""
        runs = command(actions.data) if actions else None
        yield of_key(
            "hive_task",
            key,
            Name=key.text("Path") or key.name,
            Author=key.text("Author"),
            Command=runs,
            Path=program(runs),
            DataBytes=actions.size if actions else None,
            Created=_time(dynamic, 4),
            LastRun=_time(dynamic, 12),
        )


def command(actions: bytes) -> str | None:
    """The commands of the actions, one a line; class ids of COM handlers in braces."""
    try:
        return "\n".join(_commands(actions)) or None
    except (struct.error, ValueError):
        texts = [found.decode("utf-16-le") for found in _TEXT.findall(actions)]
        return " ".join(texts[1:]) or None  # the first is the context


def _commands(actions: bytes) -> Iterator[str]:
    version, at = struct.unpack_from("<H", actions)[0], 2
    if version >= 2:
        _, at = _string(actions, at)
    while at + 6 <= len(actions):
        (kind,) = struct.unpack_from("<H", actions, at)
        _, at = _string(actions, at + 2)
        if kind == _COM:
            yield "{" + _guid(actions[at : at + 16]) + "}"
            _, at = _string(actions, at + 16)
        elif kind == _COMMAND:
            program, at = _string(actions, at)
            arguments, at = _string(actions, at)
            _, at = _string(actions, at)
            at += 2 if version >= 3 else 0
            yield f"{program} {arguments}".strip()
        else:
            return


def _string(data: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", data, at)
    if at + 4 + length > len(data):
        raise ValueError("a text reaches beyond the end")
    return data[at + 4 : at + 4 + length].decode("utf-16-le", "replace"), at + 4 + length


def _guid(data: bytes) -> str:
    first, second, third = struct.unpack_from("<IHH", data)
    return f"{first:08X}-{second:04X}-{third:04X}-{data[8:10].hex().upper()}-{data[10:16].hex().upper()}"


def _time(data: bytes, at: int) -> str | None:
    return filetime(struct.unpack_from("<Q", data, at)[0]) if len(data) >= at + 8 else None

"""Columns of a Defender row as Sysmon would write them, where no alias of the catalogue can say it.

Rules were written for Sysmon: `Details: 'DWORD (0x00000001)'`, `TargetObject` under HKLM, `Hashes` as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_HIVES = (
    ("HKEY_LOCAL_MACHINE\\SYSTEM\\CONTROLSET001\\", "HKLM\\System\\CurrentControlSet\\"),
    ("HKEY_LOCAL_MACHINE\\", "HKLM\\"),
    ("HKEY_USERS\\", "HKU\\"),
    ("HKEY_CURRENT_USER\\S-1-", "HKU\\S-1-"),
    ("HKEY_CURRENT_USER\\", "HKCU\\"),
    ("HKEY_CLASSES_ROOT\\", "HKCR\\"),
)
_HOST = re.compile(r"(?:[A-Za-z][\w+.-]*://)?(?:[^/@\s]*@)?(\[[^\]]*\]|[^/:?#\s]+)")
_HASHES = ("SHA1", "MD5", "SHA256")
_LABELS = ("SHA1=", "MD5=", "SHA256=")


def hashes(row: Mapping[str, Any]) -> str | None:
    """`SHA1=...,MD5=...,SHA256=...` of those that are known."""
    known = [f"{label}{value}" for label, value in zip(_LABELS, map(row.get, _HASHES), strict=True) if value]
    return ",".join(known) or None


def target_object(row: Mapping[str, Any]) -> str | None:
    """The registry path: key, short hive, and value name where the event is about a value."""
    key = row.get("RegistryKey") or row.get("PreviousRegistryKey")
    if not isinstance(key, str):
        return None
    path = _short_hive(key)
    if "Value" not in str(row.get("ActionType")):
        return path
    return f"{path}\\{row.get('RegistryValueName') or row.get('PreviousRegistryValueName') or '(Default)'}"


def _short_hive(key: str) -> str:
    for long, short in _HIVES:
        if key[: len(long)].upper() == long.upper():
            return short + key[len(long) :]
    return key


def details(row: Mapping[str, Any]) -> str | None:
    """The value set: numbers in Sysmon's hexadecimal, binary data unnamed, texts as they are."""
    data, kind = row.get("RegistryValueData"), str(row.get("RegistryValueType")).lower()
    if kind == "binary":
        return "Binary Data"
    number = _number(data)
    if number is not None and kind == "dword":
        return f"DWORD (0x{number & 0xFFFFFFFF:08x})"
    if number is not None and kind == "qword":
        return f"QWORD (0x{number >> 32 & 0xFFFFFFFF:08x}-0x{number & 0xFFFFFFFF:08x})"
    return None if data is None else str(data)


def destination_hostname(row: Mapping[str, Any]) -> str | None:
    """The host of RemoteUrl, which holds a URL for some connections and a bare name for others."""
    url = row.get("RemoteUrl")
    found = _HOST.match(url.strip()) if isinstance(url, str) else None
    return None if found is None else found[1]


def query_name(row: Mapping[str, Any]) -> str | None:
    """The name asked for in a DNS event."""
    name = row.get("AdditionalFields.DnsQueryString") or row.get("AdditionalFields.QueryName")
    return name if isinstance(name, str) else None


def pipe_name(row: Mapping[str, Any]) -> str | None:
    r"""The pipe as Sysmon names it, `\srvsvc`, without the device in front."""
    name = row.get("AdditionalFields.PipeName")
    if not isinstance(name, str):
        return None
    return re.sub(r"(?i)\A\\Device\\NamedPipe(?=\\)", "", name)


def granted_access(row: Mapping[str, Any]) -> str | None:
    """The access mask in hexadecimal, `0x1410`."""
    number = _number(row.get("AdditionalFields.DesiredAccess"))
    return None if number is None else f"0x{number & 0xFFFFFFFF:x}"


def _number(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value, 0) if isinstance(value, str) else value
    except ValueError:
        return None


INSIDE_ADDITIONAL = frozenset({"QueryName", "PipeName", "GrantedAccess"})
FORMS: dict[str, Callable[[Mapping[str, Any]], str | None]] = {
    "Hashes": hashes,
    "TargetObject": target_object,
    "Details": details,
    "DestinationHostname": destination_hostname,
    "QueryName": query_name,
    "PipeName": pipe_name,
    "GrantedAccess": granted_access,
}

"""What a Windows shortcut opens, with which arguments and whose icon, and on which machine it was made.

Format: https://learn.microsoft.com/openspecs/windows_protocols/ms-shllink/
"""

from __future__ import annotations

import struct
import warnings
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import LnkParse3

from sakimori.evidence.files.described import Damaged, Facts, limited

# Lures carry up to hundreds of megabytes behind the shortcut; the shortcut itself is small.
_LARGEST = 1 << 20
# What the parser raises on a damaged shortcut.
_BROKEN = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
    struct.error,
    UnicodeError,
    OverflowError,
)


def lnk_facts(path: Path) -> Facts:
    """The columns of a shortcut. Raises Damaged where it is none that can be taken apart."""
    with path.open("rb") as file:
        data = file.read(_LARGEST)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            link = LnkParse3.lnk_file(indata=data)
            told = link.get_json(True)
    except _BROKEN as problem:
        raise Damaged(f"its structures are damaged ({type(problem).__name__})") from None
    strings: Mapping[str, Any] = told.get("data", {})
    target = _target(told)
    arguments = str(strings.get("command_line_arguments") or "")
    return {
        "Form": "shortcut",
        "Target": limited(target) or None,
        "CommandLine": limited(f"{target} {arguments}".strip(), 32_768) or None,
        "Icon": limited(str(strings.get("icon_location") or "")) or None,
        "Machine": _machine(told),
        "Compiled": _made(told),
        "Overlay": max(0, path.stat().st_size - link.size),
    }


def _target(told: Mapping[str, Any]) -> str:
    """The path of what it opens: as its link says, else by its shell items, else the relative one."""
    info: Mapping[str, Any] = told.get("link_info") or {}
    for name in ("local_base_path_unicode", "local_base_path"):
        if info.get(name):
            return str(info[name]) + str(info.get("common_path_suffix") or "")
    place: Mapping[str, Any] = info.get("location_info") or {}
    if place.get("net_name"):
        return f"{place['net_name']}\\{info.get('common_path_suffix') or ''}"
    extra: Mapping[str, Any] = told.get("extra", {}).get("ENVIRONMENTAL_VARIABLES_LOCATION_BLOCK") or {}
    by_items = _items(told.get("target", {}).get("items") or ())
    relative = (told.get("data") or {}).get("relative_path")
    return str(extra.get("target_unicode") or extra.get("target_ansi") or by_items or relative or "")


def _items(items: Any) -> str:
    names = [item.get("primary_name") or item.get("data") for item in items if isinstance(item, dict)]
    return "\\".join(str(name).rstrip("\\") for name in names if isinstance(name, str) and name)


def _machine(told: Mapping[str, Any]) -> str | None:
    block: Mapping[str, Any] = told.get("extra", {}).get("DISTRIBUTED_LINK_TRACKER_BLOCK") or {}
    return limited(str(block.get("machine_identifier") or "")) or None


def _made(told: Mapping[str, Any]) -> int | None:
    """When its target was made, as the shortcut remembers it."""
    made = told.get("header", {}).get("creation_time")
    return int(made.timestamp() * 1_000_000) if isinstance(made, datetime) and made.year > 1980 else None

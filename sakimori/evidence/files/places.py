"""Where a file of the evidence lay: on its machine, in the evidence, in which archive."""

from __future__ import annotations

import re

from sakimori.evidence.collected import account_of, host_of, original_path

# Folders that only Windows has at the root of its disk; `Users` is also a Mac's.
_WINDOWS = re.compile(
    r"^(?:[a-z]:)?/(windows|programdata|program files|program files \(x86\)|perflogs|\$recycle\.bin"
    r"|documents and settings|users/[^/]+/(appdata|ntuser))(/|$)",
    re.I,
)


def places(path: str) -> dict[str, str | None]:
    """The columns that a place in the evidence gives: whose, where, in which folder and archive.

    `path` as `case/C/Users/mei/Downloads/a.zip!b.exe`. Windows' paths are written as Windows writes them.
    """
    inner = path.replace("\\", "/")
    folder, _, name = inner.rpartition("/") if "/" in inner.rpartition("!")[2] else inner.rpartition("!")
    container = inner.rpartition("!")[0]
    return {
        "Computer": host_of(path),
        "Account": account_of(path),
        "Path": on_machine(inner),
        "Folder": folder or ".",
        "Container": container or None,
        "Name": name,
    }


def on_machine(path: str) -> str:
    r"""`C:\Users\mei\a.exe` of `case/C/Users/mei/a.exe`; a place that names no disk stays as it is."""
    told = original_path(path)
    if told.startswith("C:/"):
        return told.replace("/", "\\")
    if not told.startswith("/"):
        return path
    return f"C:{told}".replace("/", "\\") if _WINDOWS.match(told) else told

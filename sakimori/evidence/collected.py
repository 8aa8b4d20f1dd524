"""Whose a file is, told by where it lay: a shell history names neither its machine nor its user.

Content decides what a file is; its path only says where it was taken from. Layouts:
Velociraptor `Collection-WS01_example_com-2026-03-03T09_12_00Z.zip!uploads/auto/C%3A/Users/mei/NTUSER.DAT`,
UAC `uac-db01-linux-20260303091200.tar.gz![root]/home/mei/.bash_history`,
KAPE `2026-03-03T091200_WS01/C/Users/mei/NTUSER.DAT`, and a plain folder or zip named `WS01`.
https://docs.velociraptor.app/docs/offline_triage/ https://tclahr.github.io/uac-docs/
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*?"
_TIME = r"\d{4}-?\d{2}-?\d{2}[T_-]?[\d_:-]*Z?"
_COLLECTIONS = (
    re.compile(rf"^Collection-(?P<host>{_NAME})-{_TIME}\b", re.I),
    re.compile(
        rf"^uac-(?P<host>{_NAME})-(?:linux|macos|freebsd|aix|esxi|solaris|netbsd|openbsd|android)\b", re.I
    ),
    re.compile(rf"^{_TIME}_(?P<host>{_NAME})(?:\.zip|\.7z|\.vhdx|\.tar|\.tgz|$)", re.I),
    re.compile(rf"^(?P<host>{_NAME})[_-]{_TIME}(?:\.zip|\.7z|\.tar|\.tgz|$)", re.I),
)
# The first folder of a machine's own disk: what stands before it is the collection's.
_DISK = re.compile(
    r"(?:^|[/!])(?:C|C%3A|C:|c_drive|\[root\]|Users|home|root|etc|var|Windows|private|Library|System|Applications|usr)/",
    re.I,
)
_USER = re.compile(r"(?:^|[/!])(?:Users|home|Documents and Settings)/(?P<user>[^/!]+)/", re.I)
_ROOT = re.compile(r"(?:^|[/!])(?:\[root\]/)?(?:var/)?root/", re.I)
_PLAIN = re.compile(r"^[A-Za-z0-9][A-Za-z0-9.-]{1,62}$")
_PACKED = re.compile(r"(?:\.zip|\.7z|\.tar\.gz|\.tgz|\.tar)$", re.I)
_NOBODY = frozenset({"all users", "default", "default user", "public", "shared", ".localized"})
_WORDS = frozenset(
    {"evidence", "uploads", "auto", "triage", "results", "collection", "collections", "live_response", "data",
     "kape", "logs", "files", "artifacts", "export", "exports", "e", "users", "home"}
)  # fmt: skip


def host_of(path: str) -> str | None:
    """The machine a member was taken from; None where its path does not say it."""
    before = _DISK.split(unquote(path).replace("\\", "/"), maxsplit=1)
    parts = [part for part in re.split(r"[/!]", before[0]) if part]
    if len(before) == 1:
        parts = parts[:-1]  # the last one is the file itself
    for part in reversed(parts):
        for pattern in _COLLECTIONS:
            if found := pattern.match(part):
                return found["host"].replace("_", ".") if "collection" in part.lower() else found["host"]
    plain = [_PACKED.sub("", part) for part in parts if _PLAIN.match(part)]
    named = [host for host in plain if host.lower() not in _WORDS]
    return named[-1] if named and len(before) > 1 else None


def account_of(path: str) -> str | None:
    """The user in whose folder a member lay; None where it lay in nobody's."""
    found = _USER.search(unquote(path).replace("\\", "/"))
    if found:
        return None if found["user"].lower() in _NOBODY else found["user"]
    return "root" if _ROOT.search(path) else None


def original_path(path: str) -> str:
    """Where the member lay on its machine: `/Users/mei/.zsh_history`, `C:/Users/mei/NTUSER.DAT`."""
    text = unquote(path).replace("\\", "/")
    found = _DISK.search(text)
    if found is None:
        return re.split(r"[!]", text)[-1]
    inner = text[found.start() :].lstrip("/!")
    inner = re.sub(r"^\[root\]/", "/", inner, flags=re.I)
    inner = re.sub(r"^(?:C%3A|C:|C|c_drive)/", "C:/", inner)
    return inner if inner.startswith(("/", "C:/")) else f"/{inner}"


def collected(path: str) -> dict[str, str | None]:
    """Where a member lay, as columns of its records: `collected.host`, `.account` and `.path`."""
    return {
        "collected.host": host_of(path),
        "collected.account": account_of(path),
        "collected.path": original_path(path),
    }

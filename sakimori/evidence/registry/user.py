"""What a user's hives say (NTUSER.DAT, UsrClass.dat): what starts with him, what he ran, where he went."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator

from sakimori.evidence.registry.regf import Hive, Key, Value, filetime
from sakimori.evidence.registry.said import Said, autostart, autostarts, of_key, of_value
from sakimori.evidence.registry.software import RUNS, WINLOGON, products

_CURRENT = r"Software\Microsoft\Windows\CurrentVersion"
_NT = r"Software\Microsoft\Windows NT\CurrentVersion"
_MUI = re.compile(
    r"^(?P<path>.+\.(?:exe|com|scr|msi|cpl|dll))\.(?:FriendlyAppName|ApplicationCompany)$", re.I
)
# https://learn.microsoft.com/windows/win32/shell/knownfolderid
_FOLDERS = {
    "{6D809377-6AF0-444B-8957-A3773F02200E}": r"C:\Program Files",
    "{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}": r"C:\Program Files (x86)",
    "{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}": r"C:\Windows\System32",
    "{D65231B0-B2F1-4857-A4CE-A8E7C6EA7D27}": r"C:\Windows\SysWOW64",
    "{F38BF404-1D43-42F2-9305-67DE0B28FC23}": r"C:\Windows",
}
_SERVERS = frozenset({"inprocserver32", "localserver32"})


def said_of_user(hive: Hive) -> Iterator[Said]:
    """All rows of an NTUSER.DAT."""
    for root in (_CURRENT, r"Software\WOW6432Node\Microsoft\Windows\CurrentVersion"):
        for path, kind in RUNS:
            yield from autostarts(hive.find(rf"{root}\{path}"), kind)
        yield from products(hive.find(rf"{root}\Uninstall"))
    yield from autostarts(hive.find(rf"{_NT}\Winlogon"), "winlogon", *WINLOGON)
    yield from autostarts(hive.find(rf"{_NT}\Windows"), "run key", "load", "run")
    yield from autostarts(hive.find("Environment"), "logon script", "userinitmprlogonscript")
    yield from autostarts(hive.find(r"Control Panel\Desktop"), "screen saver", "scrnsave.exe")
    yield from autostarts(hive.find(r"Software\Microsoft\Command Processor"), "command processor", "autorun")
    yield from _assist(hive.find(rf"{_CURRENT}\Explorer\UserAssist"))
    yield from _recent(hive.find(rf"{_CURRENT}\Search\RecentApps"))
    yield from _servers(hive.find(r"Software\Microsoft\Terminal Server Client\Servers"))


def said_of_classes(hive: Hive) -> Iterator[Said]:
    """All rows of a UsrClass.dat."""
    yield from _mui(hive.find(r"Local Settings\Software\Microsoft\Windows\Shell\MuiCache"))
    for root in ("CLSID", r"WOW6432Node\CLSID"):
        classes = hive.find(root)
        for key in classes.children() if classes else ():
            yield from _class(key)


def _class(key: Key) -> Iterator[Said]:
    """Programs and libraries of COM classes that only this user has: they come before the machine's."""
    for server in key.children():
        value = server.value("") if server.name.lower() in _SERVERS else None
        if value and value.text:
            yield autostart(server, value, "com class", Name=key.name)


def _assist(key: Key | None) -> Iterator[Said]:
    for group in key.children() if key else ():
        for count in group.children():
            for value in count.values():
                if value.size >= 68:
                    yield from _assisted(count, value)


def _assisted(key: Key, value: Value) -> Iterator[Said]:
    path, data = codecs.decode(value.name, "rot13"), value.data
    if path.startswith("UEME_") or len(data) < 68:
        return
    runs = struct.unpack_from("<I", data, 4)[0]
    (last,) = struct.unpack_from("<Q", data, 60)
    folder, _, rest = path.partition("\\")
    if folder.upper() in _FOLDERS:
        path = f"{_FOLDERS[folder.upper()]}\\{rest}"
    yield of_value(
        "hive_program",
        key,
        value,
        Trace="userassist",
        Path=path,
        Ran="yes" if runs else "present",
        Runs=runs,
        LastRun=filetime(last),
    )


def _recent(key: Key | None) -> Iterator[Said]:
    for app in key.children() if key else ():
        last, launches = app.value("LastAccessedTime"), app.value("LaunchCount")
        path = app.text("AppPath") or app.text("AppId")
        if path:
            yield of_key(
                "hive_program",
                app,
                Trace="recentapps",
                Path=path,
                Ran="yes",
                Runs=launches.number if launches else None,
                LastRun=filetime(last.number) if last and last.number else None,
            )


def _servers(key: Key | None) -> Iterator[Said]:
    """Machines the user reached by remote desktop; the key is written when its hint changes."""
    for server in key.children() if key else ():
        yield of_key("hive_remote", server, Server=server.name, UsernameHint=server.text("UsernameHint"))


def _mui(key: Key | None) -> Iterator[Said]:
    seen = set()
    for value in key.values() if key else ():
        found = _MUI.match(value.name)
        if key and found and found["path"].lower() not in seen:
            seen.add(found["path"].lower())
            yield of_value("hive_program", key, value, Trace="muicache", Path=found["path"], Ran="present")

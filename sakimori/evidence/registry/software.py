"""What the SOFTWARE hive says: what starts by itself, what is installed, whose profiles there are."""

from __future__ import annotations

from collections.abc import Iterator

from sakimori.evidence.registry.regf import Hive, Key
from sakimori.evidence.registry.said import Said, autostart, autostarts, of_key
from sakimori.evidence.registry.task_cache import tasks

_CURRENT = r"Microsoft\Windows\CurrentVersion"
_NT = r"Microsoft\Windows NT\CurrentVersion"
RUNS = (
    (r"Run", "run key"),
    (r"RunOnce", "run key"),
    (r"RunOnceEx", "run key"),
    (r"RunServices", "run key"),
    (r"Policies\Explorer\Run", "run key"),
)
WINLOGON = ("shell", "userinit", "taskman", "vmapplet", "gina dll", "gindall", "system", "mpnotify")


def said(hive: Hive) -> Iterator[Said]:
    """All rows of the hive."""
    for root in ("", "WOW6432Node\\"):
        for path, kind in RUNS:
            yield from autostarts(hive.find(rf"{root}{_CURRENT}\{path}"), kind)
        yield from autostarts(hive.find(rf"{root}{_NT}\Winlogon"), "winlogon", *WINLOGON)
        yield from autostarts(hive.find(rf"{root}{_NT}\Windows"), "appinit dll", "appinit_dlls")
        yield from autostarts(
            hive.find(rf"{root}Microsoft\Command Processor"), "command processor", "autorun"
        )
        yield from _under(
            hive.find(rf"{root}{_NT}\Image File Execution Options"), "ifeo debugger", "debugger"
        )
        yield from _under(
            hive.find(rf"{root}{_NT}\SilentProcessExit"), "silent exit monitor", "monitorprocess"
        )
        yield from _under(
            hive.find(rf"{root}Microsoft\Active Setup\Installed Components"), "active setup", "stubpath"
        )
        yield from products(hive.find(rf"{root}{_CURRENT}\Uninstall"))
    yield from autostarts(hive.find(r"Microsoft\Netsh"), "netsh helper")
    yield from tasks(hive.find(rf"{_NT}\Schedule\TaskCache"))
    yield from _profiles(hive.find(rf"{_NT}\ProfileList"))
    yield from _system(hive.find(_NT))


def _under(key: Key | None, kind: str, *names: str) -> Iterator[Said]:
    """Values of the keys below, each named by its key."""
    for child in key.children() if key else ():
        for value in child.values():
            if (not names or value.name.lower() in names) and value.text:
                yield autostart(child, value, kind, Name=child.name)


def products(key: Key | None) -> Iterator[Said]:
    """The installed products under an Uninstall key."""
    for child in key.children() if key else ():
        name = child.text("DisplayName")
        if name:
            yield of_key(
                "hive_product",
                child,
                Name=name,
                Version=child.text("DisplayVersion"),
                Publisher=child.text("Publisher"),
                InstallDate=child.text("InstallDate"),
                Path=child.text("InstallLocation"),
            )


def _profiles(key: Key | None) -> Iterator[Said]:
    for child in key.children() if key else ():
        path = child.text("ProfileImagePath")
        if path and child.name.upper().startswith("S-1-"):
            yield of_key("hive_account", child, Sid=child.name, Profile=path, Name=path.rsplit("\\", 1)[-1])


def _system(key: Key | None) -> Iterator[Said]:
    if key and (name := key.text("ProductName")):
        build = ".".join(filter(None, (key.text("CurrentBuild"), key.text("UBR"))))
        version = key.text("DisplayVersion") or key.text("ReleaseId")
        system = " ".join(filter(None, (name, version, build)))
        yield of_key("hive_device", key, System=system, Installed=key.text("InstallDate"))

"""Developers' Macs as `eslogger` tells them: one JSON line an event.

eslogger names no machine: its file lies in a folder with the machine's name, as a collection has it.
https://developer.apple.com/documentation/endpointsecurity
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sakimori.scenario.cloud.event import Event, iso, marked
from sakimori.scenario.cloud.people import Worker, identity
from sakimori.scenario.data import toml
from sakimori.scenario.journal import Line

_UNNUMBERED = '"seq_num":0,"global_seq_num":0'
_APPLE = ("/usr/bin", "/bin", "/usr/sbin", "/usr/libexec", "/System")
_NUMBERS = {"exec": 9, "create": 13, "rename": 25, "unlink": 32, "btm_launch_item_add": 124}


@dataclass(slots=True, eq=False)
class Running:
    """A process on a Mac."""

    path: str
    pid: int
    ppid: int
    began: int
    team: str | None = None
    platform: bool = True


@dataclass(slots=True, eq=False)
class Mac:
    """A developer's Mac; `running` holds processes by short name, `file` is where its events go."""

    owner: Worker
    uid: int = 501
    running: dict[str, Running] = field(default_factory=dict)
    _pid: int = 600
    _events: int = 0
    _told: int = 0

    def told(self, event: Event) -> str:
        """One event of the Mac as eslogger writes it."""
        what = event.get("event", "exec")
        self._events += 1
        actor, inner = getattr(self, f"_{what}")(event)
        record: dict[str, Any] = {
            "schema_version": 1,
            "version": 7,
            "event_type": _NUMBERS[what],
            "action_type": 1,
            "action": {"result": {"result": {"auth": 0}, "result_type": 0}},
            "time": iso(event.t, 6),
            "mach_time": event.t * 24 % 10**15,
            "seq_num": 0,
            "global_seq_num": 0,
            "thread": {"thread_id": 10_000 + self._events % 9000},
            "process": self._process(actor),
            "event": {what: inner},
        }
        return marked(record)

    def numbered(self, lines: list[Line]) -> list[str]:
        """The lines with the numbers eslogger gives them, which are known when their order is."""
        texts = []
        for line in lines:
            self._told += 1
            texts.append(
                line[4].replace(_UNNUMBERED, f'"seq_num":{self._told},"global_seq_num":{self._told}', 1)
            )
        return texts

    def _actor(self, event: Event, name: str) -> Running:
        found = self.running.get(name)
        if found is None:
            said = toml("cloud.toml")["mac"]["standing"].get(name, {"path": "/sbin/launchd"})
            self._pid += 1
            pid = 1 if name == "launchd" else self._pid
            found = Running(said["path"], pid, 1, event.t, said.get("team"), not said.get("team"))
            self.running[name] = found
        return found

    def _exec(self, event: Event) -> tuple[Running, dict[str, Any]]:
        parent = self._actor(event, event.get("by", "zsh"))
        self._pid = self._pid + 1 + int(event.rng.random() * 6) if self._pid < 90_000 else 700
        path, team = event.get("path"), event.get("team") or None
        new = Running(path, self._pid, parent.pid, event.t, team, not team and path.startswith(_APPLE))
        self.running[event.get("as", path.rpartition("/")[2])] = new
        user = self.owner.person.account.name
        inner = {
            "target": self._process(new),
            "args": event.listed("args") if "|" in event.get("args") else event.get("args", path).split(" "),
            "env": [f"HOME=/Users/{user}", f"LOGNAME={user}", f"USER={user}", "SHELL=/bin/zsh"],
            "cwd": self._file(event.get("cwd", f"/Users/{user}")),
            "script": None,
            "tty": None,
            "last_fd": 2,
            "fds": [],
            "image_cputype": 16_777_228,
            "image_cpusubtype": -2_147_483_646,
            "dyld_exec_path": path,
        }  # fmt: skip
        # Before it is what it becomes, a child still is a copy of its parent.
        return Running(parent.path, new.pid, parent.pid, event.t, parent.team, parent.platform), inner

    def _create(self, event: Event) -> tuple[Running, dict[str, Any]]:
        to = {"existing_file": self._file(event.get("path"))}
        return self._actor(event, event.get("by", "zsh")), {
            "destination_type": 0,
            "destination": to,
            "acl": None,
        }

    def _unlink(self, event: Event) -> tuple[Running, dict[str, Any]]:
        path = event.get("path")
        inner = {"target": self._file(path), "parent_dir": self._file(path.rpartition("/")[0])}
        return self._actor(event, event.get("by", "zsh")), inner

    def _rename(self, event: Event) -> tuple[Running, dict[str, Any]]:
        folder, _, name = event.get("path").rpartition("/")
        to = {"new_path": {"dir": self._file(folder), "filename": name}}
        inner = {"source": self._file(event.get("source")), "destination_type": 1, "destination": to}
        return self._actor(event, event.get("by", "zsh")), inner

    def _btm_launch_item_add(self, event: Event) -> tuple[Running, dict[str, Any]]:
        item = {
            "item_type": 3,
            "legacy": True,
            "managed": False,
            "uid": self.uid,
            "item_url": f"file://{event.get('path')}",
            "app_url": None,
        }
        inner = {
            "instigator": self._process(self._actor(event, event.get("by", "zsh"))),
            "app": None,
            "item": item,
            "executable_path": event.get("program"),
        }
        return self._actor(event, "backgroundtaskmanagementd"), inner

    def _process(self, one: Running) -> dict[str, Any]:
        token = self._token(one.pid)
        return {
            "audit_token": token,
            "ppid": one.ppid,
            "original_ppid": one.ppid,
            "group_id": one.pid,
            "session_id": 1 if one.pid == 1 else 500,
            "codesigning_flags": 570_522_385 if one.platform else 570_425_345,
            "is_platform_binary": one.platform,
            "is_es_client": False,
            "cdhash": identity("cdhash", one.path).replace("-", "").upper() + "00000000",
            "signing_id": one.path.rpartition("/")[2],
            "team_id": one.team,
            "executable": self._file(one.path),
            "tty": None,
            "start_time": iso(one.began, 6),
            "responsible_audit_token": token,
            "parent_audit_token": self._token(one.ppid),
        }

    def _token(self, pid: int) -> dict[str, int]:
        ids = {"auid": self.uid, "euid": self.uid, "ruid": self.uid, "egid": 20, "rgid": 20}
        return {**ids, "asid": 100_012, "pid": pid, "pidversion": pid * 3}

    @staticmethod
    def _file(path: str) -> dict[str, Any]:
        return {"path": path, "path_truncated": False}

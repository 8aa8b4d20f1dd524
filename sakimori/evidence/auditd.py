"""Linux' audit log: several records a happening, joined so that a started program has its user and folder.

Every record stays a row, since rules look at records (`type: PATH`, `name: ...`); records that lack what
their happening knows are given it from the SYSCALL and CWD records beside them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from sakimori.evidence.auditd_fields import is_record, record
from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Placed, Row, Told, each_line
from sakimori.records.plan import Plan

_WINDOW = 200  # records between the first and the last of one happening: the kernel writes them together
_OF_SYSCALL = [
    "pid",
    "ppid",
    "auid",
    "uid",
    "gid",
    "euid",
    "auid_name",
    "uid_name",
    "euid_name",
    "ses",
    "tty",
    "comm",
    "exe",
    "success",
    "key",
]
_GIVEN = frozenset({"EXECVE", "PATH", "SOCKADDR"})
_TYPES = {
    "auditd_syscall": "SYSCALL",
    "auditd_execve": "EXECVE",
    "auditd_path": "PATH",
    "auditd_sockaddr": "SOCKADDR",
    "auditd_sign_in": "USER_LOGIN USER_AUTH USER_ERR",
    "auditd_account": "ADD_USER DEL_USER ADD_GROUP DEL_GROUP USER_MGMT GRP_MGMT USER_CHAUTHTOK GRP_CHAUTHTOK"
    " ACCT_LOCK ACCT_UNLOCK CHUSER_ID CHGRP_ID ROLE_ASSIGN ROLE_REMOVE",
    "auditd_service": "SERVICE_START SERVICE_STOP",
    "auditd_user_cmd": "USER_CMD",
}
_LOGS = {kind: log for log, kinds in _TYPES.items() for kind in kinds.split()}
_MOST_ARGUMENTS = 10_000


class Auditd(LineReader):
    """`/var/log/audit/audit.log`, raw or enriched, and what `ausearch` prints, interpreted or not.

    Watch: only what the machine's rules asked for is there; without a rule for `execve` no program start is.
    Ids of users are numbers unless enriched or interpreted. `ausearch -i` writes local times in the
    machine's zone.
    """

    name = "auditd"

    def fits(self, line: str) -> bool:
        """An audit record, or the line between two happenings."""
        return line == "----" or line.startswith("time->") or is_record(line)

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one record alone."""

        def told(line: str) -> Told | str | None:
            found = record(line)
            if found:
                return Told(_LOGS.get(found.type, "auditd"), found.row)
            return None if self.fits(line) else "no audit record"

        return told

    def placed(self, source: Source, plan: Plan) -> Iterator[Placed]:
        """The records in their order, each as soon as what belongs to it must have been seen."""
        host = host_of(source.path)
        window = _Window()
        for one in each_line(source, self.parser(source, plan)):
            if isinstance(one.told, Told):
                one.told.row["host"] = one.told.row.get("node") or host
            yield from window.add(one)
        yield from window.rest()


@dataclass(slots=True)
class _Happening:
    """What is known of an event so far, and how many of its records still wait."""

    waiting: int = 0
    syscall: Row = field(default_factory=dict)
    cwd: str | None = None


class _Window:
    """The last records, and the happenings they belong to."""

    def __init__(self) -> None:
        self._records: deque[Placed] = deque()
        self._open: dict[tuple[str, str], _Happening] = {}

    def add(self, one: Placed) -> Iterator[Placed]:
        """Takes a record; gives those for which nothing more can come."""
        self._records.append(one)
        if isinstance(one.told, Told):
            happening = self._open.setdefault(_event(one.told.row), _Happening())
            happening.waiting += 1
            _learn(happening, one.told.row)
        if len(self._records) > _WINDOW:
            yield self._oldest()

    def rest(self) -> Iterator[Placed]:
        """All records still held."""
        while self._records:
            yield self._oldest()

    def _oldest(self) -> Placed:
        one = self._records.popleft()
        if isinstance(one.told, Told):
            event = _event(one.told.row)
            happening = self._open[event]
            _give(happening, one.told.row)
            happening.waiting -= 1
            if not happening.waiting:
                del self._open[event]
        return one


def _event(row: Row) -> tuple[str, str]:
    return row.get("node") or "", row["serial"]


def _learn(happening: _Happening, row: Row) -> None:
    if row["type"] == "SYSCALL":
        happening.syscall = row
    elif row["type"] == "CWD":
        happening.cwd = row.get("cwd")


def _give(happening: _Happening, row: Row) -> None:
    """What the record itself does not say; the call stands apart, for rules ask for a SYSCALL's own."""
    if row["type"] not in _GIVEN:
        return
    for name in _OF_SYSCALL:
        if name in happening.syscall:
            row.setdefault(name, happening.syscall[name])
    row["event_syscall"] = happening.syscall.get("syscall")
    row.setdefault("cwd", happening.cwd)
    if row["type"] == "EXECVE":
        row["command_line"] = command_line(row)
    elif row["type"] == "PATH":
        row["path"] = _whole(row.get("name"), happening.cwd)
    else:
        row |= _peer(row)


def command_line(row: Row) -> str | None:
    """The arguments with a space between them, quoted where one has a space of its own."""
    count = row.get("argc", "")
    most = min(int(count), _MOST_ARGUMENTS) if count.isascii() and count.isdigit() and len(count) < 9 else 0
    given = [row[f"a{n}"] for n in range(most) if f"a{n}" in row]
    return " ".join(f"'{text}'" if " " in text or not text else text for text in given) or None


def _whole(name: str | None, folder: str | None) -> str | None:
    """The file's path from the root on."""
    if name is None or name.startswith("/") or not folder:
        return name
    return f"{folder.rstrip('/')}/{name.removeprefix('./')}"


def _peer(row: Row) -> Row:
    """Address and port of `saddr`, a struct sockaddr in hexadecimal, or as interpreted."""
    if "laddr" in row:
        return {"peer_address": row["laddr"], "peer_port": row.get("lport")}
    text = row.get("saddr", "")
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return {}
    if raw[:2] == b"\x02\x00" and len(raw) >= 8:
        return {
            "peer_address": ".".join(map(str, raw[4:8])),
            "peer_port": str(int.from_bytes(raw[2:4], "big")),
        }
    if raw[:2] == b"\x0a\x00" and len(raw) >= 24:
        pairs = (f"{int.from_bytes(raw[at : at + 2], 'big'):x}" for at in range(8, 24, 2))
        return {"peer_address": ":".join(pairs), "peer_port": str(int.from_bytes(raw[2:4], "big"))}
    return {}

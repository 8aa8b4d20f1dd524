"""The firm without Sysmon and Zeek: telemetry becomes rows of Defender's advanced hunting, as CSV."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sakimori.scenario.defender_tables import INITIATING, OWN, TABLES
from sakimori.scenario.estate import Estate
from sakimori.scenario.journal import DayFile, Journal, Witness, moment
from sakimori.scenario.world import MARK, REALM, UNANSWERED, Account, Flow, Host, Process, Program, Session
from sakimori.scenario.xml_task import task_content

_LOGONS = {
    2: "Interactive",
    3: "Network",
    5: "Service",
    7: "Unlock",
    10: "RemoteInteractive",
    11: "CachedInteractive",
}
_HIVES = (
    ("HKLM\\System\\CurrentControlSet\\", "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\"),
    ("HKLM\\SYSTEM\\CurrentControlSet\\", "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\"),
    ("HKLM\\", "HKEY_LOCAL_MACHINE\\"),
    ("HKU\\", "HKEY_CURRENT_USER\\"),
)
_NOBODY = "," * (len(INITIATING) - 1)
# Defender reports handles to the credential store, not every handle.
_WATCHED = "lsass.exe"
Fields = dict[str, object]


class DefenderSensors:
    """Implements `Telemetry`; what Defender does not report (process ends, tickets) is heard and dropped."""

    def __init__(self, root: Path, witness: Witness, estate: Estate, seed: int, compress: str) -> None:
        self.count = 0
        self.tag = 0
        self._port = 49_152
        self._report = 0
        self._devices: dict[int, str] = {}
        self._programs: dict[Program, str] = {}
        self._journals = {
            table: Journal(
                DayFile(
                    root,
                    f"defender/{{day}}/{table}.csv",
                    witness,
                    head=",".join(columns) + "\n",
                    compress=compress,
                )
            )
            for table, columns in TABLES.items()
        }

    @property
    def records(self) -> int:
        """Rows written so far."""
        return sum(journal.file.records for journal in self._journals.values())

    def flush(self, until: int) -> None:
        """Write all that happened before `until`."""
        for journal in self._journals.values():
            journal.flush(until)

    def close(self) -> None:
        """Close all files; what was to happen later is dropped."""
        for journal in self._journals.values():
            journal.file.close()

    def _row(
        self, t: int, host: Host, table: str, action: str, own: str, by: str, more: Fields | None = None
    ) -> None:
        self.count += 1
        self._report += 1
        device = self._devices.get(host.index)
        if device is None:
            identity = hashlib.sha1(f"device/{host.name}".encode(), usedforsecurity=False).hexdigest()
            device = self._devices[host.index] = f"{identity},{host.fqdn}"
        extra = cell(json.dumps({**(more or {}), "synthetic": MARK}, separators=(",", ":")))
        line = f"{moment(t, 'T', 6)}0Z,{device},{action},{own},{by},{self._report},,{extra}\n"
        self._journals[table].add(t, 0, self.tag, line)

    def _event(self, t: int, process: Process, action: str, more: Fields, **own: object) -> None:
        """A row of DeviceEvents: `own` names the few columns that say something."""
        cells = ",".join(cell(str(own.get(column, ""))) for column in OWN["DeviceEvents"])
        self._row(t, process.host, "DeviceEvents", action, cells, self._by(process), more)

    def _by(self, p: Process) -> str:
        """The columns about the process that did it."""
        if not p.cache:
            account, parent, program = p.session.account, p.parent, p.program
            _, sha256, sha1, md5 = hashes(program)
            p.cache = ",".join(
                (
                    cell(account.domain.lower()),
                    cell(account.name.lower()),
                    account.sid,
                    upn(account),
                    str(p.session.logon_id),
                    p.integrity,
                    elevation(p),
                    sha1,
                    sha256,
                    md5,
                    cell(program.file),
                    blank(program.company),
                    blank(program.product),
                    blank(program.original),
                    blank(program.description),
                    str(p.pid),
                    cell(p.command),
                    stamp(p.began),
                    cell(program.image.lower()),
                    str(parent.pid if parent else 0),
                    cell(parent.program.file) if parent else "",
                    stamp(parent.began) if parent else "",
                )
            )
        return p.cache

    def _file(self, program: Program) -> str:
        text = self._programs.get(program)
        if text is None:
            size, sha256, sha1, md5 = hashes(program)
            text = self._programs[program] = (
                f"{cell(program.file)},{cell(program.image)},{sha1},{sha256},{md5},{size}"
            )
        return text

    # processes

    def started(self, t: int, process: Process) -> None:
        p, program, account = process, process.program, process.session.account
        own = (
            f"{self._file(program)},{blank(program.company)},{blank(program.product)},{blank(program.version)},"
            f"{blank(program.original)},{blank(program.description)},{p.pid},{cell(p.command)},{p.integrity},{elevation(p)},"
            f"{stamp(t)},{cell(account.domain.lower())},{cell(account.name.lower())},{account.sid},{upn(account)},{p.session.logon_id}"
        )
        self._row(
            t,
            p.host,
            "DeviceProcessEvents",
            "ProcessCreated",
            own,
            self._by(p.parent) if p.parent else _NOBODY,
        )

    def ended(self, t: int, process: Process) -> None:
        return

    def loaded(self, t: int, process: Process, module: Program) -> None:
        self._row(
            t, process.host, "DeviceImageLoadEvents", "ImageLoaded", self._file(module), self._by(process)
        )

    def opened(self, t: int, process: Process, target: Process, rights: str) -> None:
        if target.program.file == _WATCHED:
            self._event(
                t,
                process,
                "OpenProcessApiCall",
                {"DesiredAccess": int(rights, 16)},
                FileName=target.program.file,
                FolderPath=target.program.image,
                ProcessId=target.pid,
            )

    def injected(self, t: int, process: Process, target: Process) -> None:
        self._event(
            t,
            process,
            "CreateRemoteThreadApiCall",
            {},
            FileName=target.program.file,
            FolderPath=target.program.image,
            ProcessId=target.pid,
            ProcessCommandLine=target.command,
        )

    # files, registry, pipes

    def wrote(self, t: int, process: Process, path: str) -> None:
        self._path(t, process, "FileCreated", path)

    def deleted(self, t: int, process: Process, path: str) -> None:
        self._path(t, process, "FileDeleted", path)

    def _path(self, t: int, process: Process, action: str, path: str) -> None:
        digest = hashlib.sha256(f"{path}/{t}".encode()).hexdigest()
        hashed = f"{digest[:40]},{digest},{digest[8:40]},{int(digest[:4], 16) * 7}"
        own = f"{cell(path.rpartition(chr(92))[2])},{cell(path)},{hashed},,,,,,Local,,"
        self._row(t, process.host, "DeviceFileEvents", action, own, self._by(process))

    def backdated(self, t: int, process: Process, path: str, claimed: str) -> None:
        more: Fields = {"NewCreationTime": claimed, "PreviousCreationTime": moment(t - 900_000)}
        self._event(
            t,
            process,
            "FileTimestampModificationEvent",
            more,
            FileName=path.rpartition("\\")[2],
            FolderPath=path,
        )

    def set_value(self, t: int, process: Process, key: str, data: str) -> None:
        path, _, name = _hive(key).rpartition("\\")
        kind, value = _value(data)
        own = f"{cell(path)},{kind},{cell(name)},{cell(value)},,,"
        self._row(t, process.host, "DeviceRegistryEvents", "RegistryValueSet", own, self._by(process))

    def made_key(self, t: int, process: Process, key: str) -> None:
        own = f"{cell(_hive(key))},,,,,,"
        self._row(t, process.host, "DeviceRegistryEvents", "RegistryKeyCreated", own, self._by(process))

    def piped(self, t: int, process: Process, name: str) -> None:
        more: Fields = {"PipeName": f"\\Device\\NamedPipe{name}", "FileOperation": "File created"}
        self._event(t, process, "NamedPipeEvent", more)

    # the network

    def resolved(self, t: int, process: Process, name: str, answers: tuple[str, ...]) -> None:
        results = json.dumps([{"Result": answer, "DnsQueryType": "A"} for answer in answers])
        more: Fields = {"DnsQueryString": name, "DnsQueryType": 1, "DnsQueryResult": results}
        self._event(t, process, "DnsQueryResponse", more)

    def connected(self, t: int, process: Process, flow: Flow) -> None:
        self._port = self._port + 1 if self._port < 65_000 else 49_152
        scheme = {"ssl": "https://", "http": "http://"}.get(flow.service, "")
        url = f"{scheme}{flow.name}{flow.web.uri if flow.web else ''}"
        own = (
            f"{flow.address},{flow.port},{cell(url)},{process.host.address},{self._port},{flow.protocol.title()},"
            f"Private,{'Private' if flow.address.startswith('10.') else 'Public'}"
        )
        action = "ConnectionFailed" if flow.state in UNANSWERED else "ConnectionSuccess"
        self._row(t, process.host, "DeviceNetworkEvents", action, own, self._by(process))

    # sign-ins

    def _logon(
        self, t: int, host: Host, action: str, session: Session, protocol: str, reason: str = ""
    ) -> None:
        a = session.account
        away = session.source != "-"
        own = (
            f"{_LOGONS[session.kind]},{cell(a.domain.lower())},{cell(a.name.lower())},{a.sid},{protocol},{reason},"
            f"{str(a.admin).lower()},{session.logon_id},{session.source_host if away else ''},"
            f"{session.source if away else ''},{'Private' if away else ''},{self._port if away else ''}"
        )
        self._row(t, host, "DeviceLogonEvents", action, own, self._by(host.system["lsass"]))

    def logged_on(self, t: int, host: Host, session: Session, package: str) -> None:
        self._logon(t, host, "LogonSuccess", session, package)

    def logged_off(self, t: int, host: Host, session: Session) -> None:
        return

    def refused(self, t: int, host: Host, account: Account, source: str, kind: int) -> None:
        session = Session(account, 0, kind, source=source, source_host="")
        self._logon(t, host, "LogonFailed", session, "NTLM", "InvalidUserNameOrPassword")

    def explicit(self, t: int, process: Process, account: Account, target: str) -> None:
        return

    def ticket(self, t: int, controller: Host, account: Account, source: str, service: str) -> None:
        return

    def checked(self, t: int, controller: Host, account: Account, workstation: str) -> None:
        return

    def shared(self, t: int, host: Host, session: Session, share: str) -> None:
        return

    # services, tasks, scripts, logs

    def serviced(self, t: int, host: Host, session: Session, name: str, path: str) -> None:
        more: Fields = {
            "ServiceName": name,
            "ServiceAccount": "LocalSystem",
            "ServiceStartType": 3,
            "ServiceType": 16,
        }
        image = path.strip('"').partition('"')[0]
        self._event(
            t,
            host.system["services"],
            "ServiceInstalled",
            more,
            FileName=image.rpartition("\\")[2],
            FolderPath=image,
            ProcessCommandLine=path,
            AccountDomain=session.account.domain,
            AccountName=session.account.name,
            AccountSid=session.account.sid,
        )

    def scheduled(self, t: int, process: Process, name: str, command: str, arguments: str) -> None:
        content = task_content(process.session.account.full, name, command, arguments)
        self._event(t, process, "ScheduledTaskCreated", {"TaskName": name, "TaskContent": content})

    def updated_task(self, t: int, host: Host, name: str, user: str, event: int) -> None:
        action = {106: "ScheduledTaskCreated", 140: "ScheduledTaskUpdated", 141: "ScheduledTaskDeleted"}[
            event
        ]
        self._event(t, host.svchosts[0], action, {"TaskName": name})

    def scripted(self, t: int, process: Process, text: str, path: str) -> None:
        self._event(t, process, "PowerShellCommand", {"Command": text})

    def added_account(self, t: int, host: Host, session: Session, account: Account) -> None:
        self._event(
            t,
            host.system["lsass"],
            "UserAccountCreated",
            {},
            AccountDomain=account.domain,
            AccountName=account.name,
            AccountSid=account.sid,
        )

    def cleared(self, t: int, host: Host, session: Session, channel: str) -> None:
        account = session.account
        self._event(
            t,
            host.svchosts[0],
            "SecurityLogCleared" if channel == "Security" else "EventLogCleared",
            {"Channel": channel},
            AccountDomain=account.domain,
            AccountName=account.name,
            AccountSid=account.sid,
        )


def cell(text: str) -> str:
    """A CSV cell, quoted where it must be (RFC 4180)."""
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if '"' in text or "," in text or "\n" in text else text


def blank(text: str) -> str:
    """A cell that is empty where the program says nothing."""
    return "" if text == "-" else cell(text)


def upn(account: Account) -> str:
    """name@realm for domain accounts."""
    return (
        "" if account.sid.startswith("S-1-5-1") or account.sid in ("S-1-5-20",) else f"{account.name}@{REALM}"
    )


def elevation(process: Process) -> str:
    """How the token was made."""
    return "TokenElevationTypeFull" if process.integrity == "High" else "TokenElevationTypeDefault"


def stamp(t: int) -> str:
    """A time column."""
    return f"{moment(t, 'T', 6)}0Z"


def hashes(program: Program) -> tuple[int, str, str, str]:
    """Size, SHA256, SHA1 and MD5 of a program."""
    md5, sha256 = program.hashes[4:36].lower(), program.hashes[44:108].lower()
    return 40_000 + int(sha256[:5], 16), sha256, sha256[12:52], md5


def _hive(key: str) -> str:
    for short, long in _HIVES:
        if key.startswith(short):
            return long + key[len(short) :]
    return key


def _value(data: str) -> tuple[str, str]:
    if data == "Binary Data":
        return "Binary", ""
    if data.startswith("DWORD"):
        return "Dword", str(int(data[9:-1], 16))
    if data.startswith("QWORD"):
        high, low = data[7:-1].split("-")
        return "Qword", str(int(high, 16) << 32 | int(low, 16))
    return "String", data

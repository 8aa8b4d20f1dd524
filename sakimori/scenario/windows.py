"""The firm with Sysmon, Windows auditing and a Zeek sensor: telemetry becomes Winlogbeat and Zeek lines."""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from sakimori.scenario import event_data as say
from sakimori.scenario.estate import Estate
from sakimori.scenario.journal import Witness, moment
from sakimori.scenario.windows_accounts import AccountEvents
from sakimori.scenario.winlogbeat import SCRIPT_BLOCK, SECURITY, SYSMON, Winlogbeat
from sakimori.scenario.world import UNANSWERED, Flow, Process, Program
from sakimori.scenario.zeek import Zeek

# Sysmon reports a program's own image as loaded; configurations leave out what only administrators write.
_SYSTEM_PLACES = ("C:\\Windows\\", "C:\\Program Files", "C:\\ProgramData\\Microsoft\\", "System")
_QUIET = "127.0.0.1"  # what never leaves the machine is not seen by Zeek
_LEVELS = {"Low": "S-1-16-4096", "Medium": "S-1-16-8192", "High": "S-1-16-12288", "System": "S-1-16-16384"}
_PORT_NAMES = {
    443: "https",
    80: "http",
    445: "microsoft-ds",
    3389: "ms-wbt-server",
    389: "ldap",
    135: "epmap",
}


class WindowsSensors(AccountEvents):
    """Implements `Telemetry`."""

    def __init__(self, root: Path, witness: Witness, estate: Estate, seed: int, compress: str) -> None:
        super().__init__(Winlogbeat(root, witness, compress), Zeek(root, witness, seed))
        self._resolver = estate.one("dc").address
        self._versions: dict[Program, str] = {}
        self._modules: dict[Program, str] = {}

    @property
    def records(self) -> int:
        """Lines written so far."""
        return self._log.file.records + sum(file.records for file in self._zeek.files.values())

    def flush(self, until: int) -> None:
        """Write all that happened before `until`."""
        self._log.journal.flush(until)
        for journal in self._zeek.journals.values():
            journal.flush(until)

    def close(self) -> None:
        """Close all files; what was to happen later is dropped."""
        self._log.file.close()
        for file in self._zeek.files.values():
            file.close()

    def _did(self, t: int, process: Process, event: int, data: str) -> None:
        """A Sysmon event about something a process did."""
        self._say(
            t, process.host, SYSMON[event],
            f'"RuleName":"-","UtcTime":"{moment(t)}",{say.actor(process)},{data},'
            f'"User":{quoted(process.session.account.full)}',
        )  # fmt: skip

    # processes

    def started(self, t: int, process: Process) -> None:
        session, program, head = process.session, process.program, process.host.guid_head
        version = self._versions.get(program)
        if version is None:
            version = self._versions[program] = say.version(program)
        command = quoted(process.command)
        self._did(
            t, process, 1,
            f'{version},"CommandLine":{command},"CurrentDirectory":{quoted(process.directory)},'
            f'"LogonGuid":"{head}-0000-0000-0000-{session.logon_id:012X}}}","LogonId":"0x{session.logon_id:x}",'
            f'"TerminalSessionId":"{session.terminal}","IntegrityLevel":"{process.integrity}",'
            f"{say.parent(process.parent)}",
        )  # fmt: skip
        if not program.image.startswith(_SYSTEM_PLACES):
            self.loaded(t + 300, process, program)
        self._audited(t + 700, process, command)

    def _audited(self, t: int, process: Process, command: str) -> None:
        above = process.parent
        self._say(
            t, process.host, SECURITY[4688],
            f'{say.account(process.session)},"NewProcessId":"0x{process.pid:x}",'
            f'"NewProcessName":{quoted(process.program.image)},"TokenElevationType":"%%1936",'
            f'"ProcessId":"0x{above.pid if above else 0:x}","CommandLine":{command},'
            f'"TargetUserSid":"S-1-0-0","TargetUserName":"-","TargetDomainName":"-","TargetLogonId":"0x0",'
            f'"ParentProcessName":{quoted(above.program.image if above else "-")},'
            f'"MandatoryLabel":"{_LEVELS[process.integrity]}"',
        )  # fmt: skip

    def ended(self, t: int, process: Process) -> None:
        self._say(
            t, process.host, SYSMON[5],
            f'"RuleName":"-","UtcTime":"{moment(t)}",{say.actor(process)},'
            f'"User":{quoted(process.session.account.full)}',
        )  # fmt: skip

    def loaded(self, t: int, process: Process, module: Program) -> None:
        text = self._modules.get(module)
        if text is None:
            text = self._modules[module] = say.module(module)
        self._did(t, process, 7, text)

    def opened(self, t: int, process: Process, target: Process, rights: str) -> None:
        self._say(
            t, process.host, SYSMON[10],
            f'"RuleName":"-","UtcTime":"{moment(t)}",{say.source_and_target(process, target)},'
            f'"SourceThreadId":"{process.pid + 12}","GrantedAccess":"{rights}",'
            f'"CallTrace":{quoted(say.call_trace(process, rights))}',
        )  # fmt: skip

    def injected(self, t: int, process: Process, target: Process) -> None:
        self._say(
            t, process.host, SYSMON[8],
            f'"RuleName":"-","UtcTime":"{moment(t)}",{say.source_and_target(process, target, "Guid")},'
            f'"NewThreadId":"{process.pid + 31}","StartAddress":"0x00007FF6{process.pid:08X}",'
            f'"StartModule":"-","StartFunction":"-"',
        )  # fmt: skip

    def scripted(self, t: int, process: Process, text: str, path: str) -> None:
        block = process.guid[1:-1].lower()
        data = say.pairs(
            MessageNumber=1, MessageTotal=1, ScriptBlockText=text, ScriptBlockId=block, Path=path
        )
        self._say(t, process.host, SCRIPT_BLOCK, data)

    # files, registry, pipes

    def wrote(self, t: int, process: Process, path: str) -> None:
        self._did(t, process, 11, f'"TargetFilename":{quoted(path)},"CreationUtcTime":"{moment(t)}"')

    def deleted(self, t: int, process: Process, path: str) -> None:
        self._did(
            t, process, 23, say.pairs(TargetFilename=path, Hashes="-", IsExecutable="false", Archived="true")
        )

    def backdated(self, t: int, process: Process, path: str, claimed: str) -> None:
        before = moment(t - 900_000)
        data = say.pairs(TargetFilename=path, CreationUtcTime=claimed, PreviousCreationUtcTime=before)
        self._did(t, process, 2, data)

    def set_value(self, t: int, process: Process, key: str, data: str) -> None:
        text = f'"EventType":"SetValue","TargetObject":{quoted(key)},"Details":{quoted(data)}'
        self._did(t, process, 13, text)

    def made_key(self, t: int, process: Process, key: str) -> None:
        self._did(t, process, 12, say.pairs(EventType="CreateKey", TargetObject=key))

    def piped(self, t: int, process: Process, name: str) -> None:
        self._did(t, process, 17, say.pairs(EventType="CreatePipe", PipeName=name))

    # the network

    def resolved(self, t: int, process: Process, name: str, answers: tuple[str, ...]) -> None:
        results = "".join([f"::ffff:{answer};" for answer in answers]) or "-"
        status = 0 if answers else 9003
        text = f'"QueryName":{quoted(name)},"QueryStatus":"{status}","QueryResults":"{results}"'
        self._did(t, process, 22, text)
        source = process.host.address
        self._zeek.query(t - 9_000, source, self._ports(), self._resolver, name, answers, self.tag)
        self.count += 2

    def connected(self, t: int, process: Process, flow: Flow) -> None:
        port, host = self._ports(), process.host
        if flow.state not in UNANSWERED:  # Sysmon reports what was established
            self._connected(t, process, flow, port)
        if flow.address != _QUIET:
            self.count += self._zeek.flow(t, host.address, port, flow, self.tag)

    def _connected(self, t: int, process: Process, flow: Flow, port: int) -> None:
        host = process.host
        self._did(
            t, process, 3,
            f'"Protocol":"{flow.protocol}","Initiated":"true","SourceIsIpv6":"false","SourceIp":"{host.address}",'
            f'"SourceHostname":"{host.fqdn}","SourcePort":"{port}","SourcePortName":"-",'
            f'"DestinationIsIpv6":"false","DestinationIp":"{flow.address}",'
            f'"DestinationHostname":{quoted(flow.name or "-")},"DestinationPort":"{flow.port}",'
            f'"DestinationPortName":"{_PORT_NAMES.get(flow.port, "-")}"',
        )  # fmt: skip

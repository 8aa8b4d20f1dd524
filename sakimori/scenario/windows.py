"""The firm with Sysmon, Windows auditing and a Zeek sensor: telemetry becomes Winlogbeat and Zeek lines."""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path

from sakimori.scenario.estate import Estate
from sakimori.scenario.journal import Witness, moment
from sakimori.scenario.winlogbeat import (
    LOG_CLEARED,
    SCRIPT_BLOCK,
    SECURITY_KINDS,
    SERVICE_INSTALLED,
    SYSMON_KINDS,
    SYSTEM_CLEARED,
    TASK_KINDS,
    Kind,
    Winlogbeat,
)
from sakimori.scenario.world import DOMAIN, REALM, Account, Flow, Host, Process, Program, Session
from sakimori.scenario.zeek import Zeek

_QUIET = {"127.0.0.1"}
# What the sensors' configuration leaves out, as most do: browsers' and agents' library loads are not asked for here.
_LEVELS = {"Low": "S-1-16-4096", "Medium": "S-1-16-8192", "High": "S-1-16-12288", "System": "S-1-16-16384"}


class WindowsSensors:
    """Implements `Telemetry`."""

    def __init__(self, root: Path, witness: Witness, estate: Estate, seed: int, compress: str) -> None:
        self.count = 0
        self.tag = 0
        self._dc = estate.one("dc")
        self._log = Winlogbeat(root, witness, compress)
        self._zeek = Zeek(root, witness, seed)
        self._port = 49_152
        self._programs: dict[Program, str] = {}
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

    def _say(self, t: int, host: Host, kind: Kind, data: str, field: str = "event_data") -> None:
        self.count += 1
        self._log.emit(t, host, kind, data, self.tag, field)

    def _ports(self) -> int:
        self._port = self._port + 1 if self._port < 65_000 else 49_152
        return self._port

    def _who(self, p: Process) -> str:
        """Guid, pid and image of a process as Sysmon repeats them."""
        if not p.cache:
            p.cache = f'"ProcessGuid":"{p.guid}","ProcessId":"{p.pid}","Image":{quoted(p.program.image)}'
        return p.cache

    # processes

    def started(self, t: int, process: Process) -> None:
        p, parent, session = process, process.parent, process.session
        said = self._programs.get(p.program) or self._version(p.program)
        user, command = quoted(session.account.full), quoted(p.command)
        if parent is None:
            above = '"ParentProcessGuid":"-","ParentProcessId":"0","ParentImage":"-","ParentCommandLine":"-"'
            parent_pid, parent_image = 0, '"-"'
        else:
            parent_pid, parent_image = parent.pid, quoted(parent.program.image)
            above = (
                f'"ParentProcessGuid":"{parent.guid}","ParentProcessId":"{parent_pid}",'
                f'"ParentImage":{parent_image},"ParentCommandLine":{quoted(parent.command)},'
                f'"ParentUser":{quoted(parent.session.account.full)}'
            )
        self._say(
            t, p.host, SYSMON_KINDS[1],
            f'"RuleName":"-","UtcTime":"{moment(t)}",{self._who(p)},{said},"CommandLine":{command},'
            f'"CurrentDirectory":{quoted(p.directory)},"User":{user},"LogonGuid":"{p.host.guid_head}-0000-0000-0000-{session.logon_id:012X}}}",'
            f'"LogonId":"0x{session.logon_id:x}","TerminalSessionId":"{session.terminal}","IntegrityLevel":"{p.integrity}",{above}',
        )  # fmt: skip
        self._say(
            t + 700, p.host, SECURITY_KINDS[4688],
            f'{self._subject(session)},"NewProcessId":"0x{p.pid:x}","NewProcessName":{quoted(p.program.image)},'
            f'"TokenElevationType":"%%1936","ProcessId":"0x{parent_pid:x}","CommandLine":{command},'
            f'"TargetUserSid":"S-1-0-0","TargetUserName":"-","TargetDomainName":"-","TargetLogonId":"0x0",'
            f'"ParentProcessName":{parent_image},"MandatoryLabel":"{_LEVELS[p.integrity]}"',
        )  # fmt: skip

    def _version(self, program: Program) -> str:
        text = self._programs[program] = (
            f'"FileVersion":{quoted(program.version)},"Description":{quoted(program.description)},'
            f'"Product":{quoted(program.product)},"Company":{quoted(program.company)},'
            f'"OriginalFileName":{quoted(program.original)},"Hashes":"{program.hashes}"'
        )
        return text

    def ended(self, t: int, process: Process) -> None:
        self._say(
            t, process.host, SYSMON_KINDS[5],
            f'"RuleName":"-","UtcTime":"{moment(t)}",{self._who(process)},"User":{quoted(process.session.account.full)}',
        )  # fmt: skip

    def loaded(self, t: int, process: Process, module: Program) -> None:
        said = self._modules.get(module)
        if said is None:
            signed = module.signature != "-"
            said = self._modules[module] = (
                f'"ImageLoaded":{quoted(module.image)},{self._version(module)},"Signed":"{str(signed).lower()}",'
                f'"Signature":{quoted(module.signature)},"SignatureStatus":"{"Valid" if signed else "Unavailable"}"'
            )
        self._on(t, process, SYSMON_KINDS[7], said)

    def _on(self, t: int, process: Process, kind: Kind, data: str) -> None:
        """A Sysmon event about something a process did."""
        self._say(
            t, process.host, kind,
            f'"RuleName":"-","UtcTime":"{moment(t)}",{self._who(process)},{data},"User":{quoted(process.session.account.full)}',
        )  # fmt: skip

    def opened(self, t: int, process: Process, target: Process, rights: str) -> None:
        self._say(
            t, process.host, SYSMON_KINDS[10],
            f'"RuleName":"-","UtcTime":"{moment(t)}",{_pair(process, target)},'
            f'"GrantedAccess":"{rights}","CallTrace":{quoted(_trace(process, rights))},{_users(process, target)}',
        )  # fmt: skip

    def injected(self, t: int, process: Process, target: Process) -> None:
        self._say(
            t, process.host, SYSMON_KINDS[8],
            f'"RuleName":"-","UtcTime":"{moment(t)}",{_pair(process, target).replace("GUID", "Guid")},'
            f'"NewThreadId":"{process.pid + 31}","StartAddress":"0x00007FF6{process.pid:08X}","StartModule":"-",'
            f'"StartFunction":"-",{_users(process, target)}',
        )  # fmt: skip

    # files, registry, pipes

    def wrote(self, t: int, process: Process, path: str) -> None:
        self._on(
            t, process, SYSMON_KINDS[11], f'"TargetFilename":{quoted(path)},"CreationUtcTime":"{moment(t)}"'
        )

    def deleted(self, t: int, process: Process, path: str) -> None:
        self._on(
            t,
            process,
            SYSMON_KINDS[23],
            f'"TargetFilename":{quoted(path)},"Hashes":"-","IsExecutable":"false","Archived":"true"',
        )

    def backdated(self, t: int, process: Process, path: str, claimed: str) -> None:
        times = f'"CreationUtcTime":"{claimed}","PreviousCreationUtcTime":"{moment(t - 900_000)}"'
        self._on(t, process, SYSMON_KINDS[2], f'"TargetFilename":{quoted(path)},{times}')

    def set_value(self, t: int, process: Process, key: str, data: str) -> None:
        self._on(
            t,
            process,
            SYSMON_KINDS[13],
            f'"EventType":"SetValue","TargetObject":{quoted(key)},"Details":{quoted(data)}',
        )

    def made_key(self, t: int, process: Process, key: str) -> None:
        self._on(t, process, SYSMON_KINDS[12], f'"EventType":"CreateKey","TargetObject":{quoted(key)}')

    def piped(self, t: int, process: Process, name: str) -> None:
        self._on(t, process, SYSMON_KINDS[17], f'"EventType":"CreatePipe","PipeName":{quoted(name)}')

    # the network

    def resolved(self, t: int, process: Process, name: str, answers: tuple[str, ...]) -> None:
        host = process.host
        results = "".join(f"::ffff:{answer};" for answer in answers) or "-"
        status = 0 if answers else 9003
        self._on(
            t, process, SYSMON_KINDS[22],
            f'"QueryName":{quoted(name)},"QueryStatus":"{status}","QueryResults":"{results}"',
        )  # fmt: skip
        self._zeek.query(t - 9_000, host.address, self._ports(), self._dc.address, name, answers, self.tag)
        self.count += 1

    def connected(self, t: int, process: Process, flow: Flow) -> None:
        port, host = self._ports(), process.host
        self._on(
            t, process, SYSMON_KINDS[3],
            f'"Protocol":"{flow.protocol}","Initiated":"true","SourceIsIpv6":"false","SourceIp":"{host.address}",'
            f'"SourceHostname":"{host.fqdn}","SourcePort":"{port}","SourcePortName":"-","DestinationIsIpv6":"false",'
            f'"DestinationIp":"{flow.address}","DestinationHostname":{quoted(flow.name or "-")},'
            f'"DestinationPort":"{flow.port}","DestinationPortName":"{_PORTS.get(flow.port, "-")}"',
        )  # fmt: skip
        if flow.address not in _QUIET:
            self.count += self._zeek.flow(t, host.address, port, flow, self.tag)

    # sign-ins

    def _subject(self, session: Session, prefix: str = "Subject") -> str:
        a = session.account
        return (
            f'"{prefix}UserSid":"{a.sid}","{prefix}UserName":{quoted(a.name)},'
            f'"{prefix}DomainName":"{a.domain}","{prefix}LogonId":"0x{session.logon_id:x}"'
        )

    def logged_on(self, t: int, host: Host, session: Session, package: str) -> None:
        local = session.kind in (2, 5, 7, 10, 11)
        subject = f'"SubjectUserSid":"S-1-5-18","SubjectUserName":"{host.name}$","SubjectDomainName":"{DOMAIN}","SubjectLogonId":"0x3e7"'
        nobody = (
            '"SubjectUserSid":"S-1-0-0","SubjectUserName":"-","SubjectDomainName":"-","SubjectLogonId":"0x0"'
        )
        by = "C:\\\\Windows\\\\System32\\\\" + ("services.exe" if session.kind == 5 else "svchost.exe")
        way = {2: "User32 ", 7: "User32 ", 10: "User32 ", 11: "User32 ", 5: "Advapi  "}.get(
            session.kind, package
        )
        self._say(
            t, host, SECURITY_KINDS[4624],
            f'{subject if local else nobody},{self._subject(session, "Target")},"LogonType":"{session.kind}",'
            f'"LogonProcessName":"{way}","AuthenticationPackageName":"{"Negotiate" if local else package}",'
            f'"WorkstationName":"{session.source_host}","LogonGuid":"{{00000000-0000-0000-0000-000000000000}}",'
            f'"TransmittedServices":"-","LmPackageName":"{"NTLM V2" if package == "NTLM" else "-"}","KeyLength":"{128 if package == "NTLM" else 0}",'
            f'"ProcessId":"0x{0x2f0 if local else 0:x}","ProcessName":"{by if local else "-"}","IpAddress":"{session.source}","IpPort":"{self._ports() if session.source != "-" else "-"}",'
            f'"ImpersonationLevel":"%%1833","RestrictedAdminMode":"-","TargetOutboundUserName":"-","TargetOutboundDomainName":"-",'
            f'"VirtualAccount":"%%1843","TargetLinkedLogonId":"0x0","ElevatedToken":"{"%%1842" if session.account.admin else "%%1843"}"',
        )  # fmt: skip
        if session.account.admin:
            self._say(
                t + 900,
                host,
                SECURITY_KINDS[4672],
                f'{self._subject(session)},"PrivilegeList":"SeSecurityPrivilege\\n\\t\\t\\tSeBackupPrivilege\\n\\t\\t\\tSeDebugPrivilege"',
            )
        if session.source.startswith("10.") and session.kind in (3, 10):
            port, service = (3389, "rdp") if session.kind == 10 else (445, "gssapi,smb")
            flow = Flow(host.address, port, "", service, 4200, 6100, 2.5)
            self.count += self._zeek.flow(t - 40_000, session.source, self._ports(), flow, self.tag)

    def logged_off(self, t: int, host: Host, session: Session) -> None:
        self._say(
            t, host, SECURITY_KINDS[4634], f'{self._subject(session, "Target")},"LogonType":"{session.kind}"'
        )

    def refused(self, t: int, host: Host, account: Account, source: str, kind: int) -> None:
        self._say(
            t, host, SECURITY_KINDS[4625],
            f'"SubjectUserSid":"S-1-0-0","SubjectUserName":"-","SubjectDomainName":"-","SubjectLogonId":"0x0","TargetUserSid":"S-1-0-0",'
            f'"TargetUserName":{quoted(account.name)},"TargetDomainName":"{account.domain}","Status":"0xc000006d","FailureReason":"%%2313",'
            f'"SubStatus":"0xc000006a","LogonType":"{kind}","LogonProcessName":"NtLmSsp ","AuthenticationPackageName":"NTLM",'
            f'"WorkstationName":"-","TransmittedServices":"-","LmPackageName":"-","KeyLength":"0","ProcessId":"0x0","ProcessName":"-",'
            f'"IpAddress":"{source}","IpPort":"{self._ports()}"',
        )  # fmt: skip

    def explicit(self, t: int, process: Process, account: Account, target: str) -> None:
        self._say(
            t, process.host, SECURITY_KINDS[4648],
            f'{self._subject(process.session)},"LogonGuid":"{{00000000-0000-0000-0000-000000000000}}","TargetUserName":{quoted(account.name)},'
            f'"TargetDomainName":"{account.domain}","TargetLogonGuid":"{{00000000-0000-0000-0000-000000000000}}","TargetServerName":"{target}",'
            f'"TargetInfo":"{target}","ProcessId":"0x{process.pid:x}","ProcessName":{quoted(process.program.image)},"IpAddress":"-","IpPort":"-"',
        )  # fmt: skip

    def ticket(self, t: int, controller: Host, account: Account, source: str, service: str) -> None:
        krbtgt = service == "krbtgt"
        who = (
            f'"TargetUserName":{quoted(account.name)},"TargetDomainName":"{DOMAIN}","TargetSid":"{account.sid}"'
            if krbtgt
            else f'"TargetUserName":"{account.name}@{REALM.upper()}","TargetDomainName":"{REALM.upper()}"'
        )
        self._say(
            t, controller, SECURITY_KINDS[4768 if krbtgt else 4769],
            f'{who},"ServiceName":"{service}","ServiceSid":"S-1-5-21-1004336348-1177238915-682003330-502","TicketOptions":"0x40810010",'
            f'"Status":"0x0","TicketEncryptionType":"0x12","IpAddress":"::ffff:{source}","IpPort":"{self._ports()}"',
        )  # fmt: skip

    def checked(self, t: int, controller: Host, account: Account, workstation: str) -> None:
        self._say(
            t, controller, SECURITY_KINDS[4776],
            f'"PackageName":"MICROSOFT_AUTHENTICATION_PACKAGE_V1_0","TargetUserName":{quoted(account.name)},"Workstation":"{workstation}","Status":"0x0"',
        )  # fmt: skip

    def shared(self, t: int, host: Host, session: Session, share: str) -> None:
        self._say(
            t, host, SECURITY_KINDS[5140],
            f'{self._subject(session)},"ObjectType":"File","IpAddress":"{session.source}","IpPort":"{self._ports()}",'
            f'"ShareName":{quoted(share)},"ShareLocalPath":{quoted(chr(92) * 2 + "??" + chr(92) + "D:" + chr(92) + share.rpartition(chr(92))[2])},"AccessMask":"0x1","AccessList":"%%4416"',
        )  # fmt: skip

    # services, tasks, scripts, logs

    def serviced(self, t: int, host: Host, session: Session, name: str, path: str) -> None:
        self._say(
            t, host, SERVICE_INSTALLED,
            f'"ServiceName":{quoted(name)},"ImagePath":{quoted(path)},"ServiceType":"user mode service","StartType":"demand start","AccountName":"LocalSystem"',
        )  # fmt: skip
        self._say(
            t + 1500, host, SECURITY_KINDS[4697],
            f'{self._subject(session)},"ServiceName":{quoted(name)},"ServiceFileName":{quoted(path)},"ServiceType":"0x10","ServiceStartType":"3","ServiceAccount":"LocalSystem"',
        )  # fmt: skip

    def scheduled(self, t: int, process: Process, name: str, command: str, arguments: str) -> None:
        account = process.session.account
        content = (
            '<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\r\n'
            f"  <RegistrationInfo>\r\n    <Author>{account.full}</Author>\r\n    <URI>{name}</URI>\r\n  </RegistrationInfo>\r\n"
            f'  <Actions Context="Author">\r\n    <Exec>\r\n      <Command>{command}</Command>\r\n      <Arguments>{arguments}</Arguments>\r\n'
            "    </Exec>\r\n  </Actions>\r\n</Task>"
        )
        self._say(
            t, process.host, SECURITY_KINDS[4698],
            f'{self._subject(process.session)},"TaskName":{quoted(name)},"TaskContent":{quoted(content)},"ClientProcessId":"{process.pid}"',
        )  # fmt: skip
        self.updated_task(t + 1200, process.host, name, account.full, 106)

    def updated_task(self, t: int, host: Host, name: str, user: str, event: int) -> None:
        self._say(
            t,
            host,
            TASK_KINDS[event],
            f'"TaskName":{quoted(name)},"{"UserContext" if event == 106 else "UserName"}":{quoted(user)}',
        )

    def scripted(self, t: int, process: Process, text: str, path: str) -> None:
        self._say(
            t, process.host, SCRIPT_BLOCK,
            f'"MessageNumber":"1","MessageTotal":"1","ScriptBlockText":{quoted(text)},"ScriptBlockId":"{process.guid[1:-1].lower()}","Path":{quoted(path)}',
        )  # fmt: skip

    def added_account(self, t: int, host: Host, session: Session, account: Account) -> None:
        self._say(
            t, host, SECURITY_KINDS[4720],
            f'"TargetUserName":{quoted(account.name)},"TargetDomainName":"{account.domain}","TargetSid":"{account.sid}",{self._subject(session)},'
            f'"PrivilegeList":"-","SamAccountName":{quoted(account.name)},"DisplayName":"-","UserPrincipalName":"{account.name}@{REALM}"',
        )  # fmt: skip

    def cleared(self, t: int, host: Host, session: Session, channel: str) -> None:
        kind = LOG_CLEARED if channel == "Security" else SYSTEM_CLEARED
        extra = "" if channel == "Security" else f',"Channel":{quoted(channel)}'
        self._say(t, host, kind, self._subject(session) + extra, "user_data")


_PORTS = {
    443: "https",
    80: "http",
    53: "domain",
    445: "microsoft-ds",
    3389: "ms-wbt-server",
    88: "kerberos",
    389: "ldap",
    135: "epmap",
}


def _pair(source: Process, target: Process) -> str:
    return (
        f'"SourceProcessGUID":"{source.guid}","SourceProcessId":"{source.pid}","SourceThreadId":"{source.pid + 12}",'
        f'"SourceImage":{quoted(source.program.image)},"TargetProcessGUID":"{target.guid}","TargetProcessId":"{target.pid}",'
        f'"TargetImage":{quoted(target.program.image)}'
    )


def _users(source: Process, target: Process) -> str:
    return f'"SourceUser":{quoted(source.session.account.full)},"TargetUser":{quoted(target.session.account.full)}'


def _trace(process: Process, rights: str) -> str:
    """A plausible call trace; one that dumps memory passes through the debug helper."""
    kernel = "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e"
    if rights in ("0x1fffff", "0x1FFFFF"):
        return f"{kernel}|C:\\Windows\\System32\\comsvcs.dll+2a0f5|C:\\Windows\\SYSTEM32\\dbgcore.dll+6ce2"
    return f"{kernel}|{process.program.image}+1f{process.program.hashes[4:7]}"

"""What Windows auditing says of accounts, services, tasks and the logs themselves."""

from __future__ import annotations

from sakimori.scenario import event_data as say
from sakimori.scenario.people import SID
from sakimori.scenario.winlogbeat import (
    LOG_CLEARED,
    SECURITY,
    SERVICE_INSTALLED,
    SYSTEM_CLEARED,
    TASK_KINDS,
    Kind,
    Winlogbeat,
)
from sakimori.scenario.world import DOMAIN, REALM, Account, Flow, Host, Process, Session
from sakimori.scenario.xml_task import task_content
from sakimori.scenario.zeek import Zeek

_NO_GUID = "{00000000-0000-0000-0000-000000000000}"
_LOCAL = (2, 5, 7, 10, 11)
_RIGHTS = "SeSecurityPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeDebugPrivilege"
_PORTS = {3: (445, "gssapi,smb"), 10: (3389, "rdp")}


class AccountEvents:
    """The half of `Telemetry` that is about accounts; `count` and `tag` as there."""

    def __init__(self, log: Winlogbeat, zeek: Zeek) -> None:
        self.count = 0
        self.tag = 0
        self._log, self._zeek = log, zeek
        self._port = 49_152

    def _say(self, t: int, host: Host, kind: Kind, data: str, field: str = "event_data") -> None:
        self.count += 1
        self._log.emit(t, host, kind, data, self.tag, field)

    def _ports(self) -> int:
        self._port = self._port + 1 if self._port < 65_000 else 49_152
        return self._port

    # sign-ins

    def logged_on(self, t: int, host: Host, session: Session, package: str) -> None:
        local = session.kind in _LOCAL
        by = "services.exe" if session.kind == 5 else "svchost.exe"
        process = f"C:\\\\Windows\\\\System32\\\\{by}" if local else "-"
        way = package if not local else "Advapi  " if session.kind == 5 else "User32 "
        machine = Session(Account(f"{host.name}$", "S-1-5-18"), 0x3E7)
        ntlm, away = package == "NTLM", session.source != "-"
        self._say(
            t,
            host,
            SECURITY[4624],
            f"{say.account(machine if local else say.NO_SESSION)},{say.account(session, 'Target')},"
            f'"LogonType":"{session.kind}","LogonProcessName":"{way}",'
            f'"AuthenticationPackageName":"{"Negotiate" if local else package}",'
            f'"WorkstationName":"{session.source_host}","LogonGuid":"{_NO_GUID}","TransmittedServices":"-",'
            f'"LmPackageName":"{"NTLM V2" if ntlm else "-"}","KeyLength":"{128 if ntlm else 0}",'
            f'"ProcessId":"0x{0x2F0 if local else 0:x}","ProcessName":"{process}",'
            f'"IpAddress":"{session.source}","IpPort":"{self._ports() if away else "-"}",'
            f'"ImpersonationLevel":"%%1833",'
            f'"RestrictedAdminMode":"-","TargetOutboundUserName":"-","TargetOutboundDomainName":"-",'
            f'"VirtualAccount":"%%1843","TargetLinkedLogonId":"0x0",'
            f'"ElevatedToken":"{"%%1842" if session.account.admin else "%%1843"}"',
        )
        if session.account.admin:
            rights = say.pairs(PrivilegeList=_RIGHTS)
            self._say(t + 900, host, SECURITY[4672], f"{say.account(session)},{rights}")
        if away and session.kind in _PORTS:
            port, service = _PORTS[session.kind]
            flow = Flow(host.address, port, "", service, 4200, 6100, 2.5)
            self.count += self._zeek.flow(t - 40_000, session.source, self._ports(), flow, self.tag)

    def logged_off(self, t: int, host: Host, session: Session) -> None:
        self._say(t, host, SECURITY[4634], f'{say.account(session, "Target")},"LogonType":"{session.kind}"')

    def refused(self, t: int, host: Host, account: Account, source: str, kind: int) -> None:
        said = say.pairs(
            TargetUserSid="S-1-0-0",
            TargetUserName=account.name,
            TargetDomainName=account.domain,
            Status="0xc000006d",
            FailureReason="%%2313",
            SubStatus="0xc000006a",
            LogonType=kind,
            LogonProcessName="NtLmSsp ",
            AuthenticationPackageName="NTLM",
            WorkstationName="-",
            TransmittedServices="-",
            LmPackageName="-",
            KeyLength=0,
            ProcessId="0x0",
            ProcessName="-",
            IpAddress=source,
            IpPort=self._ports(),
        )
        self._say(t, host, SECURITY[4625], f"{say.account(say.NO_SESSION)},{said}")

    def explicit(self, t: int, process: Process, account: Account, target: str) -> None:
        said = say.pairs(
            LogonGuid=_NO_GUID,
            TargetUserName=account.name,
            TargetDomainName=account.domain,
            TargetLogonGuid=_NO_GUID,
            TargetServerName=target,
            TargetInfo=target,
            ProcessId=f"0x{process.pid:x}",
            ProcessName=process.program.image,
            IpAddress="-",
            IpPort="-",
        )
        self._say(t, process.host, SECURITY[4648], f"{say.account(process.session)},{said}")

    def ticket(self, t: int, controller: Host, account: Account, source: str, service: str) -> None:
        more = {
            "ServiceName": service,
            "ServiceSid": f"{SID}-502",
            "TicketOptions": "0x40810010",
            "Status": "0x0",
            "TicketEncryptionType": "0x12",
            "IpAddress": f"::ffff:{source}",
            "IpPort": self._ports(),
        }
        if service == "krbtgt":
            who = {"TargetUserName": account.name, "TargetDomainName": DOMAIN, "TargetSid": account.sid}
            self._say(t, controller, SECURITY[4768], say.pairs(**who, **more))
        else:
            who = {"TargetUserName": f"{account.name}@{REALM.upper()}", "TargetDomainName": REALM.upper()}
            self._say(t, controller, SECURITY[4769], say.pairs(**who, **more))

    def checked(self, t: int, controller: Host, account: Account, workstation: str) -> None:
        said = say.pairs(
            PackageName="MICROSOFT_AUTHENTICATION_PACKAGE_V1_0",
            TargetUserName=account.name,
            Workstation=workstation,
            Status="0x0",
        )
        self._say(t, controller, SECURITY[4776], said)

    def shared(self, t: int, host: Host, session: Session, share: str) -> None:
        local = "\\??\\D:\\" + share.rpartition("\\")[2]
        said = say.pairs(
            ObjectType="File",
            IpAddress=session.source,
            IpPort=self._ports(),
            ShareName=share,
            ShareLocalPath=local,
            AccessMask="0x1",
            AccessList="%%4416",
        )
        self._say(t, host, SECURITY[5140], f"{say.account(session)},{said}")

    def added_account(self, t: int, host: Host, session: Session, account: Account) -> None:
        fresh = say.pairs(TargetUserName=account.name, TargetDomainName=account.domain, TargetSid=account.sid)
        said = say.pairs(
            PrivilegeList="-",
            SamAccountName=account.name,
            DisplayName="-",
            UserPrincipalName=f"{account.name}@{REALM}",
        )
        self._say(t, host, SECURITY[4720], f"{fresh},{say.account(session)},{said}")

    # services, tasks, logs

    def serviced(self, t: int, host: Host, session: Session, name: str, path: str) -> None:
        said = say.pairs(
            ServiceName=name,
            ImagePath=path,
            ServiceType="user mode service",
            StartType="demand start",
            AccountName="LocalSystem",
        )
        self._say(t, host, SERVICE_INSTALLED, said)
        audited = say.pairs(
            ServiceName=name,
            ServiceFileName=path,
            ServiceType="0x10",
            ServiceStartType=3,
            ServiceAccount="LocalSystem",
        )
        self._say(t + 1500, host, SECURITY[4697], f"{say.account(session)},{audited}")

    def scheduled(self, t: int, process: Process, name: str, command: str, arguments: str) -> None:
        full = process.session.account.full
        content = task_content(full, name, command, arguments)
        said = say.pairs(TaskName=name, TaskContent=content, ClientProcessId=process.pid)
        self._say(t, process.host, SECURITY[4698], f"{say.account(process.session)},{said}")
        self.updated_task(t + 1200, process.host, name, full, 106)

    def updated_task(self, t: int, host: Host, name: str, user: str, event: int) -> None:
        who = "UserContext" if event == 106 else "UserName"
        self._say(t, host, TASK_KINDS[event], say.pairs(**{"TaskName": name, who: user}))

    def cleared(self, t: int, host: Host, session: Session, channel: str) -> None:
        if channel == "Security":
            self._say(t, host, LOG_CLEARED, say.account(session), "user_data")
        else:
            said = f"{say.account(session)},{say.pairs(Channel=channel)}"
            self._say(t, host, SYSTEM_CLEARED, said, "user_data")

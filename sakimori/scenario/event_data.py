"""The inside of `event_data`, as JSON text made without building objects: speed decides here."""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as quoted

from sakimori.scenario.world import Account, Process, Program, Session

NOBODY = Account("-", "S-1-0-0", "-")
NO_SESSION = Session(NOBODY, 0)
_KERNEL = "C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e"


def pairs(**fields: object) -> str:
    """`"Name":"value",...` in the order given."""
    return ",".join([f'"{name}":{quoted(str(value))}' for name, value in fields.items()])


def account(who: Session, prefix: str = "Subject") -> str:
    """The four fields by which Security events name an account."""
    a = who.account
    return (
        f'"{prefix}UserSid":"{a.sid}","{prefix}UserName":{quoted(a.name)},'
        f'"{prefix}DomainName":"{a.domain}","{prefix}LogonId":"0x{who.logon_id:x}"'
    )


def actor(p: Process) -> str:
    """Guid, pid and image of a process, as Sysmon repeats them; kept with the process."""
    if not p.cache:
        p.cache = f'"ProcessGuid":"{p.guid}","ProcessId":"{p.pid}","Image":{quoted(p.program.image)}'
    return p.cache


def version(program: Program) -> str:
    """What Sysmon reads from a program's version resource, and its hashes."""
    return (
        f'"FileVersion":{quoted(program.version)},"Description":{quoted(program.description)},'
        f'"Product":{quoted(program.product)},"Company":{quoted(program.company)},'
        f'"OriginalFileName":{quoted(program.original)},"Hashes":"{program.hashes}"'
    )


def module(program: Program) -> str:
    """A loaded library: path, version, signature."""
    signed = program.signature != "-"
    return (
        f'"ImageLoaded":{quoted(program.image)},{version(program)},"Signed":"{str(signed).lower()}",'
        f'"Signature":{quoted(program.signature)},"SignatureStatus":"{"Valid" if signed else "Unavailable"}"'
    )


def parent(p: Process | None) -> str:
    """The parent's fields of Sysmon 1."""
    if p is None:
        return pairs(ParentProcessGuid="-", ParentProcessId=0, ParentImage="-", ParentCommandLine="-")
    return (
        f'"ParentProcessGuid":"{p.guid}","ParentProcessId":"{p.pid}","ParentImage":{quoted(p.program.image)},'
        f'"ParentCommandLine":{quoted(p.command)},"ParentUser":{quoted(p.session.account.full)}'
    )


def source_and_target(source: Process, target: Process, guid: str = "GUID") -> str:
    """Two processes, as Sysmon 8 and 10 name them; their spelling of "guid" differs."""
    return (
        f'"SourceProcess{guid}":"{source.guid}","SourceProcessId":"{source.pid}",'
        f'"SourceImage":{quoted(source.program.image)},"TargetProcess{guid}":"{target.guid}",'
        f'"TargetProcessId":"{target.pid}","TargetImage":{quoted(target.program.image)},'
        f'"SourceUser":{quoted(source.session.account.full)},"TargetUser":{quoted(target.session.account.full)}'
    )


def call_trace(process: Process, rights: str) -> str:
    """A plausible call trace; one that writes a dump passes through the debug helper."""
    if rights == "0x1fffff" and process.program.file != "csrss.exe":
        return f"{_KERNEL}|C:\\Windows\\System32\\comsvcs.dll+2a0f5|C:\\Windows\\SYSTEM32\\dbgcore.dll+6ce2"
    return f"{_KERNEL}|{process.program.image}+1f{process.program.hashes[4:7]}"

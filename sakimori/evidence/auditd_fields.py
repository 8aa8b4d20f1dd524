"""The fields of one audit record: raw, enriched, or as `ausearch -i` interprets them.

https://github.com/linux-audit/audit-documentation/wiki and auditd.conf(5), log_format
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sakimori.evidence.text_lines import Row

_RECORD = re.compile(
    r"(?:node=(?P<node>\S+) )?type=(?P<type>[\w\[\]]+) msg=audit\("
    r"(?:(?P<epoch>\d{9,11}\.\d{3})|(?P<date>[\d/]{8,10} [\d:]{8}\.\d{3})):"
    r"(?P<serial>\d+)\) ?: ?(?P<rest>.*)",
    re.S,
)
_PAIR = re.compile(
    r"""(?<![\w\[\]-])([A-Za-z_][\w\[\]-]{0,63})=("[^"]*"|'[^']*'|.*?)"""
    r"""(?=,? {1,8}[A-Za-z_][\w\[\]-]{0,63}=|[\s}]{0,8}$)""",
    re.S,
)
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+$")
# The kernel writes these in quotes, or in hexadecimal where a character might mislead.
_ENCODED = frozenset({"proctitle", "exe", "comm", "name", "cwd", "acct", "cmd", "key", "data", "dir", "path"})
_ARGUMENT = re.compile(r"a\d+(?:\[\d+\])?$")
_PIECE = re.compile(r"(a\d+)\[(\d+)\]$")
_NAMED = frozenset(
    {"uid", "auid", "euid", "gid", "egid", "suid", "fsuid", "sgid", "fsgid", "ouid", "ogid", "id"}
)
_UNSET = frozenset({"4294967295", "-1", "unset"})
_NOTHING = frozenset({"(null)", "?", "", "(none)"})
# https://github.com/torvalds/linux/blob/master/arch/x86/entry/syscalls/syscall_64.tbl, those that rules ask
# for
_CALLS = (
    "2:open 41:socket 42:connect 43:accept 49:bind 56:clone 57:fork 58:vfork 59:execve 62:kill 82:rename "
    "83:mkdir 84:rmdir 86:link 87:unlink 88:symlink 90:chmod 91:fchmod 92:chown 93:fchown 94:lchown "
    "99:sysinfo 101:ptrace 105:setuid 106:setgid 113:setreuid 117:setresuid 133:mknod 155:pivot_root "
    "159:adjtimex 161:chroot 164:settimeofday 165:mount 166:umount2 169:reboot 170:sethostname "
    "175:init_module 176:delete_module 188:setxattr 227:clock_settime 246:kexec_load 257:openat "
    "258:mkdirat 259:mknodat 260:fchownat 263:unlinkat 264:renameat 268:fchmodat 272:unshare 288:accept4 "
    "305:clock_adjtime 308:setns 310:process_vm_readv 311:process_vm_writev 313:finit_module "
    "316:renameat2 317:seccomp 319:memfd_create 320:kexec_file_load 321:bpf 322:execveat"
)
_X86_64 = dict(call.split(":") for call in _CALLS.split())


@dataclass(frozen=True, slots=True)
class Record:
    """One record: `event` names the event it belongs to, `row` are its fields."""

    event: tuple[str, str]
    type: str
    row: Row


def is_record(line: str) -> bool:
    """Whether a line is an audit record."""
    return _RECORD.match(line) is not None


def record(line: str) -> Record | None:
    """The fields of a line under the names the record uses; None where it is no audit record."""
    found = _RECORD.match(line)
    if found is None:
        return None
    kind, serial = found["type"], found["serial"]
    row: Row = {"node": found["node"], "type": kind, "serial": serial}
    row |= {"time": found["epoch"]} if found["epoch"] else {"time_local": _local(found["date"])}
    raw, _, enriched = found["rest"].partition("\x1d")
    interpreted = found["epoch"] is None
    _add(row, raw, kind, interpreted)
    _name(row, enriched, interpreted)
    return Record((found["node"] or "", serial), kind, row)


def _local(date: str) -> str:
    """`03/01/2026 09:12:00.123`, month first, as the C locale writes it."""
    day, _, clock = date.partition(" ")
    month, number, year = (*day.split("/"), "", "", "")[:3]
    return f"{year if len(year) == 4 else '20' + year}-{month}-{number}T{clock}"


def _add(row: Row, text: str, kind: str, interpreted: bool) -> None:
    """The pairs of a record, those inside `msg='...'` among them; the first of two with one name stays."""
    pieces: dict[str, list[str]] = {}
    for name, value in _PAIR.findall(text):
        if name == "msg" and value.startswith("'"):
            _add(row, value.strip("'"), kind, interpreted)
            continue
        plain = _plain(name, value.strip(), kind, interpreted)
        if piece := _PIECE.match(name):
            pieces.setdefault(piece[1], []).append(plain or "")
        elif plain is not None:
            row.setdefault(name, plain)
    row |= {name: "".join(parts) for name, parts in pieces.items()}


def _plain(name: str, value: str, kind: str, interpreted: bool) -> str | None:
    if value[:1] in ("'", '"') and value[-1:] == value[:1] and len(value) > 1:
        return value[1:-1]
    if value in _NOTHING:
        return None
    encoded = name in _ENCODED or (kind == "EXECVE" and _ARGUMENT.match(name))
    if encoded and not interpreted and _HEX.match(value):
        return bytes.fromhex(value).decode("utf-8", "backslashreplace").rstrip("\0").replace("\0", " ")
    return value


def _name(row: Row, enriched: str, interpreted: bool) -> None:
    """Names beside numbers: from the enriched half, which repeats the fields in capitals, or as
    interpreted."""
    capitals = {name: _plain(name, value.strip(), "", True) for name, value in _PAIR.findall(enriched)}
    for name in _NAMED & row.keys():
        told = capitals.get(name.upper()) or (
            row[name] if interpreted else "root" if row[name] == "0" else None
        )
        if told and row[name] not in _UNSET and told not in _UNSET:
            row[f"{name}_name"] = told
    row |= {name: value for name, value in capitals.items() if name.lower() not in row}
    if "syscall" in row:
        row["syscall"] = capitals.get("SYSCALL") or _syscall(row)


def _syscall(row: Row) -> str:
    """The call's name; numbers mean something else on other processors and stay as they are."""
    number: str = row["syscall"]
    return _X86_64.get(number, number) if row.get("arch") == "c000003e" else number

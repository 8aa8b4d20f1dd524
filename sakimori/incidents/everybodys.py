"""Names that everybody meets: they say nothing about who belongs together."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from sakimori.findings import Subject

_ACCOUNTS = frozenset(
    {
        "system", "local service", "network service", "anonymous logon", "anonymous", "everyone", "guest",
        "defaultaccount", "wdagutilityaccount", "nobody", "daemon", "-", "n/a", "localsystem", "localservice",
        "networkservice", "iusr", "null sid",
        # the same in German, French and Spanish Windows
        "lokaler dienst", "netzwerkdienst", "service local", "service réseau", "système", "servicio local",
        "servicio de red",
    }
)  # fmt: skip
# Without a domain before them these are another account on each host.
_LOCAL_ACCOUNTS = frozenset({"root", "administrator", "admin", "administrateur", "administrador", "user"})
_ACCOUNT_SHAPES = re.compile(r"(dwm|umfd)-\d+|.*\$|s-1-5-(18|19|20|7)|s-1-5-(90|96)-.*|s-1-[01]-\d")
# logon ids of SYSTEM, NETWORK SERVICE, LOCAL SERVICE, ANONYMOUS: the same on every Windows
_SESSIONS = frozenset({"0x0", "0x3e7", "0x3e4", "0x3e5", "0x3e6", "0", "999", "996", "997", "998"})
_SYSTEM_PATHS = re.compile(
    r"(\\device\\harddiskvolume\d+|[a-z]:|%systemroot%|\\systemroot|)\\?"
    r"(windows|program files|program files \(x86\)|programdata\\microsoft\\windows defender)\\"
    r"|/(usr|bin|sbin|system|lib|lib64)/|/applications/|/opt/"
)
# A copy of these may lie anywhere, and a bare name may be any of them.
_BARE = re.compile(r"[^\\/]+")
_DOMAINS = re.compile(
    r"(.*\.)?(microsoft\.com|windows\.com|windowsupdate\.com|office\.com|office365\.com|live\.com|msftncsi\.com"
    r"|msftconnecttest\.com|google\.com|gstatic\.com|googleapis\.com|apple\.com|icloud\.com|mozilla\.org"
    r"|digicert\.com|in-addr\.arpa|ip6\.arpa|local|localdomain|localhost|wpad|isatap)"
)
_PIPES = frozenset(
    {
        "lsass", "srvsvc", "wkssvc", "samr", "netlogon", "lsarpc", "svcctl", "atsvc", "eventlog", "epmapper",
        "winreg", "spoolss", "ntsvcs", "browser", "initshutdown", "drsuapi",
    }
)  # fmt: skip


@lru_cache(maxsize=65536)
def everybodys(subject: Subject) -> bool:
    """True for what any host meets: SYSTEM, a machine account, loopback, a program of the system."""
    value = subject.value.strip().lower()
    judge = _JUDGES.get(subject.type)
    return not value or (judge is not None and judge(value))


def _account(value: str) -> bool:
    name = value.rpartition("\\")[2].partition("@")[0]
    return name in _ACCOUNTS or value in _LOCAL_ACCOUNTS or _ACCOUNT_SHAPES.fullmatch(name) is not None


@lru_cache(maxsize=65536)
def parsed(value: str) -> IPv4Address | IPv6Address | None:
    """The address of a subject, whose value may carry its site (`tokyo|10.0.0.5`); None if it is none."""
    try:
        return ip_address(value.rpartition("|")[2])
    except ValueError:
        return None


def _address(value: str) -> bool:
    address = parsed(value)
    if address is None:
        return value in ("localhost", "-")
    special = address.is_loopback or address.is_multicast or address.is_unspecified or address.is_link_local
    return special or str(address).endswith(".255")


def _path(value: str) -> bool:
    return _SYSTEM_PATHS.match(value) is not None or _BARE.fullmatch(value) is not None


def _pipe(value: str) -> bool:
    return value.rpartition("\\")[2] in _PIPES


def _task(value: str) -> bool:
    return value.startswith("\\microsoft\\windows\\")


_JUDGES = {
    "account": _account,
    "address": _address,
    "domain": lambda value: _DOMAINS.fullmatch(value) is not None,
    "file": _path,
    "pipe": _pipe,
    "process": _path,
    "session": lambda value: value.rpartition("/")[2] in _SESSIONS,
    "task": _task,
}

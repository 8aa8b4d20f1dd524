"""Names that everybody meets never link anybody."""

import pytest

from sakimori.findings import Subject
from sakimori.incidents.everybodys import everybodys


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("account", "nt authority\\system"),
        ("account", "NT AUTHORITY\\NETWORK SERVICE"),
        ("account", "window manager\\dwm-2"),
        ("account", "font driver host\\umfd-0"),
        ("account", "example\\ws-07$"),
        ("account", "s-1-5-18"),
        ("account", "nt authority\\anonymous logon"),
        ("account", "administrator"),
        ("address", "127.0.0.1"),
        ("address", "::1"),
        ("address", "0.0.0.0"),
        ("address", "224.0.0.251"),
        ("address", "255.255.255.255"),
        ("address", "tokyo|10.0.0.255"),
        ("process", "c:\\windows\\system32\\svchost.exe"),
        ("process", "c:\\windows\\explorer.exe"),
        ("process", "c:\\program files\\nodejs\\node.exe"),
        ("process", "/usr/bin/python3"),
        ("file", "ntdll.dll"),
        ("session", "0x3e7"),
        ("pipe", "\\lsass"),
        ("task", "\\microsoft\\windows\\defrag\\scheduleddefrag"),
        ("domain", "ctldl.windowsupdate.com"),
        ("domain", "7.2.0.192.in-addr.arpa"),
        ("hash", ""),
    ],
)
def test_everybody_meets_it(kind: str, value: str) -> None:
    assert everybodys(Subject(kind, value))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("account", "example\\mei"),
        ("account", "example\\administrator"),
        ("account", "example\\system-deploy"),
        ("address", "203.0.113.9"),
        ("address", "tokyo|10.0.0.5"),
        ("process", "c:\\programdata\\usoshared\\svchost.exe"),
        ("process", "/users/shared/.agent"),
        ("session", "0x3e7a1"),
        ("pipe", "\\evil"),
        ("task", "\\teamcity settings"),
        ("domain", "update.example.com"),
        ("service", "rpcmgr"),
    ],
)
def test_it_belongs_to_somebody(kind: str, value: str) -> None:
    assert not everybodys(Subject(kind, value))

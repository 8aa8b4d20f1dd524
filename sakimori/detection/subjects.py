"""Entities named in a record, normalised so that one thing has one name in every log."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache

from sakimori.detection.sigma.kernel.plan import fill
from sakimori.findings import Subject
from sakimori.records.catalogue import Log

PRIMARY = ("host", "account", "address", "domain")
# LocalSystem, LocalService, NetworkService, and none: https://learn.microsoft.com/windows/win32/secauthz
_SYSTEM_SESSIONS = frozenset({"0x3e7", "0x3e4", "0x3e5", "0x0", "0x00000000000003e7"})
_INNER = tuple(
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
_NOTHING = frozenset({"", "-", "n/a", "null", "(null)", "(empty)", "%%1793", "s-1-0-0"})


def subjects(log: Log, fields: Mapping[str, str], site: str = "") -> tuple[Subject, ...]:
    """The record's entities, the most specific column of each type first, without repetition."""
    found: dict[Subject, None] = {}
    for type_, columns in log.subjects.items():
        for column in columns:
            value = _value(column, fields)
            if value is not None:
                found[Subject(type_, normal(type_, value, site))] = None
    host = next((subject.value for subject in found if subject.type == "host"), "")
    return tuple(_scoped(subject, host) for subject in found if _says_something(subject))


def _says_something(subject: Subject) -> bool:
    if subject.type == "address":
        # CloudTrail writes a service's name where a service asked: it would tie together all it ever did.
        return _is_address(subject.value.rpartition("|")[2])
    return bool(subject.value) and not (subject.type == "session" and subject.value in _SYSTEM_SESSIONS)


def _scoped(subject: Subject, host: str) -> Subject:
    # A log-on id is unique on one host until its next start, and nowhere else.
    return Subject("session", f"{host}|{subject.value}") if subject.type == "session" and host else subject


def primary(found: tuple[Subject, ...], file: str) -> Subject:
    """The subject that names a finding: host, else account, else address or domain, else the file."""
    for type_ in PRIMARY:
        for subject in found:
            if subject.type == type_:
                return subject
    return Subject("file", file)


def _value(column: str, fields: Mapping[str, str]) -> str | None:
    if "{" not in column:
        value = fields.get(column)
        return None if value is None or value.strip().lower() in _NOTHING else value
    names = [part.partition("}")[0] for part in column.split("{")[1:]]
    parts = {name: fields.get(name) or "" for name in names}
    return None if any(part.strip().lower() in _NOTHING for part in parts.values()) else fill(column, parts)


def normal(type_: str, value: str, site: str = "") -> str:
    """The value as every log would name it.

    Hosts: lower case, first label. Accounts: `domain\\user`, lower case, of `DOMAIN\\user` and
    `user@domain.tld` alike. Private addresses carry their site: two networks may both have 10.0.0.5.
    """
    text = value.strip()
    if type_ == "host":
        return _host(text)
    if type_ == "account":
        return _account(text.lower())
    if type_ == "address":
        return _address(text, site)
    return text.rstrip(".").lower() if type_ == "domain" else text if type_ == "url" else text.lower()


def _host(text: str) -> str:
    lower = text.lower().rstrip(".")
    return lower if _is_address(lower) else lower.split(".", 1)[0]


def _account(text: str) -> str:
    if text.startswith("arn:"):
        return text  # a role's session may be named after a mail address: the name is one all the same
    user, at, domain = text.rpartition("@")
    if at:
        return f"{domain.split('.', 1)[0]}\\{user}"
    # Some exporters put the domain before a name that has one already: THESHIRE\theshire.local\mei.
    domain, *_, user = text.split("\\") if "\\" in text else ("", text)
    return f"{domain.split('.', 1)[0]}\\{user}" if domain else user


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


# Microsoft 365 writes a port, and brackets round what has colons: 203.0.113.5:50123, [2001:db8::7]:50123.
_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|((?:\d+\.){3}\d+):\d+")


def _address(text: str, site: str) -> str:
    found = _WITH_PORT.fullmatch(text)
    text = (found[1] or found[2]) if found else text
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text.lower()
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return f"{site}|{address}" if site and is_inner(str(address)) else str(address)


@lru_cache(maxsize=1 << 16)
def is_inner(text: str) -> bool:
    """Whether an address is one that every network may give out: RFC 1918, RFC 6598, RFC 4193.

    Not `is_private`, which counts the documentation ranges too.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in _INNER if network.version == address.version)

"""Syslog messages about the machine itself: sudo, cron, accounts, units, USB devices, packet filter, scanner.

Wording: sudo's logging.c (https://www.sudo.ws/docs/man/sudoers.man/#EVENT_LOGGING), Vixie cron, shadow's
useradd and usermod, systemd's job.c, the kernel's usb/core/hub.c, clamd.
"""

from __future__ import annotations

import re

from sakimori.evidence.syslog_sign_ins import named, pam
from sakimori.evidence.text_lines import Row, Told

_SUDO = re.compile(r"\s*(?P<by>\S+) : (?P<rest>.*)", re.S)
_SUDO_PART = re.compile(r"(HOST|TTY|CHROOT|PWD|USER|GROUP|TSID|ENV|COMMAND)=", re.ASCII)
_CRON = re.compile(
    r"\((?P<user>[^)]*)\) (?P<action>CMDEND|CMD|[A-Z][A-Z ]+|[a-z]+) ?\((?P<content>.*)\)\s*$", re.S
)
_ANACRON = re.compile(r"Job [`'](?P<content>[^']+)' (?P<action>started|terminated)")
_ACCOUNTS = tuple(
    (re.compile(pattern), action)
    for pattern, action in (
        (r"new user: name=(?P<target>[^,\s]+)", "create"),
        (r"new group: name=(?P<target>[^,\s]+)", "create group"),
        (r"group added to \S+: name=(?P<target>[^,\s]+)", "create group"),
        (r"add '(?P<target>[^']+)' to group '(?P<what>[^']+)'", "grant"),
        (r"user (?P<target>\S+) added by (?P<by>\S+) to group (?P<what>\S+)", "grant"),
        (r"delete '(?P<target>[^']+)' from group '(?P<what>[^']+)'", "revoke"),
        (r"user (?P<target>\S+) removed by (?P<by>\S+) from group (?P<what>\S+)", "revoke"),
        (r"delete user '(?P<target>[^']+)'", "delete"),
        (r"(?:removed group|group) '(?P<target>[^']+)' removed", "delete group"),
        (r"lock user '(?P<target>[^']+)' password", "disable"),
        (r"unlock user '(?P<target>[^']+)' password", "enable"),
        (r"change user '(?P<target>[^']+)' password", "reset password"),
        (r"change user '(?P<target>[^']+)' (?P<what>.+)", "change"),
        (r"pam_\w+\([^)]*:chauthtok\): password changed for (?P<target>\S+)", "reset password"),
        (r"password for '?(?P<target>[^\s']+)'? changed by '?(?P<by>[^\s']+)'?", "reset password"),
        (r"changed password expiry for (?P<target>\S+)", "change"),
    )
)
_UNIT = re.compile(r"(?P<action>Started|Stopped|Failed to start|Reloaded) (?P<name>.+?)\.?$")
_UNIT_FILE = re.compile(r"([\w@.\\:-]+\.(?:service|timer|socket|path|mount|target|scope|slice))\b")
_UPTIME = re.compile(r"\[ *\d+\.\d+\] ")
_USB = re.compile(
    r"usb (?P<port>[\d.-]+): (?:New USB device found, idVendor=(?P<idVendor>[0-9a-fA-F]{4}), idProduct=(?P<idProduct>[0-9a-fA-F]{4})"
    r"|(?P<name>Product|Manufacturer|SerialNumber): (?P<value>.*)|(?P<gone>USB disconnect))"
)
_PACKET = re.compile(r"(?:^|\s)IN=\S* OUT=\S* ")
_WORD = re.compile(r"\b([A-Z]+)=(\S*)")
_FOUND = re.compile(r"(?P<Filename>.+?): (?P<Signature>\S+?)(?:\([0-9a-f]+:\d+\))? FOUND$")
_MOST_PORTS = 1000


def sudo(row: Row) -> Told:
    """A command run as somebody else, or refused."""
    text = row["message"]
    if text.startswith("pam_"):
        return Told("syslog_sudo", pam(row).row)
    if (found := _SUDO.match(text)) and "COMMAND=" in text:
        before, *pairs = _SUDO_PART.split(found["rest"])
        values = (value.rstrip().removesuffix(";").rstrip() for value in pairs[1::2])
        row |= dict(zip(pairs[0::2], values, strict=True))
        row |= {"by": found["by"], "reason": before.strip().removesuffix(";").strip() or None}
        row["result"] = "failure" if row["reason"] else "success"
    return Told("syslog_sudo", row)


def cron(row: Row) -> Told:
    """Jobs that ran, and crontabs that were changed."""
    if found := _CRON.match(row["message"]) or _ANACRON.match(row["message"]):
        row |= named(found)
        action = row["action"].strip()
        row["action"] = {"CMD": "started", "CMDEND": "ended"}.get(action, action.lower())
    return Told("syslog_cron", row)


def accounts(row: Row) -> Told:
    """Accounts and groups made, changed and removed."""
    for pattern, action in _ACCOUNTS:
        if found := pattern.search(row["message"]):
            return Told("syslog_account", row | named(found) | {"action": action})
    return Told("syslog_account", row)


def systemd(row: Row) -> Told:
    """Units that started and stopped."""
    if found := _UNIT.match(row["message"]):
        unit = _UNIT_FILE.match(found["name"])
        row |= {"action": found["action"].lower(), "name": unit[1] if unit else found["name"]}
    return Told("syslog_systemd", row)


def clamd(row: Row) -> Told:
    """Files the scanner knows."""
    text = re.sub(r"^.*? -> ", "", row["message"])
    if found := _FOUND.match(text):
        row |= named(found)
    return Told("syslog_clamav", row)


class Kernel:
    """USB devices with what the lines before said of the same port, and packets the filter logged."""

    def __init__(self) -> None:
        self._ports: dict[tuple[str | None, str], Row] = {}

    def __call__(self, row: Row) -> Told | None:
        """None where the kernel speaks of something else."""
        text = _UPTIME.sub("", row["message"], count=1)
        if found := _USB.match(text):
            return Told("syslog_usb", row | self._usb(row.get("hostname"), found))
        if _PACKET.search(text):
            prefix = text.partition("IN=")[0].strip(" :[]")
            return Told(
                "syslog_packet",
                row | {k: v for k, v in _WORD.findall(text) if v} | {"prefix": prefix or None},
            )
        return None

    def _usb(self, host: str | None, found: re.Match[str]) -> Row:
        key = host, found["port"]
        if found["gone"]:
            return self._ports.pop(key, {"port": key[1]}) | {"action": "detach"}
        if found["idVendor"]:
            if len(self._ports) >= _MOST_PORTS:
                self._ports.clear()
            self._ports[key] = {k: v.lower() for k, v in named(found).items() if k != "gone"}
            return self._ports[key] | {"action": "attach"}
        known = self._ports.setdefault(key, {"port": key[1]})
        known[found["name"]] = found["value"].strip()
        return known | {"action": "present" if found["name"] == "SerialNumber" else None}

"""Syslog messages about the machine itself: sudo, cron, accounts, units, USB devices, packet filter, scanner.

Wording: sudo's logging.c (https://www.sudo.ws/docs/man/sudoers.man/#EVENT_LOGGING), Vixie cron, shadow's
useradd and usermod, systemd's job.c, the kernel's usb/core/hub.c, clamd.
"""

from __future__ import annotations

import re

from sakimori.evidence.syslog_sign_ins import pam
from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.wordings import named, read, wording

_SUDO = re.compile(r"\s*(?P<by>\S+) : (?P<rest>.*)", re.S)
_SUDO_PART = re.compile(r"(HOST|TTY|CHROOT|PWD|USER|GROUP|TSID|ENV|COMMAND)=", re.ASCII)
_CRON = re.compile(r"\((?P<user>[^)]*)\) (?P<action>[A-Z][A-Z ]*|[a-z]+) ?\((?P<content>.*)\)\s*$", re.S)
_ANACRON = re.compile(r"Job [`'](?P<content>[^']+)' (?P<action>started|terminated)")
_ACCOUNTS = (
    wording("new user: name={target},", action="create"),
    wording("new group: name={target},", action="create group"),
    wording("group added to {_}: name={target}", action="create group"),
    wording("add '{target}' to group '{what}'", action="grant"),
    wording("user {target} added by {by} to group {what}", action="grant"),
    wording("delete '{target}' from group '{what}'", action="revoke"),
    wording("user {target} removed by {by} from group {what}", action="revoke"),
    wording("delete user '{target}'", action="delete"),
    wording("{?removed ?}group '{target}' removed", action="delete group"),
    wording("lock user '{target}' password", action="disable"),
    wording("unlock user '{target}' password", action="enable"),
    wording("change user '{target}' password", action="reset password"),
    wording("change user '{target}' {what...}$", action="change"),
    wording("pam_{_}({_}:chauthtok): password changed for {target}", action="reset password"),
    wording("password for {?'?}{target}{?'?} changed by {?'?}{by}{?'?}$", action="reset password"),
    wording("changed password expiry for {target}", action="change"),
)
_UNITS = (
    wording("Started {name...}{?.?}$", action="started"),
    wording("Stopped {name...}{?.?}$", action="stopped"),
    wording("Reloaded {name...}{?.?}$", action="reloaded"),
    wording("Failed to start {name...}{?.?}$", action="failed to start"),
)
_UNIT_FILE = re.compile(r"([\w@.\\:-]+\.(?:service|timer|socket|path|mount|target|scope|slice))\b")
_UPTIME = re.compile(r"\[ *\d+\.\d+\] ")
_USB = (
    wording(
        "usb {usb_port}: New USB device found, idVendor={idVendor}, idProduct={idProduct},", action="attach"
    ),
    wording("usb {usb_port}: Product: {Product...}$"),
    wording("usb {usb_port}: Manufacturer: {Manufacturer...}$"),
    wording("usb {usb_port}: SerialNumber: {SerialNumber...}$", action="present"),
    wording("usb {usb_port}: USB disconnect", action="detach"),
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
    return Told("syslog_account", row | (read(row["message"], _ACCOUNTS) or {}))


def systemd(row: Row) -> Told:
    """Units that started and stopped."""
    if said := read(row["message"], _UNITS):
        unit = _UNIT_FILE.match(said.get("name", ""))
        row |= said | ({"name": unit[1]} if unit else {})
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
        if said := read(text, _USB):
            return Told("syslog_usb", row | self._usb(row.get("hostname"), said))
        if _PACKET.search(text):
            prefix = text.partition("IN=")[0].strip(" :[]")
            return Told(
                "syslog_packet",
                row | {k: v for k, v in _WORD.findall(text) if v} | {"prefix": prefix or None},
            )
        return None

    def _usb(self, host: str | None, said: Row) -> Row:
        """What this line says and those before it said of the device in this port."""
        key = host, said["usb_port"]
        if said.get("action") == "detach":
            return self._ports.pop(key, {}) | said
        if len(self._ports) >= _MOST_PORTS:
            self._ports.clear()
        before = {} if said.get("action") == "attach" else self._ports.get(key, {})
        self._ports[key] = before | said
        return self._ports[key] | {"action": said.get("action")}

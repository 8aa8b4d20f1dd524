"""Syslog messages of programs that let people in: sshd, PAM, su, vsftpd, Guacamole.

Wording: OpenSSH auth.c and auth2.c (https://github.com/openssh/openssh-portable), Linux-PAM pam_unix
(https://github.com/linux-pam/linux-pam), shadow's and util-linux' su, vsftpd's logging.c.
"""

from __future__ import annotations

import re

from sakimori.evidence.text_lines import Row, Told

_SSH = (
    (
        re.compile(
            r"Accepted (?P<method>\S+) for (?P<user>.*?) from (?P<address>\S+) port (?P<port>\d+)(?: ssh2)?(?:: (?P<key>.*))?$"
        ),
        "success",
        None,
    ),
    (
        re.compile(
            r"Failed (?P<method>\S+) for (?P<invalid>invalid user )?(?P<user>.*?) from (?P<address>\S+) port (?P<port>\d+)"
        ),
        "failure",
        None,
    ),
    (re.compile(r"Invalid user (?P<user>.*?) from (?P<address>\S+)(?: port (?P<port>\d+))?$"), None, None),
    (
        re.compile(r"User (?P<user>\S+) from (?P<address>\S+) not allowed because (?P<reason>.*)"),
        "failure",
        None,
    ),
    (
        re.compile(
            r"(?:error: )?maximum authentication attempts exceeded for (?P<invalid>invalid user )?(?P<user>.*?) from (?P<address>\S+) port (?P<port>\d+)"
        ),
        None,
        None,
    ),
    (
        re.compile(
            r"(?:Connection (?:closed|reset) by|Disconnected from)(?: (?:invalid|authenticating))?(?: user (?P<user>.*?))? (?P<address>[\d.:a-fA-F]+) port (?P<port>\d+)"
        ),
        None,
        None,
    ),
)
_OPENED = re.compile(
    r"pam_\w+\((?P<service>[^:)]+):session\): session opened for user (?P<user>[^\s(]+)(?:\(uid=\d+\))?(?: by (?P<by>[^\s(]*))?"
)
_REFUSED = re.compile(r"pam_\w+\((?P<service>[^:)]+):auth\): authentication failure;(?P<rest>.*)")
_PAIR = re.compile(r"(\w+)=(\S*)")
_LOGIN = re.compile(
    r"FAILED LOGIN (?:SESSION |\(?\d+\)? )?(?:on '?(?P<tty1>\S+?)'? )?(?:from '?(?P<tty>\S+?)'? )?FOR '?(?P<user>[^,']+)'?, (?P<reason>.*)",
    re.I,
)
_SU = (
    (re.compile(r"Successful su for (?P<user>\S+) by (?P<by>\S+)"), None),
    (re.compile(r"FAILED (?:su for (?P<user>\S+) by (?P<by>\S+)|SU \(to (?P<user2>\S+)\) (?P<by2>\S+))"), "failure"),
    (re.compile(r"(?:\+ )?\(to (?P<user>\S+)\) (?P<by>\S+) on (?P<terminal>\S+)"), None),
)  # fmt: skip
# Their own messages, or no people: a second row would count one sign-in twice.
_NO_PEOPLE = frozenset(
    {"sshd", "sudo", "sudo-i", "cron", "crond", "atd", "systemd-user", "runuser", "runuser-l", "polkit-1"}
)
_FTP = re.compile(r'\[(?P<user>[^\]]*)\] (?P<word>OK|FAIL) LOGIN: Client "(?P<address>[^"]+)"')
_GUACAMOLE = (
    (
        re.compile(r'User "(?P<user>[^"]*)" successfully authenticated from (?P<address>[^\s\]]+?)\.?$'),
        "success",
    ),
    (
        re.compile(
            r'Authentication attempt from (?P<address>\S+) for user "(?P<user>[^"]*)"(?: failed.*| denied.*)?$'
        ),
        "failure",
    ),
)


def named(found: re.Match[str]) -> Row:
    """The groups of a pattern that said something."""
    return {name: value for name, value in found.groupdict().items() if value}


def sshd(row: Row) -> Told:
    """Keys and passwords accepted or refused."""
    for pattern, result, _ in _SSH:
        if found := pattern.match(row["message"]):
            row |= named(found) | {"result": result}
            if row.pop("invalid", None):
                row["reason"] = "invalid user"
            break
    return Told("syslog_sshd", row)


def su(row: Row) -> Told:
    """One account became another. The session that PAM opens is the success, for every su logs it."""
    told = pam(row)
    for pattern, result in _SU:
        if found := pattern.search(row["message"]):
            parts = named(found)
            row |= {
                "user": parts.get("user") or parts.get("user2"),
                "by": parts.get("by") or parts.get("by2"),
            }
            row |= {"terminal": parts.get("terminal"), "result": result}
            break
    return Told("syslog_su", told.row)


def pam(row: Row) -> Told:
    """Sessions opened and passwords refused by whatever asks PAM."""
    text = row["message"]
    if found := _OPENED.match(text):
        row |= named(found)
        row["result"] = None if row["service"] in _NO_PEOPLE else "success"
    elif found := _REFUSED.match(text):
        pairs = {name: value for name, value in _PAIR.findall(found["rest"]) if value}
        row |= {"service": found["service"], "user": pairs.get("user"), "by": pairs.get("ruser")}
        row |= {"address": pairs.get("rhost"), "terminal": pairs.get("tty")}
        row["result"] = None if found["service"] in _NO_PEOPLE else "failure"
    elif found := _LOGIN.match(text):
        row |= {"user": found["user"], "reason": found["reason"], "terminal": found["tty"] or found["tty1"]}
        row |= {"service": "login", "result": "failure"}
    return Told("syslog_pam", row)


def vsftpd(row: Row) -> Told:
    """Who used the FTP server."""
    if found := _FTP.search(row["message"]):
        row |= {"user": found["user"], "address": found["address"].removeprefix("::ffff:")}
        row["result"] = "success" if found["word"] == "OK" else "failure"
    return Told("syslog_vsftpd", row)


def guacamole(row: Row) -> Told:
    """Who came in through the remote desktop gateway."""
    for pattern, result in _GUACAMOLE:
        if found := pattern.search(row["message"]):
            row |= named(found) | {"result": result, "address": found["address"].strip("[]")}
    return Told("syslog_guacamole", row)

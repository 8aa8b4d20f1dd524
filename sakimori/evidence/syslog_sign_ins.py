"""Syslog messages of programs that let people in: sshd, PAM, su, vsftpd, Guacamole.

Wording: OpenSSH auth.c and auth2.c (https://github.com/openssh/openssh-portable), Linux-PAM pam_unix
(https://github.com/linux-pam/linux-pam), shadow's and util-linux' su, vsftpd's logging.c.
"""

from __future__ import annotations

import re

from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.wordings import read, wording

_SSH = (
    wording(
        "Accepted {method} for {user...} from {address} port {port}{? ssh2?}{?: {key...}?}$", result="success"
    ),
    wording(
        "Failed {method} for invalid user {user...} from {address} port {port}",
        result="failure",
        reason="invalid user",
    ),
    wording("Failed {method} for {user...} from {address} port {port}", result="failure"),
    wording("User {user} from {address} not allowed because {reason...}$", result="failure"),
    # The rest says who knocked; that a password was wrong stands in a line of its own.
    wording("Invalid user {user...} from {address}{? port {port}?}$"),
    wording(
        "{?error: ?}maximum authentication attempts exceeded for {?invalid user ?}{user...} from {address} "
    ),
    wording("Connection closed by {?invalid user ?}{?authenticating user ?}{user...} {address} port {port}"),
    wording("Connection closed by {address} port {port}"),
    wording(
        "Disconnected from {?invalid user ?}{?authenticating user ?}{?user ?}{user...} {address} port {port}"
    ),
)
_OPENED = (
    wording("pam_{_}({service}:session): session opened for user {user}(uid={_}){? by {by...}(uid={_})?}$"),
    wording("pam_{_}({service}:session): session opened for user {user}{? by {by...}(uid={_})?}$"),
)
_REFUSED = (wording("pam_{_}({service}:auth): authentication failure;{rest...}$"),)
_PAIR = re.compile(r"(\w+)=(\S*)")
_LOGIN = (
    wording("FAILED LOGIN {_} FROM {terminal} FOR {user}, {reason...}$", service="login", result="failure"),
    wording(
        "FAILED LOGIN ({_}) on '{terminal}' FOR '{user}', {reason...}$", service="login", result="failure"
    ),
)
_SU = (
    wording("Successful su for {user} by {by}"),
    wording("FAILED su for {user} by {by}", result="failure"),
    wording("FAILED SU (to {user}) {by} on {terminal}", result="failure"),
    wording("{?+ ?}(to {user}) {by} on {terminal}"),
)
# Their own messages, or no people: a second row would count one sign-in twice.
_NO_PEOPLE = frozenset(
    {"sshd", "sudo", "sudo-i", "cron", "crond", "atd", "systemd-user", "runuser", "runuser-l", "polkit-1"}
)
_FTP = (
    wording('{?[pid {_}] ?}[{user}] OK LOGIN: Client "{?::ffff:?}{address}"', result="success"),
    wording('{?[pid {_}] ?}[{user}] FAIL LOGIN: Client "{?::ffff:?}{address}"', result="failure"),
)
_GUACAMOLE = (
    wording('{_...}User "{user...}" successfully authenticated from {?[?}{address}{?]?}.$', result="success"),
    wording('{_...}Authentication attempt from {?[?}{address}{?]?} for user "{user...}"', result="failure"),
)


def sshd(row: Row) -> Told:
    """Keys and passwords accepted or refused."""
    return Told("syslog_sshd", row | (read(row["message"], _SSH) or {}))


def su(row: Row) -> Told:
    """One account became another. The session that PAM opens is the success, for every su logs it."""
    said = read(row["message"], _SU)
    return Told("syslog_su", row | said if said else pam(row).row)


def pam(row: Row) -> Told:
    """Sessions opened and passwords refused by whatever asks PAM."""
    text = row["message"]
    if said := read(text, _OPENED):
        said["result"] = None if said["service"] in _NO_PEOPLE else "success"
    elif said := read(text, _REFUSED):
        pairs = {name: value for name, value in _PAIR.findall(said.pop("rest", "")) if value}
        said |= {"user": pairs.get("user"), "by": pairs.get("ruser"), "address": pairs.get("rhost")}
        said |= {"terminal": pairs.get("tty")}
        said["result"] = None if said["service"] in _NO_PEOPLE else "failure"
    return Told("syslog_pam", row | (said or read(text, _LOGIN) or {}))


def vsftpd(row: Row) -> Told:
    """Who used the FTP server."""
    return Told("syslog_vsftpd", row | (read(row["message"], _FTP) or {}))


def guacamole(row: Row) -> Told:
    """Who came in through the remote desktop gateway."""
    return Told("syslog_guacamole", row | (read(row["message"], _GUACAMOLE) or {}))

"""The readers of text logs, specific before general: syslog would take what only begins like it."""

from __future__ import annotations

from sakimori.evidence.auditd import Auditd
from sakimori.evidence.aws_access import AwsAccess
from sakimori.evidence.build_servers import BuildServers
from sakimori.evidence.daemon_files import DaemonFiles
from sakimori.evidence.journald import JournalLines
from sakimori.evidence.reader import Reader
from sakimori.evidence.squid import Squid
from sakimori.evidence.syslog import Syslog
from sakimori.evidence.w3c import W3cExtended
from sakimori.evidence.web_access import WebAccess
from sakimori.evidence.web_error import WebError
from sakimori.evidence.windows_dhcp import WindowsDhcp

TEXT_LOGS: tuple[Reader, ...] = (
    JournalLines(),
    Auditd(),
    W3cExtended(),
    AwsAccess(),
    Squid(),
    WebAccess(),
    WebError(),
    BuildServers(),
    WindowsDhcp(),
    DaemonFiles(),
    Syslog(),
)

"""Files that two servers write themselves, without syslog: OpenVPN's `--log`, vsftpd's `vsftpd.log`.

`2026-03-02 09:12:00 203.0.113.9:51820 [mei] Peer Connection Initiated ...`, before OpenVPN 2.5 and in vsftpd
`Mon Mar  2 09:12:00 2026 ...`. https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/
https://security.appspot.com/vsftpd/vsftpd_conf.html
"""

from __future__ import annotations

import re

from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.syslog_leases import vpn
from sakimori.evidence.syslog_sign_ins import vsftpd
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told, first_lines
from sakimori.records.plan import Plan

_LINE = re.compile(
    r"(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})"
    r"(?: us=\d+)? (?P<message>.*)",
    re.S,
)
_VSFTPD = re.compile(r"\[pid \d+\] ")
_OPENVPN = re.compile(
    r"OpenVPN \d|MULTI(?:_sva)?: |TLS: |VERIFY OK: |Peer Connection Initiated|Control Channel: "
)


class DaemonFiles(LineReader):
    """Files OpenVPN and vsftpd write themselves, without syslog.

    Watch: local times without a zone. OpenVPN starts its file anew at each start unless `log-append` is set.
    """

    name = "daemon_files"

    def fits(self, line: str) -> bool:
        """A time, then vsftpd's process number or words only OpenVPN uses."""
        found = _LINE.match(line)
        return bool(found and (_VSFTPD.match(found["message"]) or _OPENVPN.search(found["message"][:400])))

    def claims(self, head: bytes) -> bool:
        """Lines with a time, of which some are surely one of the two's."""
        lines = first_lines(head)
        return bool(lines) and all(map(_LINE.match, lines)) and any(map(self.fits, lines))

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one message as syslog would have carried it."""
        host = host_of(source.path)

        def told(line: str) -> Told | str:
            found = _LINE.match(line)
            if found is None:
                return "the line does not begin with a time"
            row: Row = {"timestamp_local": found["time"], "hostname": host, "message": found["message"]}
            if _VSFTPD.match(found["message"]):
                return vsftpd(row | {"app_name": "vsftpd"})
            row["app_name"] = "openvpn"
            return vpn(row) or Told("syslog", row)

        return told

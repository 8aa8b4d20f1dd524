"""Files that name servers write themselves, without syslog: BIND's query log, Unbound's `logfile`.

`02-Mar-2026 09:12:00.123 queries: info: client @0x7f 192.0.2.30#53000 (a.example): query: a.example IN A +`,
`[1772410320] unbound[123:0] info: 192.0.2.30 a.example. A IN`. The pages are named in `syslog_dns.py`.
"""

from __future__ import annotations

import re

from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.syslog_dns import bind, unbound
from sakimori.evidence.syslog_years import MONTHS
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told, first_lines
from sakimori.records.plan import Plan

OTHER = "dns_server_message"
_BIND = re.compile(
    r"(?:(?P<day>\d{2})-(?P<month>[A-Z][a-z]{2})-(?P<year>\d{4}) (?P<clock>\d{2}:\d{2}:\d{2}\.\d{3})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z?)) (?P<message>.*)",
    re.S,
)
_ASKED = re.compile(r"(?:[\w-]{1,32}: )?(?:\w{1,16}(?: \d)?: )?client .{4,1200}: query: ")
_UNBOUND = re.compile(r"\[(?P<epoch>\d{9,11})\] (?P<message>unbound\[\d+:[\da-f]+\] .*)", re.S)


class DnsServerFiles(LineReader):
    """Query logs that BIND and Unbound write into files of their own.

    Watch: both are off unless switched on. BIND writes local time unless told otherwise, and no answers;
    Unbound writes the result with `log-replies`. What a cache nearer to the machine answers is not seen.
    """

    name = "dns_server_files"

    def fits(self, line: str) -> bool:
        """A time as BIND writes it before a query, or Unbound's number of seconds and its name."""
        found = _BIND.match(line)
        return bool(found and _ASKED.match(found["message"])) or _UNBOUND.match(line) is not None

    def claims(self, head: bytes) -> bool:
        """Lines with such a time, of which some surely are a server's."""
        lines = first_lines(head)
        timed = all(_BIND.match(line) or _UNBOUND.match(line) for line in lines)
        return bool(lines) and timed and any(map(self.fits, lines))

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one message as syslog would have carried it."""
        host = host_of(source.path)
        return lambda line: _told(line, host)


def _told(line: str, host: str | None) -> Told | str:
    if found := _UNBOUND.match(line):
        row: Row = {"timestamp": found["epoch"], "hostname": host, "message": found["message"]}
        return unbound(row) or Told(OTHER, row | {"server": "unbound"})
    found = _BIND.match(line)
    when = _time(found) if found else None
    if found is None or when is None:
        return "the line does not begin with a time"
    row = {**when, "hostname": host, "message": found["message"]}
    return bind(row) or Told(OTHER, row | {"server": "named"})


def _time(found: re.Match[str]) -> Row | None:
    if found["iso"]:
        return {"timestamp" if found["iso"].endswith("Z") else "timestamp_local": found["iso"]}
    month = MONTHS.get(found["month"])
    if month is None:
        return None
    return {"timestamp_local": f"{found['year']}-{month:02}-{found['day']}T{found['clock']}"}

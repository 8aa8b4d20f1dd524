"""HAProxy's HTTP log, which comes by syslog.

`203.0.113.9:33317 [02/Mar/2026:09:12:00.123] web app/srv1 10/0/30/69/109 200 2750 ... "GET / HTTP/1.1"`
https://docs.haproxy.org/3.0/configuration.html#8.2.3
"""

from __future__ import annotations

import re

from sakimori.evidence.syslog_years import MONTHS
from sakimori.evidence.text_lines import Row, Told
from sakimori.evidence.web_request import request, said

_LINE = re.compile(
    r"(?P<client>[0-9a-fA-F.:]{2,45}):(?P<port>\d{1,5}) "
    r"\[(?P<day>\d{2})/(?P<month>[A-Z][a-z]{2})/(?P<year>\d{4}):(?P<clock>\d{2}:\d{2}:\d{2}\.\d{3})\]"
    r" (?P<frontend>\S{1,200}) (?P<server>\S{1,200}) [\d/+-]{1,60} (?P<status>-?\d{1,3})"
    r" \+?(?P<bytes>\d{1,20}) .{0,2000}?"
    r'"(?P<request>[^"]*)"?$'
)


def haproxy(row: Row) -> Told | None:
    """A request; None where HAProxy speaks of something else."""
    found = _LINE.match(row["message"])
    if found is None:
        return None
    day = f"{found['year']}-{MONTHS.get(found['month'], 0):02}-{found['day']}"
    fields: Row = {
        "time-local": f"{day}T{found['clock']}",
        "host": row.get("hostname"),
        "c-ip": found["client"],
        "s-sitename": found["frontend"],
        "s-computername": said(found["server"]),
        "sc-status": found["status"],
        "sc-bytes": found["bytes"],
        **request(found["request"]),
    }
    return Told("haproxy_access", fields)

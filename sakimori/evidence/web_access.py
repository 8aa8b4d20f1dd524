"""Access logs of Apache, nginx and Tomcat: common and combined, with the virtual host in front and what
follows.

`203.0.113.9 - mei [01/Mar/2026:09:12:00 +0900] "GET /a?b=1 HTTP/1.1" 200 512 "https://example.com/" "curl/8"`
https://httpd.apache.org/docs/2.4/logs.html#accesslog
https://nginx.org/en/docs/http/ngx_http_log_module.html
"""

from __future__ import annotations

import re

from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.syslog_years import MONTHS
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told
from sakimori.evidence.web_request import request, said
from sakimori.records.plan import Plan

QUOTED = r'"((?:[^"\\]|\\.)*)"'
TIME = r"\[(\d{1,2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}:\d{2}:\d{2})(?:[.,]\d+)? ([+-]\d{4})\]"
_LINE = re.compile(
    rf"(?:(?P<vhost>[\w.-]+)(?::(?P<port>\d+))? )?(?P<client>[\w.:%-]+|\[[\w.:]+\])(?P<chain>(?:, ?[\w.:]+)*)"
    rf" (?P<ident>\S+) (?P<user>.*?) {TIME} {QUOTED} (?P<status>\d{{3}}|-)(?: (?P<bytes>\d+|-))?(?P<rest>.*)",
    re.S,
)
_MORE = re.compile(QUOTED)
_NUMBER = re.compile(r"(?:[\d.]+|-)$")
_ADDRESSES = re.compile(r"-$|(?:unknown|[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*)(?:, *(?:unknown|[0-9a-fA-F.:]+))*$")


class WebAccess(LineReader):
    """Access logs in the common and combined formats: Apache, nginx, Tomcat, Squid where it is told to.

    Watch: times have an offset and are believed. Behind a balancer the client is the balancer, and the
    visitor stands in `x-forwarded-for`, if the format was told to write it; the visitor can write anything
    there.
    """

    name = "web_access"

    def fits(self, line: str) -> bool:
        """Client, time in brackets, request in quotes, status."""
        return _LINE.match(line) is not None

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one request."""
        host = host_of(source.path)

        def told(line: str) -> Told | str:
            row = access_row(line)
            return told_of(row, host) if row else "no request in the common log format"

        return told


def told_of(row: Row, host: str | None) -> Told:
    """The request in its log: who names a whole address, or asks for a tunnel, asks a proxy."""
    proxied = row.get("cs-method") == "CONNECT" or "://" in str(row.get("cs-uri"))[:12]
    return Told("proxy_access" if proxied else "web_access", row | {"host": host})


def access_row(line: str) -> Row | None:
    """The fields of a request under W3C's names; None where the line is none."""
    found = _LINE.match(line)
    if found is None:
        return None
    day, month, year, clock, zone, line = found.groups()[6:12]
    row: Row = {
        "c-ip": found["client"].strip("[]"),
        "cs-username": said(found["user"].strip('"')),
        "time": stamp(day, month, year, clock, zone),
        "sc-status": said(found["status"]),
        "sc-bytes": said(found["bytes"]),
        "s-port": found["port"],
        **request(line),
    }
    row["cs-host"] = row.get("cs-host") or found["vhost"]
    if found["chain"]:
        row["x-forwarded-for"] = found["client"] + found["chain"]
    return row | _rest(found["rest"])


def stamp(day: str, month: str, year: str, clock: str, zone: str) -> str:
    """`01/Mar/2026:09:12:00 +0900` as ISO."""
    return f"{year}-{MONTHS.get(month, 0):02}-{int(day):02}T{clock}{zone}"


def _rest(text: str) -> Row:
    """Referrer and user agent, then whatever the server was told to add: addresses are the forwarded
    client's."""
    row: Row = {}
    quoted = _MORE.findall(text)
    if len(quoted) >= 2:
        row |= {"cs-referer": said(quoted[0]), "cs-user-agent": said(quoted[1])}
    elif quoted:
        row["cs-user-agent"] = said(quoted[0])
    for value in quoted[2:]:
        if _ADDRESSES.match(value) and not _NUMBER.match(value):
            row.setdefault("x-forwarded-for", said(value))
    added = _MORE.sub("", text).split()
    if added and _NUMBER.match(added[0]):
        row["time-taken"] = said(added[0])
    return row

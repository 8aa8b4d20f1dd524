"""Error logs of nginx and Apache.

`2026/03/01 09:12:00 [error] 7#7: *1 open() failed, client: 203.0.113.9, request: "GET / HTTP/1.1"`,
`[Sun Mar 01 09:12:00.123456 2026] [core:error] [pid 7:tid 8] [client 203.0.113.9:51820] AH00126: Invalid URI`
https://nginx.org/en/docs/ngx_core_module.html#error_log https://httpd.apache.org/docs/2.4/logs.html#errorlog
"""

from __future__ import annotations

import re

from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.syslog_years import MONTHS
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told
from sakimori.evidence.web_request import request
from sakimori.records.plan import Plan

_NGINX = re.compile(
    r"(?P<day>\d{4}/\d{2}/\d{2}) (?P<clock>\d{2}:\d{2}:\d{2}) \[(?P<level>[a-z]+)\] (?P<pid>\d+)#\d+: "
    r"(?:\*(?P<connection>\d+) )?(?P<message>.*)",
    re.S,
)
_NGINX_PART = re.compile(
    r', (client|server|request|upstream|host|referrer): (?:"((?:[^"\\]|\\.)*)"|([^,\s]+))'
)
_APACHE = re.compile(
    r"\[[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<clock>\d{2}:\d{2}:\d{2})"
    r"(?P<fraction>\.\d+)? (?P<year>\d{4})\]"
    r" \[(?:(?P<module>[\w-]*):)?(?P<level>[a-z]+\d?)\](?: \[pid (?P<pid>\d+)(?::tid \d+)?\])?"
    r"(?: \[[^\]]*\](?=.*\[client))?(?: \[(?:remote|client) (?P<client>[^\]]+)\])? ?(?P<message>.*)",
    re.S,
)
_REFERRER = re.compile(r", referer: (\S+)$")
_PORT = re.compile(r"^\[?(.*?)\]?(?::\d+)?$")


class WebError(LineReader):
    """Error logs of nginx and Apache.

    Watch: no zone in the text; it is that of `--zone`, while the access log beside it names its own.
    """

    name = "web_error"

    def fits(self, line: str) -> bool:
        """One of the two beginnings."""
        return bool(_NGINX.match(line) or _APACHE.match(line))

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one line; one without a time goes on with what stood before it, and is kept."""
        host = host_of(source.path)
        log = (
            "nginx_error"
            if any(map(_NGINX.match, source.head.decode("utf-8", "replace").split("\n", 40)))
            else "apache_error"
        )

        def told(line: str) -> Told:
            told = _nginx(line) or _apache(line) or Told(log, {"message": line})
            return Told(told.log, told.row | {"host": host})

        return told


def _nginx(line: str) -> Told | None:
    found = _NGINX.match(line)
    if found is None:
        return None
    row: Row = found.groupdict()
    row["time"] = f"{row.pop('day').replace('/', '-')}T{row.pop('clock')}"
    for name, quoted, plain in _NGINX_PART.findall(row["message"]):
        row.setdefault(name, quoted or plain)
    row |= {"c-ip": row.get("client"), "cs-host": row.get("host"), "cs-referer": row.get("referrer")}
    return Told("nginx_error", row | request(row.get("request")))


def _apache(line: str) -> Told | None:
    found = _APACHE.match(line)
    if found is None:
        return None
    row: Row = found.groupdict()
    month, day = MONTHS.get(row.pop("month"), 0), int(row.pop("day"))
    row["time"] = f"{row.pop('year')}-{month:02}-{day:02}T{row.pop('clock')}{row.pop('fraction') or ''}"
    client = _PORT.match(row["client"]) if row["client"] and row["client"].count(":") != 7 else None
    row["c-ip"] = _address(row["client"]) if client else row["client"]
    referrer = _REFERRER.search(row["message"])
    row["cs-referer"] = referrer[1] if referrer else None
    return Told("apache_error", row)


def _address(client: str) -> str:
    """The client without its port: IPv6 has brackets where a port follows, or more than one colon."""
    if client.startswith("[") or client.count(":") == 1:
        found = _PORT.match(client)
        return found[1] if found else client
    return client

"""Squid's own access log.

`1772323920.123     45 192.0.2.7 TCP_MISS/200 9 GET http://example.com/ - HIER_DIRECT/198.51.100.9 text/html`
https://wiki.squid-cache.org/Features/LogFormat
"""

from __future__ import annotations

import re

from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told
from sakimori.evidence.web_request import address, said
from sakimori.records.plan import Plan

_LINE = re.compile(
    r"(?P<time>\d{9,10}\.\d{3}) +(?P<taken>-?\d+) (?P<client>\S+) (?P<action>[A-Z_]+)"
    r"/(?P<status>\d{3}) (?P<bytes>\d+) (?P<method>\S+) (?P<uri>\S+)"
    r" (?P<user>\S+) (?P<hierarchy>[A-Z_]+)/(?P<peer>\S+) (?P<type>\S+)"
)


class Squid(LineReader):
    """Squid's native access log.

    Watch: HTTPS shows the host only (`CONNECT`), unless the proxy opens it.
    """

    name = "squid"

    def fits(self, line: str) -> bool:
        """Epoch with milliseconds, then Squid's result and its hierarchy."""
        return _LINE.match(line) is not None

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one request."""
        host = host_of(source.path)

        def told(line: str) -> Told | str:
            row = _row(line)
            return Told("squid_access", row | {"host": host}) if row else "no request in Squid's format"

        return told


def _row(line: str) -> Row | None:
    found = _LINE.match(line)
    if found is None:
        return None
    return {
        "time": found["time"],
        "time-taken": found["taken"],
        "c-ip": found["client"],
        "s-action": found["action"],
        "sc-status": found["status"],
        "sc-bytes": found["bytes"],
        "cs-method": found["method"],
        "cs-username": said(found["user"]),
        "s-hierarchy": found["hierarchy"],
        "r-ip": said(found["peer"]),
        "rs(Content-Type)": said(found["type"]),
        **address(found["uri"]),
    }

"""Zscaler's feeds as the NSS writes them for Splunk: `key=value` with tabs between.

`2026-03-02 00:12:00\treason=Allowed\tevent_id=1\tprotocol=HTTPS\taction=Allowed\t...`
https://help.zscaler.com/zia/nss-feed-output-format-web-logs
"""

from __future__ import annotations

import re

from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told
from sakimori.records.plan import Plan

_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$")
_LOGS = (
    ({"csip", "cdip", "cdport"}, "zscaler_firewall"),
    ({"clt_sip", "dns_req"}, "zscaler_dns"),
    ({"ClientIP", "url", "action"}, "zscaler_web"),
)


class ZscalerText(LineReader):
    """Zscaler's web, firewall and DNS feeds as `key=value` lines with tabs.

    Watch: the time zone is the feed's, GMT unless set: give `--zone`. Firewall sessions may be gathered for
    15 minutes.
    """

    name = "zscaler_text"

    def fits(self, line: str) -> bool:
        """Tabs between keys and values, and the keys of one of the feeds."""
        return "\t" in line and _log(_pairs(line)) is not None

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one transaction."""
        return _told


def _told(line: str) -> Told | str:
    row = _pairs(line)
    log = _log(row)
    return Told(log, row) if log else "no line of a feed of Zscaler"


def _pairs(line: str) -> Row:
    row: Row = {}
    for cell in line.split("\t"):
        key, sign, value = cell.partition("=")
        if sign:
            row.setdefault(key, value or None)
        elif _TIME.match(cell):
            row["datetime"] = cell
    return row


def _log(row: Row) -> str | None:
    return next((log for keys, log in _LOGS if keys <= row.keys()), None)

"""Cisco Umbrella's DNS log as it lies in its bucket: values in quotes, mostly without a heading.

https://docs.umbrella.com/umbrella-user-guide/docs/dns-log-formats
"""

from __future__ import annotations

import re

from sakimori.evidence.key_values import cells
from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told, first_lines
from sakimori.records.plan import Plan

_NAMES = (
    "timestamp", "most granular identity", "identities", "internal ip", "external ip", "action", "query type",
    "response code", "domain", "categories", "most granular identity type", "identity types",
    "blocked categories",
)  # fmt: skip
_LEAST = 9
_LINE = re.compile(r'"?\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}"?,')
_HEADING = re.compile(r'"?timestamp"?,"?most granular identity"?,', re.I)
_TYPE = re.compile(r"\d{1,5} \([A-Z0-9]{1,16}\)")


class UmbrellaDns(LineReader):
    """Cisco Umbrella's and Secure Access' DNS logs, as CSV with or without their heading.

    Watch: UTC, unlike the dashboard. The bucket keeps them 30 days at most. Lines are not in order of time.
    """

    name = "umbrella_dns"

    def fits(self, line: str) -> bool:
        """A time in front, a decision and a type of record in their places."""
        if not _LINE.match(line):
            return False
        found = [cell.strip() for cell in cells(line)]
        return len(found) >= _LEAST and bool(_TYPE.fullmatch(found[6])) and found[5].isalpha()

    def claims(self, head: bytes) -> bool:
        """All lines fit but the heading, and one does."""
        lines = first_lines(head)
        fitting = [line for line in lines if self.fits(line)]
        return bool(fitting) and all(self.fits(line) or _HEADING.match(line) for line in lines)

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one lookup."""
        return _told


def _told(line: str) -> Told | str | None:
    if _HEADING.match(line):
        return None
    found = [cell.strip() for cell in cells(line)]
    if len(found) < _LEAST:
        return f"{len(found)} values where a DNS log has {_LEAST} or more"
    row: Row = {name: cell or None for name, cell in zip(_NAMES, found, strict=False)}
    # The root's point would keep rules on endings silent.
    return Told("umbrella_dns", row | {"domain": found[8].rstrip(".") or None})

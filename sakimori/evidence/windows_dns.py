"""The debug log of Windows' DNS server, `dns.log`: one line a packet, under a key that explains the columns.

`3/2/2026 9:12:00 AM 0BE4 PACKET  000000149B80B390 UDP Rcv 192.0.2.30 ccfb   Q [0001   D   NOERROR] A (3)www`
https://learn.microsoft.com/previous-versions/windows/it-pro/windows-server-2012-R2-and-2012/dn800669(v=ws.11)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.text_lines import LineReader, Parse, Row, Told, first_lines
from sakimori.evidence.wordings import named
from sakimori.records.plan import Plan

_DATED = re.compile(
    r"(?P<a>\d{1,4})(?P<sign>[/.-])(?P<b>\d{1,2})[/.-](?P<c>\d{1,4}) (?P<clock>\d{1,2}:\d{2}:\d{2})"
    r"(?: (?P<half>[AP])M)? (?P<ThreadID>[0-9A-Fa-f]{3,8}) (?P<Context>[A-Z][A-Z-]{2,15})\s+(?P<rest>.*)",
    re.S,
)
_PACKET = re.compile(
    r"(?P<PacketID>[0-9A-Fa-f]{8,16}) (?P<Protocol>UDP|TCP) (?P<Direction>Rcv|Snd)"
    r" (?P<RemoteIP>[0-9A-Fa-f:.%]{2,64})\s+(?P<Xid>[0-9A-Fa-f]{4})\s+"
    r"(?:(?P<Response>R)\s+)?(?P<Opcode>[QNU?])\s*"
    r"\[(?P<Flags>[0-9A-Fa-f]{4})\s+(?P<FlagCodes>[ATDR ]{0,16}?)\s*(?P<ResponseCode>[A-Z]{4,16}|\d{1,5})\]"
    r"\s+(?P<QuestionType>\S{1,16})\s+(?P<name>\S{1,2048})"
)
_LENGTH = re.compile(r"\(\d{1,3}\)")
_TRIED = 400


class WindowsDns(LineReader):
    """The debug log of Windows' DNS server (`dns.log`), its packet lines.

    Watch: dates are written as the server's region writes them. Which part is the month is taken from the
    file where it can be (`time`), else assumed (`time_order_assumed`); local time. The details below a packet
    are not read. A full file is written over. A lookup is two lines, and two more where the server asks on.
    """

    name = "windows_dns"

    def fits(self, line: str) -> bool:
        """A date in any order, a thread and a packet."""
        found = _DATED.match(line)
        return bool(found and found["Context"] == "PACKET" and _PACKET.match(found["rest"]))

    def claims(self, head: bytes) -> bool:
        """Some of the lines below the key are packets."""
        return any(map(self.fits, first_lines(head, _TRIED)))

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one packet; lines without a date explain the file or the packet above."""
        host = host_of(source.path)
        order = _order(first_lines(source.head, _TRIED))

        def told(line: str) -> Told | None:
            found = _DATED.match(line)
            return _row(found, order, host) if found else None

        return told


@dataclass(frozen=True, slots=True)
class _Order:
    """Whether the day stands before the month, and whether the file proves it."""

    day_first: bool
    sure: bool


def _order(lines: list[str]) -> _Order:
    dates = [found for found in map(_DATED.match, lines) if found]
    if any(int(found["a"]) > 12 for found in dates if len(found["a"]) < 3):
        return _Order(day_first=True, sure=True)
    if any(int(found["b"]) > 12 for found in dates):
        return _Order(day_first=False, sure=True)
    # Points part days from months only where the day comes first; AM and PM are foremost American.
    pointed = any(found["sign"] == "." for found in dates)
    return _Order(day_first=pointed or not any(found["half"] for found in dates), sure=pointed)


def _row(found: re.Match[str], order: _Order, host: str | None) -> Told:
    row: Row = {"server": host, "ThreadID": found["ThreadID"], "Context": found["Context"]}
    row |= _time(found, order)
    packet = _PACKET.match(found["rest"]) if found["Context"] == "PACKET" else None
    if packet is None:
        return Told("windows_dns_message", row | {"message": found["rest"].strip()})
    told = named(packet)
    told["QuestionName"] = _LENGTH.sub(".", told.pop("name")).strip(".") or "."
    told["Response"] = told.get("Response") or "Q"
    return Told("windows_dns_packet", row | told)


def _time(found: re.Match[str], order: _Order) -> Row:
    year, month, day = found["a"], found["b"], found["c"]
    sure = True
    if len(found["a"]) < 3:
        year, sure = found["c"], order.sure
        day, month = (found["a"], found["b"]) if order.day_first else (found["b"], found["a"])
    hour, _, rest = found["clock"].partition(":")
    if found["half"]:
        hour = str(int(hour) % 12 + (12 if found["half"] == "P" else 0))
    year = f"20{year}" if len(year) == 2 else year
    when = f"{year}-{int(month):02}-{int(day):02}T{int(hour):02}:{rest}"
    return {"time" if sure else "time_order_assumed": when}

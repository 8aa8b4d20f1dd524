"""What applications write for their own people: a time, a level, a message, an error's trace below it.

Log4j and Logback `2026-03-01 09:12:00,123 [main] ERROR com.example.App - ...`,
Spring Boot `2026-03-01T09:12:00.123Z ERROR 7 --- [app] [main] c.e.App : ...`,
Tomcat `01-Mar-2026 09:12:00.123 SEVERE [main] ...`,
Python `2026-03-01 09:12:00,123 ERROR django.request ...`,
Ruby `E, [2026-03-01T09:12:00.123456 #7] ERROR -- : ...`,
PostgreSQL `2026-03-01 09:12:00.123 UTC [7] ERROR:  ...`,
MySQL `2026-03-01T09:12:00.123456Z 0 [ERROR] ...`, Node and .NET with the level in brackets.
https://docs.spring.io/spring-boot/reference/features/logging.html https://docs.python.org/3/howto/logging.html
https://docs.ruby-lang.org/en/master/Logger.html
https://www.postgresql.org/docs/current/runtime-config-logging.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sakimori.evidence.collected import host_of
from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered
from sakimori.evidence.reader import Source
from sakimori.evidence.syslog_years import MONTHS
from sakimori.evidence.text_lines import Row, first_lines, text_of_line
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_LONGEST = 1 << 18  # bytes of one event; what follows becomes an event of its own
_HEAD_READ = 1 << 16
_HEAD = re.compile(
    r"(?:[DIWEFAU], )?\[?(?P<time>\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?"
    r"|\d{2}-[A-Z][a-z]{2}-\d{4} \d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)"
    r"(?: ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?(?!\w)(?: #\d+)?\]?[ \t:,|-]*(?P<message>.*)",
    re.S | re.ASCII,
)
_LEVEL = re.compile(
    r"(?<!\w)(?P<plain>TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|SEVERE|CONFIG|FINE|FINER"
    r"|FINEST|PANIC)(?![\w.])"
    r"|\[(?P<framed>(?i:trace|debug|info|notice|note|system|warn|warning|error|critical|fatal|verbose)"
    r"|VRB|DBG|INF|WRN|ERR|FTL)\]"
    r"|(?:^|\s)(?P<named>debug|info|warn|error|LOG|STATEMENT|DETAIL|HINT):\s"
)
_BEFORE_LEVEL = 160  # process, thread and name of the logger may stand before the level


class ApplicationText:
    """Logs of applications and databases: lines with a time and a level, traces joined to them.

    Watch: times without a zone are local. What is logged of a request may hold what an attacker sent.
    """

    name = "application_text"
    version = 1
    lines = False  # a trace belongs to the line above it

    def claims(self, head: bytes) -> bool:
        """The first line begins with a time, and most of those that do name a level."""
        lines = first_lines(head)
        begun = [found for found in map(_HEAD.match, lines) if found]
        if not begun or not _HEAD.match(lines[0]):
            return False
        return sum(bool(_level(found["message"])) for found in begun) * 2 > len(begun)

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One record an event, with the lines below it that begin with no time."""
        host = host_of(source.path)
        return batches((_found(event, host) for event in _events(source)), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The event's lines as they stand."""
        for event in _events(source):
            if event.record == number:
                return "\n".join(map(text_of_line, event.lines))
        return None


@dataclass(slots=True)
class _Event:
    record: int
    offset: int
    lines: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, line: bytes) -> None:
        self.lines.append(line)
        self.size += len(line)


def _events(source: Source) -> Iterator[_Event]:
    event: _Event | None = None
    for number, offset, line in numbered(source):
        if event is None or event.size > _LONGEST or _HEAD.match(text_of_line(line[:_BEFORE_LEVEL])):
            if event is not None:
                yield event
            event = _Event(number, offset) if line.strip() else None
        if event is not None:
            event.add(line)
    if event is not None:
        yield event


def _found(event: _Event, host: str | None) -> Found:
    first, *rest = (text_of_line(line[:_HEAD_READ]) for line in event.lines)
    trace = "\n".join(rest).strip()
    row: Row = {"host": host, "message": first, "trace": trace or None}
    if head := _HEAD.match(first):
        row |= {"message": head["message"], "level": _level(head["message"])} | _time(head)
    return Found("application_text", event.record, event.offset, row, b"".join(event.lines))


def _level(message: str) -> str | None:
    found = _LEVEL.search(message[:_BEFORE_LEVEL])
    return next(filter(None, found.groups()), None) if found else None


def _time(head: re.Match[str]) -> Row:
    """`time` where the line names its zone, `time_local` where it does not."""
    time = head["time"].replace(",", ".")
    if time[2] == "-":
        day, month, rest = time.split("-", 2)
        time = f"{rest[:4]}-{MONTHS.get(month, 0):02}-{day}{rest[4:]}"
    zone = {"UTC": "Z", "GMT": "Z"}.get(head["zone"] or "", head["zone"])
    return {"time": f"{time}{zone}"} if zone else {"time_local": time}

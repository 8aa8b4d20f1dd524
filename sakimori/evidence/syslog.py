"""The reader of syslog, and of what firewalls and VPN gateways write without an envelope."""

from __future__ import annotations

from collections.abc import Iterator

from sakimori.evidence.appliances import is_payload, payload
from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.syslog_envelope import envelope, has_envelope, priority
from sakimori.evidence.syslog_programs import Programs
from sakimori.evidence.syslog_years import with_years
from sakimori.evidence.text_lines import LineReader, Placed, Told, each_line
from sakimori.records.plan import Plan

_NO_TIME = "the line begins neither with a time nor as a message of a known appliance"


class Syslog(LineReader):
    """Syslog: `messages`, `secure`, `auth.log`, macOS' `system.log`, a log server's files; in it, or as bare
    lines, messages of FortiGate, Palo Alto, Cisco, Ivanti, SonicWall, CEF and LEEF.

    Watch: RFC 3164 names neither year nor zone. The year is taken from a rotated file's name or from the last
    line, and the time's column says so; the zone is that of `--zone`. A relay may put its own name for the
    host's.
    """

    name = "syslog"

    def fits(self, line: str) -> bool:
        """A time, a priority and a version, or an appliance's message in front."""
        return has_envelope(line) or is_payload(priority(line)[1])

    def placed(self, source: Source, plan: Plan) -> Iterator[Placed]:
        """The records of all lines, with the years they lack."""
        programs, host = Programs(plan), host_of(source.path)
        with with_years(source) as (dated, years):

            def told(line: str) -> Told | str:
                row = envelope(line, years)
                if row is None and line[:1].isspace():
                    return Told("syslog", {"hostname": host, "message": line})  # the line before goes on
                if row is None:
                    return _bare(line) or _NO_TIME
                row.setdefault("hostname", host)
                return programs.told(row)

            yield from each_line(dated, told)


def _bare(line: str) -> Told | None:
    row, message = priority(line)
    return payload(row | {"message": message})

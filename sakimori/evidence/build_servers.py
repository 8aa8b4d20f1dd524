"""Logs of build servers: TeamCity's own files, Jenkins' log and what its audit-trail plugin writes.

TeamCity `[2026-03-01 09:12:00,123]   INFO - s.buildServer.ACTIVITIES.AUDIT - plugin_uploaded: Plugin ...`,
https://www.jetbrains.com/help/teamcity/teamcity-server-logs.html
Jenkins `2026-03-01 09:12:00.123+0000 [id=7]\tINFO\thudson.Main#run: text`, and
`Mar 1, 2026 9:12:00,123 AM /job/x/configSubmit by mei from 203.0.113.9`,
https://plugins.jenkins.io/audit-trail/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sakimori.evidence.collected import host_of
from sakimori.evidence.reader import Source
from sakimori.evidence.syslog_years import MONTHS
from sakimori.evidence.text_lines import LineReader, Parse, Placed, Row, Told, each_line
from sakimori.evidence.wordings import named
from sakimori.records.plan import Plan

_TEAMCITY = re.compile(
    r"\[(?P<day>\d{4}-\d{2}-\d{2}) (?P<clock>\d{2}:\d{2}:\d{2}),(?P<fraction>\d{3})\] +(?P<level>[A-Z]+) +-"
    r" +(?P<logger>[\w.$*-]+(?: \[[^\]]*\])?) - (?P<message>.*)",
    re.S,
)
_JENKINS = re.compile(
    r"(?P<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}) \[id=(?P<thread>\d+)\]\s+"
    r"(?P<level>[A-Z]+)\s+(?P<logger>\S+?): (?P<message>.*)",
    re.S,
)
_TRAIL_TIME = re.compile(
    r"(?:(?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}), (?P<year>\d{4}),? (?P<hour>\d{1,2}):(?P<rest>\d{2}:\d{2})"
    r"(?:[,.:](?P<fraction>\d{3}))? (?P<half>[AP])M"
    r"|(?P<iso>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})[:.,](?P<thousandth>\d{3}))(?: -)? "
)
_TRAIL = re.compile(r"(?P<uri>/\S*) by (?P<user>.+?)(?: from (?P<address>[0-9a-fA-F.:]+))?$")
_BUILD = re.compile(r"(?:Job )?(?P<uri>job/\S+) #(?P<build>\d+) (?P<cause>Started by .*)")
_STARTED = re.compile(r"Started by user (?P<user>[^,\[]+)")
_AUDIT = re.compile(r"(?P<action>[a-z][a-z0-9_]+): (?P<text>.*)", re.S)
_BY = re.compile(r'by (?:user )?"(?P<user>[^"]+)"')
_TARGET = re.compile(
    r'(?:[Uu]ser|[Gg]roup|[Tt]oken|[Rr]ole|[Pp]lugin|[Ff]ile) (?:"(?P<quoted>[^"]+)"|(?P<plain>\S+))'
)
_OF_USER = re.compile(r'for (?:user )?"(?P<of>[^"]+)"')
_ADDRESS = re.compile(
    r"(?:from|address|IP)[ :=\"'(]+(?P<address>\d+\.\d+\.\d+\.\d+|[0-9a-fA-F]*:[0-9a-fA-F:]+)", re.I
)
_NAME = re.compile(r"\b(?:user(?:name)?|login)[ :=]+['\"](?P<user>[^'\"]+)['\"]", re.I)
_REFUSED = re.compile(r"fail|incorrect|invalid|unable|denied|reject", re.I)
_ALLOWED = re.compile(r"success|logged in|authenticated", re.I)
_MOST_HELD = 64 << 10


class BuildServers(LineReader):
    """Logs of TeamCity (`teamcity-server`, `-activities`, `-auth`, `-javaLogging`) and Jenkins, its audit
    trail too.

    Watch: TeamCity writes `teamcity-auth.log` only where that logging was turned on; its times are the
    server's own, without a zone. A token made by a request to `/app/rest/users/id:1/tokens/RPC2` stands in
    the access log too.
    """

    name = "build_servers"

    def fits(self, line: str) -> bool:
        """One of the beginnings; the lines of a stack trace have none."""
        return any(read(line) for read in _FORMS)

    def claims(self, head: bytes) -> bool:
        """As others, but for the lines of stack traces."""
        return super().claims(
            b"\n".join(line for line in head.split(b"\n") if not line.startswith((b"\t", b"Caused", b"  ")))
        )

    def parser(self, source: Source, plan: Plan) -> Parse:
        """Reads one line; what has no beginning is told as a text."""
        return lambda line: next((told for read in _FORMS if (told := read(line))), line)

    def placed(self, source: Source, plan: Plan) -> Iterator[Placed]:
        """The records, each with the lines of its stack trace."""
        host = host_of(source.path)
        held: Placed | None = None
        for one in each_line(source, self.parser(source, plan)):
            if isinstance(one.told, str) and held is not None and isinstance(held.told, Told):
                _goes_on(held.told.row, one.told)
                continue
            if held is not None:
                yield held
            held = (
                one
                if isinstance(one.told, Told)
                else Placed(one.record, one.offset, one.raw, _begun_before(one.told))
            )
            if isinstance(held.told, Told):
                held.told.row["host"] = host
        if held is not None:
            yield held


def _begun_before(text: str) -> Told:
    """A range may begin inside a stack trace."""
    return Told("build_server", {"message": text})


def _goes_on(row: Row, text: str) -> None:
    before = row.get("message") or ""
    if len(before) < _MOST_HELD:
        row["message"] = f"{before}\n{text}"


def _teamcity(line: str) -> Told | None:
    found = _TEAMCITY.match(line)
    if found is None:
        return None
    row: Row = found.groupdict()
    row["time"] = f"{row.pop('day')}T{row.pop('clock')}.{row.pop('fraction')}"
    logger, text = found["logger"].lower(), found["message"]
    audit = _AUDIT.match(text) if ".audit" in logger else None
    if audit:
        return Told("teamcity_audit", row | {"action": audit["action"]} | _audited(audit["text"]))
    if "auth" in logger:
        return Told("teamcity_auth", row | _signed_in(text))
    return Told("teamcity_server", row)


def _audited(text: str) -> Row:
    """Who did it to whom, where the text names them in quotes."""
    by, target, of = _BY.search(text), _TARGET.search(text), _OF_USER.search(text)
    what = (target["quoted"] or target["plain"]) if target else None
    return {"user": by["user"] if by else None, "target": of["of"] if of else what, "what": what}


def _signed_in(text: str) -> Row:
    row: Row = {}
    for pattern in (_NAME, _ADDRESS):
        row |= named(found) if (found := pattern.search(text)) else {}
    row["result"] = "failure" if _REFUSED.search(text) else "success" if _ALLOWED.search(text) else None
    return row


def _jenkins(line: str) -> Told | None:
    found = _JENKINS.match(line)
    return Told("jenkins", found.groupdict()) if found else None


def _trail(line: str) -> Told | None:
    at = _TRAIL_TIME.match(line)
    if at is None:
        return None
    text = line[at.end() :]
    found = _TRAIL.match(text) or _BUILD.match(text)
    if found is None:
        return None
    row = {"time": _time(at), "message": text, **named(found)}
    if started := _STARTED.search(text):
        row["user"] = started["user"].strip()
    return Told("jenkins_audit_trail", row)


def _time(at: re.Match[str]) -> str:
    if at["iso"]:
        return f"{at['iso'].replace(' ', 'T')}.{at['thousandth']}"
    hour = int(at["hour"]) % 12 + (12 if at["half"] == "P" else 0)
    day = f"{at['year']}-{MONTHS.get(at['month'], 0):02}-{int(at['day']):02}"
    return f"{day}T{hour:02}:{at['rest']}.{at['fraction'] or 0}"


_FORMS: tuple[Callable[[str], Told | None], ...] = (_teamcity, _jenkins, _trail)

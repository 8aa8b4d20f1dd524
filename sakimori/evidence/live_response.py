"""What UAC's live response prints on Unix machines: processes with their start, sockets with their program.

Commands: `ps -axo pid,user,lstart,args` and `netstat -anp`, https://tclahr.github.io/uac-docs/artifacts/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sakimori.evidence.collected import host_of
from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered, text_at
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_PROCESSES = re.compile(rb"\A\s*PID\s+USER\s+STARTED\s+(?:COMMAND|ARGS)\s*\n")
_SOCKETS = re.compile(
    rb"^Proto\s+Recv-Q\s+Send-Q\s+Local Address\s+Foreign Address\s+State\s.*PID/Program name", re.M
)
_PROCESS = re.compile(r"\s*(\d+)\s+(\S+)\s+\w{3} (\w{3}\s+\d+ \d\d:\d\d:\d\d \d{4})\s+(.*)")
_SOCKET = re.compile(
    r"(?P<proto>(?:tcp|udp)6?)\s+\d+\s+\d+\s+(?P<local>\S+):(?P<lport>\d+|\*)\s+(?P<peer>\S+):(?P<pport>\d+|\*)"
    r"\s{1,99}(?P<state>[A-Z_]+\d?)?\s{0,99}(?:(?P<pid>\d+)/(?P<program>\S.*?)|-)?\s*$"
)
_LONGEST = 8192
Row = Mapping[str, str | None]


class ProcessListing:
    """Processes with the time they started (`ps -axo pid,user,lstart,args`, as UAC runs it).

    Watch: what had ended is not there, parents are not told, and times are the machine's own: give `--zone`.
    """

    name = "ps_lstart"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The headings of that command."""
        return _PROCESSES.match(head) is not None

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a process; a line of another form is Unread."""
        yield from batches(_found(source, "ps_process", _process), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


class SocketListing:
    """Sockets with the program that holds them (`netstat -anp` on Linux, as UAC runs it).

    Watch: a state at one moment, without a time; only connections to somewhere are told.
    """

    name = "netstat_anp"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The headings of that command."""
        return head.startswith((b"Active Internet", b"Proto ")) and _SOCKETS.search(head[:512]) is not None

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a socket of the internet; a line of another form is Unread."""
        yield from batches(_found(source, "netstat_socket", _socket), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The line as it stands."""
        return text_at(source, number)


def _found(source: Source, log: str, said: Callable[[str], Row | None]) -> Iterator[Found | Unread]:
    host = host_of(source.path)
    for number, offset, line in numbered(source):
        text = line.decode("utf-8", "backslashreplace").rstrip("\r\n")
        if text.startswith("Active UNIX"):
            return  # sockets within the machine
        if not text.strip() or text.startswith(("Active ", "Proto ")) or text.split()[0] == "PID":
            continue
        row = said(text) if len(text) <= _LONGEST else None
        if row is None:
            yield Unread(number, offset, "a line of another form than the headings say")
        else:
            yield Found(log, number, offset, {"Computer": host, **row}, line)


def _process(text: str) -> Row | None:
    found = _PROCESS.match(text)
    if found is None:
        return None
    pid, user, started, args = found.groups()
    try:
        began = datetime.strptime(" ".join(started.split()), "%b %d %H:%M:%S %Y").isoformat()
    except ValueError:
        return None
    words = args.split()
    program = words[0] if words and words[0].startswith("/") else None
    return {"PID": pid, "USER": user, "STARTED": began, "COMMAND": args, "Path": program}


def _socket(text: str) -> Row | None:
    found = _SOCKET.match(text)
    if found is None:
        return None
    return {
        "Proto": found["proto"], "LocalAddress": found["local"], "LocalPort": found["lport"],
        "ForeignAddress": found["peer"], "ForeignPort": found["pport"], "State": found["state"],
        "PID": found["pid"], "Program": found["program"],
    }  # fmt: skip

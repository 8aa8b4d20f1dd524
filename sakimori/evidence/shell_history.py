"""What people typed: histories of bash, zsh, fish, PowerShell and interpreters.

zsh's extended form: https://zsh.sourceforge.io/Doc/Release/Options.html#History ; bash's times:
https://www.gnu.org/software/bash/manual/html_node/Bash-History-Facilities.html ; fish:
https://fishshell.com/docs/current/interactive.html#history-search
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sakimori.evidence.collected import collected
from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

_ZSH = re.compile(r": (\d{9,11}):(\d+);(.*)", re.DOTALL)
_BASH = re.compile(r"#(\d{9,11})$")
_FISH = re.compile(r"- cmd: (.*)")
_WHEN = re.compile(r"  when: (\d{9,11})$")
# Told by content: the first lines of a file that has times.
_TOLD = {
    "zsh": re.compile(rb": \d{9,11}:\d+;"),
    "bash": re.compile(rb"#\d{9,11}\r?\n[^\r\n]+\r?\n#\d{9,11}\r?\n"),
    "fish": re.compile(rb"- cmd: [^\n]*\n  when: \d{9,11}\n"),
}
# Told by name alone: any text may be one.
_NAMES = {
    "bash": re.compile(r"\.bash_history$|\.bash_sessions/[^/]+\.history$", re.I),
    "zsh": re.compile(r"\.zsh_history$|\.zhistory$|\.zsh_sessions/[^/]+\.history$", re.I),
    "sh": re.compile(r"\.(?:ash|sh|ksh)_history$", re.I),
    "powershell": re.compile(r"ConsoleHost_history\.txt$", re.I),
    "python": re.compile(r"\.python_history$", re.I),
    "node": re.compile(r"\.node_repl_history$", re.I),
}
_MOST_LINES = 2_000  # of one command


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    offset: int
    text: str
    raw: bytes


@dataclass(slots=True)
class Typed:
    """One command as it stands in the file, from line `number` on; `time` in seconds since 1970, as text."""

    number: int
    offset: int
    text: str
    raw: bytes
    time: str | None = None

    def goes_on(self, line: _Line) -> None:
        """The next line belongs to it."""
        if self.raw.count(b"\n") < _MOST_LINES:
            self.text += "\n" + line.text
            self.raw += line.raw


class ShellHistory:
    """Histories of bash, zsh, fish, PowerShell, Python and Node: those with times told by their content,
    plain ones by the name under which they lay.

    Watch: a plain history has an order but no times; a shell writes it when it ends; users may change it. The
    machine and the user come from the path: keep the collection's folders.
    """

    name = "shell_history"
    version = 1
    lines = False  # a command may span lines

    def claims(self, head: bytes) -> bool:
        """Commands with times, as zsh, bash and fish write them."""
        return told(head) is not None

    def claims_at(self, path: str, head: bytes) -> bool:
        """A text under the name of a history."""
        return named(path) is not None and b"\0" not in head.replace(b"\xff\xfe", b"")[:64]

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """One row a command."""
        return batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The command's lines as they stand."""
        shell = told(source.head) or named(source.path) or "sh"
        wanted = (one for one in commands(shell, _lines(source, shell)) if one.number == number)
        found = next(wanted, None)
        return None if found is None else found.raw.decode("utf-8", "backslashreplace").rstrip("\r\n")


def told(head: bytes) -> str | None:
    """The shell whose history begins so; None where nothing in the content tells."""
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return next((shell for shell, form in _TOLD.items() if form.match(begin)), None)


def named(path: str) -> str | None:
    """The shell whose history has this name."""
    plain = path.replace("\\", "/")
    return next((shell for shell, form in _NAMES.items() if form.search(plain)), None)


def _found(source: Source) -> Iterator[Found | Unread]:
    own = collected(source.path)
    shell = told(source.head) or named(source.path) or "sh"
    log = _log(shell, own["collected.path"] or "")
    for one in commands(shell, _lines(source, shell)):
        row = {"command": one.text, "time": one.time, "shell": named(source.path) or shell, **own}
        yield Found(log, one.number, one.offset, row, one.raw)


def _log(shell: str, path: str) -> str:
    if shell in ("python", "node"):
        return "shell_history_interpreter"
    if shell == "powershell":
        return "shell_history_powershell"
    if path.startswith(("/Users/", "/var/root/", "/private/var/root/")):
        return "shell_history_macos"
    return "shell_history_linux" if path.startswith(("/home/", "/root/")) else "shell_history"


def _lines(source: Source, shell: str) -> Iterator[_Line]:
    for number, offset, raw in numbered(source):
        plain = unmetafied(raw) if shell == "zsh" else raw
        text = plain.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n")
        yield _Line(number, offset, text, raw)


def unmetafied(line: bytes) -> bytes:
    """zsh writes bytes from 0x83 on as 0x83 and the byte with bit 5 turned; here as they were typed."""
    if b"\x83" not in line:
        return line
    head, *rest = line.split(b"\x83")
    return head + b"".join(bytes((part[0] ^ 0x20,)) + part[1:] for part in rest if part)


def commands(shell: str, lines: Iterable[_Line]) -> Iterator[Typed]:
    """The commands in order."""
    if shell == "fish":
        return _fish(lines)
    if shell == "bash":
        return _bash(lines)
    return _continued(lines, "`" if shell == "powershell" else "\\")


def _continued(lines: Iterable[_Line], mark: str) -> Iterator[Typed]:
    """One a line, or several that end in the mark of continuation; zsh's times where they stand."""
    held: Typed | None = None
    for line in lines:
        if held is not None and held.text.endswith(mark):
            held.text = held.text.removesuffix(mark)
            held.goes_on(line)
            continue
        if held is not None and held.text.strip():
            yield held
        held = _one(line)
    if held is not None and held.text.strip():
        yield held


def _one(line: _Line) -> Typed:
    found = _ZSH.match(line.text)
    text, time = (found[3], found[1]) if found else (line.text, None)
    return Typed(line.number, line.offset, text, line.raw, time)


def _bash(lines: Iterable[_Line]) -> Iterator[Typed]:
    """One a line; where times stand, all lines between two of them are one command."""
    time: str | None = None
    held: Typed | None = None
    for line in lines:
        stamp = _BASH.match(line.text)
        if stamp is None and held is not None and time is not None:
            held.goes_on(line)
            continue
        if held is not None and held.text.strip():
            yield held
        held = None
        if stamp:
            time = stamp[1]
        else:
            held = Typed(line.number, line.offset, line.text, line.raw, time)
    if held is not None and held.text.strip():
        yield held


def _fish(lines: Iterable[_Line]) -> Iterator[Typed]:
    """`- cmd:` with `when:` below it; what else stands below is passed over."""
    held: Typed | None = None
    for line in lines:
        if begun := _FISH.match(line.text):
            if held is not None:
                yield held
            held = Typed(line.number, line.offset, _unescaped(begun[1]), line.raw)
        elif held is not None and held.time is None and (when := _WHEN.match(line.text)):
            held.time = when[1]
            held.raw += line.raw
    if held is not None:
        yield held


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)

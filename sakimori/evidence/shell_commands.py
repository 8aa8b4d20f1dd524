"""Commands as shells write them into their histories.

zsh: https://zsh.sourceforge.io/Doc/Release/Options.html#History ; bash:
https://www.gnu.org/software/bash/manual/html_node/Bash-History-Facilities.html ; fish:
https://fishshell.com/docs/current/interactive.html#history-search
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ZSH = re.compile(r": (\d{9,11}):(\d+);(.*)", re.DOTALL)
_BASH = re.compile(r"#(\d{9,11})$")
_FISH = re.compile(r"- cmd: (.*)")
_WHEN = re.compile(r"  when: (\d{9,11})$")
# The first lines of a file that has times.
_TOLD = {
    "zsh": re.compile(rb": \d{9,11}:\d+;"),
    "bash": re.compile(rb"#\d{9,11}\r?\n[^\r\n]+\r?\n#\d{9,11}\r?\n"),
    "fish": re.compile(rb"- cmd: [^\n]*\n  when: \d{9,11}\n"),
}
_MOST_LINES = 2_000  # of one command


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a history; `text` without its end, `raw` as it stands."""

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

    def goes_on(self, line: Line) -> None:
        """The next line belongs to it."""
        if self.raw.count(b"\n") < _MOST_LINES:
            self.text += "\n" + line.text
            self.raw += line.raw


def told(head: bytes) -> str | None:
    """The shell whose history begins so; None where nothing in the content tells."""
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return next((shell for shell, form in _TOLD.items() if form.match(begin)), None)


def unmetafied(line: bytes) -> bytes:
    """zsh writes bytes from 0x83 on as 0x83 and the byte with bit 5 turned; here as they were typed."""
    if b"\x83" not in line:
        return line
    head, *rest = line.split(b"\x83")
    return head + b"".join(bytes((part[0] ^ 0x20,)) + part[1:] for part in rest if part)


def commands(shell: str, lines: Iterable[Line]) -> Iterator[Typed]:
    """The commands in order."""
    if shell == "fish":
        return _fish(lines)
    if shell == "bash":
        return _bash(lines)
    return _continued(lines, "`" if shell == "powershell" else "\\")


def _continued(lines: Iterable[Line], mark: str) -> Iterator[Typed]:
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


def _one(line: Line) -> Typed:
    found = _ZSH.match(line.text)
    text, time = (found[3], found[1]) if found else (line.text, None)
    return Typed(line.number, line.offset, text, line.raw, time)


def _bash(lines: Iterable[Line]) -> Iterator[Typed]:
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


def _fish(lines: Iterable[Line]) -> Iterator[Typed]:
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

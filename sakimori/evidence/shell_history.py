"""What people typed: histories of bash, zsh, fish, PowerShell and interpreters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sakimori.evidence.collected import collected
from sakimori.evidence.found import Found, batches
from sakimori.evidence.lines import numbered
from sakimori.evidence.reader import Source
from sakimori.evidence.shell_commands import Line, commands, told, unmetafied
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

# Told by name alone: any text may be one.
_NAMES = {
    "bash": re.compile(r"\.bash_history$|\.bash_sessions/[^/]+\.history$", re.I),
    "zsh": re.compile(r"\.zsh_history$|\.zhistory$|\.zsh_sessions/[^/]+\.history$", re.I),
    "sh": re.compile(r"\.(?:ash|sh|ksh)_history$", re.I),
    "powershell": re.compile(r"ConsoleHost_history\.txt$", re.I),
    "python": re.compile(r"\.python_history$", re.I),
    "node": re.compile(r"\.node_repl_history$", re.I),
}


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


def _lines(source: Source, shell: str) -> Iterator[Line]:
    for number, offset, raw in numbered(source):
        plain = unmetafied(raw) if shell == "zsh" else raw
        text = plain.decode("utf-8", "replace").lstrip("\ufeff").rstrip("\r\n")
        yield Line(number, offset, text, raw)

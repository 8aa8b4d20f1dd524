"""Many patterns in many texts at once: parts of command lines, names and paths with `*` and `?`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import hyperscan

# The most patterns that are compiled: beyond, compiling costs more than the hunt.
MOST = 50_000
_LONGEST_TEXT = 1 << 20


def expression(type_: str, value: str) -> bytes:
    """The pattern as Hyperscan reads it: anywhere in a command line, the whole of a name or path.

    In a name or a path `*` does not leave its folder, except where the path begins with it.
    """
    lead, body = (b".*", value[1:]) if type_ == "path" and value.startswith("*") else (b"", value)
    star, one = (b".{0,256}", b".") if type_ == "command_line" else (rb"[^\\/]*", rb"[^\\/]")
    parts = (
        re.split(r"([*?])", re.sub(r"\*{2,}", "*", body)) if type_ != "command_line" else _command_parts(body)
    )
    text = b"".join(star if p == "*" else one if p == "?" else re.escape(p.encode()) for p in parts)
    return text if type_ == "command_line" else b"^" + lead + text + b"$"


def _command_parts(value: str) -> list[str]:
    # A question mark is a question mark in a command line.
    return [part for part in re.split(r"(\*)", re.sub(r"\*{2,}", "*", value).strip("*")) if part]


def is_pattern(type_: str, value: str) -> bool:
    """Whether a value must be looked for in texts, since it is not compared as a whole."""
    return type_ == "command_line" or (
        type_ in ("file_name", "path", "task", "service") and bool(re.search(r"[*?]", value))
    )


class Needles:
    """The patterns of one type, compiled. `refused` are values no machine can look for so."""

    def __init__(self, type_: str, values: Sequence[str]) -> None:
        self.refused: tuple[str, ...] = tuple(values[MOST:])
        self._values = list(values[:MOST])
        expressions = [expression(type_, value) for value in self._values]
        try:
            self._database = _compiled(expressions)
        except hyperscan.error:
            kept = [at for at, text in enumerate(expressions) if _compiles(text)]
            self.refused += tuple(v for at, v in enumerate(self._values) if at not in set(kept))
            self._values = [self._values[at] for at in kept]
            self._database = _compiled([expressions[at] for at in kept])
        self._found: list[int] = []

    def find(self, text: str) -> list[str]:
        """The values found in the text."""
        if self._database is None:
            return []
        self._found = []
        self._database.scan(text[:_LONGEST_TEXT].encode("utf-8", "replace"), match_event_handler=self._note)
        return [self._values[index] for index in dict.fromkeys(self._found)]

    def _note(self, index: int, start: int, end: int, flags: int, context: object) -> None:
        self._found.append(index)


def _compiles(text: bytes) -> bool:
    try:
        _compiled([text])
    except hyperscan.error:
        return False
    return True


def _compiled(expressions: Sequence[bytes]) -> hyperscan.Database | None:
    if not expressions:
        return None
    database = hyperscan.Database()
    flags = int(hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_DOTALL)
    database.compile(
        expressions=list(expressions),
        ids=list(range(len(expressions))),
        elements=len(expressions),
        flags=[flags] * len(expressions),
    )
    return database

"""Many texts searched in many values at once, by Hyperscan."""

from __future__ import annotations

import hashlib
import platform
import re
import string
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import hyperscan

_TAIL = b"\n" * 8
_PLAIN = frozenset((string.ascii_letters + string.digits).encode())


@dataclass(frozen=True, slots=True)
class Needle:
    """A text to find anywhere in a value, or an expression (`flags` is not None) that only narrows down."""

    text: str
    flags: str | None = None


class Scanner:
    """Finds which needles occur in a value. Expressions may come too often, never too seldom.

    Vectorscan 5.4.12 misses two-byte texts at the very end of values of 17 bytes and more, above all where a
    database holds an expression anchored to the end. So none is, and every value gets a tail.
    """

    def __init__(self, needles: Sequence[Needle], cache: Path | None = None) -> None:
        self._always = frozenset[int]()
        self._found: list[int] = []
        self._database = self._compiled(needles, cache) if needles else None

    def find(self, value: bytes) -> list[int]:
        """Indexes of the needles in the value, which is valid UTF-8; no order, no repetition."""
        self._found = found = list(self._always)
        if self._database is not None:
            self._database.scan(value + _TAIL, match_event_handler=self._note)
        return found

    def _note(self, index: int, start: int, end: int, flags: int, context: Any) -> None:
        self._found.append(index)

    def _compiled(self, needles: Sequence[Needle], cache: Path | None) -> hyperscan.Database | None:
        asked = [i for i, needle in enumerate(needles) if not _inline_flag(needle)]
        try:
            database = _database([expression(needles[i]) for i in asked], asked, cache)
        except hyperscan.error:
            # Some expression is beyond this library: find out which, and let Python alone decide about those.
            asked = [i for i in asked if needles[i].flags is None or _compiles(needles[i])]
            database = _database([expression(needles[i]) for i in asked], asked, cache)
        self._always = frozenset(range(len(needles))) - frozenset(asked)
        return database


def expression(needle: Needle) -> tuple[bytes, int]:
    """Hyperscan expression and flags of a needle."""
    single = int(hyperscan.HS_FLAG_SINGLEMATCH)
    if needle.flags is not None:
        flags = single | hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_UCP
        flags |= hyperscan.HS_FLAG_ALLOWEMPTY
        flags |= hyperscan.HS_FLAG_CASELESS if "i" in needle.flags else 0
        flags |= hyperscan.HS_FLAG_MULTILINE if "m" in needle.flags else 0
        flags |= hyperscan.HS_FLAG_DOTALL if "s" in needle.flags else 0
        return loosened(needle.text).encode(), int(flags)
    return expression_of_bytes(needle.text.encode()), single


_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{(\d+)(?:,\d*)?\}|.", re.DOTALL)


def loosened(text: str) -> str:
    """The expression with `{m,n}` as `+` or `*` and without `$`: it holds wherever the original does."""

    def loose(token: re.Match[str]) -> str:
        if token[0] in ("$", "\\Z"):
            return ""
        return token[0] if token[1] is None else "*" if int(token[1]) == 0 else "+"

    return _TOKEN.sub(loose, text)


def expression_of_bytes(text: bytes) -> bytes:
    """The expression that is just these bytes."""
    return b"".join(bytes((b,)) if b in _PLAIN else b"\\x%02x" % b for b in text)


def _inline_flag(needle: Needle) -> bool:
    # An inline flag may stand for more in one engine than in the other.
    return needle.flags is not None and re.search(r"\(\?[a-zA-Z]", needle.text) is not None


def _compiles(needle: Needle) -> bool:
    try:
        _compile([expression(needle)], [0])
    except hyperscan.error:
        return False
    return True


def _compile(expressions: Sequence[tuple[bytes, int]], ids: Sequence[int]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[text for text, _ in expressions],
        ids=list(ids),
        elements=len(ids),
        flags=[flags for _, flags in expressions],
    )
    return database


def _database(
    expressions: Sequence[tuple[bytes, int]], ids: Sequence[int], cache: Path | None
) -> hyperscan.Database | None:
    if not expressions:
        return None
    if cache is None:
        return _compile(expressions, ids)
    digest = hashlib.sha256(f"{version('hyperscan')} {platform.machine()} {platform.processor()}".encode())
    for (text, flags), index in zip(expressions, ids, strict=True):
        digest.update(b"%d %d %d " % (index, flags, len(text)) + text)
    file = cache / f"{digest.hexdigest()[:32]}.hs"
    if file.exists():
        try:
            return _loaded(file.read_bytes())
        except hyperscan.error:  # kept by another version or on another processor
            file.unlink(missing_ok=True)
    database = _compile(expressions, ids)
    _keep(file, hyperscan.dumpb(database))
    return database


def _loaded(data: bytes) -> hyperscan.Database:
    database = hyperscan.loadb(data, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return database


def _keep(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
        part.write(data)
    Path(part.name).replace(file)

"""The reader of what no log reader claims: one row a file, with hashes, kind and what it says of itself."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson

from sakimori.engine.confined import Bounds, Confined, Stopped
from sakimori.evidence.files.facts import PARSED
from sakimori.evidence.files.kinds import NOT_OPENED, UNKNOWN, agrees, kind_of
from sakimori.evidence.files.places import places
from sakimori.evidence.found import Found, batches
from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST = 256 << 20
_PIECE = 1 << 20
_TAIL = 512
Row = dict[str, Any]
Scan = Callable[[Path, Mapping[str, Any]], Sequence[Mapping[str, Any]]]
"""Rules over one file: its path on disk and its row in, a row for each rule that matches out.

Raises Stopped where a limit was hit.
"""
TAKING_APART = "sakimori.evidence.files.facts:taking_apart"


class Files:
    """Any file, once: where it lay, size, hashes, kind, and of programs and shortcuts what they say.

    Watch: it is asked last, for members that no log reader claims; what it cannot take apart is unread, with
    the reason.
    """

    name = "file"
    version = 1
    lines = False

    def __init__(self, scan: Scan | None = None, bounds: Bounds | None = None, most: int = MOST) -> None:
        self._scan, self._bounds, self._most = scan, bounds, most

    def claims(self, head: bytes) -> bool:
        """Any file."""
        return True

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """The file's row, then one for each YARA rule that matches it; why something is missing is Unread."""
        yield from batches(self._found(source, plan), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """What is said of the file, as JSON: the file itself is shown to nobody."""
        with copied(source.stream, self._most) as content:
            row = content.row(source)
        return orjson.dumps(row, option=orjson.OPT_INDENT_2).decode()

    def _found(self, source: Source, plan: Plan) -> Iterator[Found | Unread]:
        with copied(source.stream, self._most) as content:
            row = content.row(source)
            facts, why = self._taken_apart(content, row["Kind"], plan)
            row |= facts
            row["NotAnalysed"] = why or None
            matched, stopped = self._scanned(content, row)
        yield Found("file", 1, 0, row, orjson.dumps(row))
        for number, match in enumerate(matched, 2):
            yield Found("yara_match", number, 0, row | dict(match), b"")
        for reason in filter(None, (why, stopped)):
            yield Unread(1, 0, f"not analysed because {reason}")

    def _taken_apart(self, content: Content, kind: str, plan: Plan) -> tuple[Row, str]:
        if kind in NOT_OPENED:
            return (
                {},
                f"a file of this kind ({kind}) is not opened; unpack or mount it and hunt in the folder",
            )
        if kind not in PARSED:
            return {}, ""
        if content.path is None:
            return {}, content.too_large
        parsers = plan.kept(TAKING_APART, lambda: Confined(TAKING_APART, bounds=self._bounds))
        try:
            answer = parsers.ask({"path": str(content.path), "kind": kind})
        except Stopped as problem:
            return {}, str(problem)
        return answer.get("facts", {}), answer.get("damaged", "")

    def _scanned(self, content: Content, row: Row) -> tuple[Sequence[Mapping[str, Any]], str]:
        if self._scan is None or not row["Size"]:
            return (), ""
        if content.path is None:
            return (), content.too_large
        try:
            return self._scan(content.path, row), ""
        except Stopped as problem:
            return (), f"{problem} (YARA)"


@dataclass(frozen=True, slots=True)
class Content:
    """A file that was read to its end: `path` is a private copy, None where it is too large to have one."""

    path: Path | None
    size: int
    head: bytes
    tail: bytes
    entropy: float | None
    hashes: Mapping[str, str]
    too_large: str

    def row(self, source: Source) -> Row:
        """The columns that need no parser."""
        placed = places(source.path)
        kind = kind_of(self.head, self.size, self.tail)
        told = agrees(str(placed["Name"]), kind)
        return {
            **placed,
            **self.hashes,
            "Size": self.size,
            "Entropy": self.entropy,
            "Kind": kind,
            "Agrees": None if told is None else str(told).lower(),
            "Modified": source.modified or None,
        }


def is_known(head: bytes, size: int) -> bool:
    """Whether the first bytes tell what a file is; one that they do not may be a log nobody could read."""
    return kind_of(head, size) not in UNKNOWN


@contextmanager
def copied(stream: BinaryIO, most: int) -> Iterator[Content]:
    """A stream read to its end: hashes, entropy, and a private copy that is gone afterwards.

    A parser needs the file from all sides, and gets it in a process of its own, so it lies on disk.
    """
    digests = {"Md5": hashlib.md5(usedforsecurity=False), "Sha1": hashlib.sha1(usedforsecurity=False)}
    digests["Sha256"] = hashlib.sha256()
    counts = np.zeros(256, np.int64)
    size, head, tail = 0, b"", b""
    with tempfile.NamedTemporaryFile(prefix="sakimori-") as copy:
        while piece := stream.read(_PIECE):
            head = head or piece[: 1 << 16]
            size += len(piece)
            tail = (tail + piece)[-_TAIL:]
            counts += np.bincount(np.frombuffer(piece, np.uint8), minlength=256)
            for digest in digests.values():
                digest.update(piece)
            if size <= most:
                copy.write(piece)
        copy.flush()
        # The hash of nothing stands in many a list of bad files.
        hashes = {name: digest.hexdigest() for name, digest in digests.items()} if size else {}
        yield Content(
            path=Path(copy.name) if size <= most else None, size=size, head=head, tail=tail,
            entropy=entropy(counts, size), hashes=hashes, too_large=f"it is larger than {most >> 20} MB",
        )  # fmt: skip


def entropy(counts: np.ndarray[Any, np.dtype[np.int64]], size: int) -> float | None:
    """Bits a byte, by how often each byte occurs; None for nothing."""
    if not size:
        return None
    share = counts[counts > 0] / size
    return abs(round(float(-(share * np.log2(share)).sum()), 3))

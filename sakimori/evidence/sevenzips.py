"""7z archives as streams: py7zr pushes, a reader pulls, a short queue stands between them."""

from __future__ import annotations

import contextlib
import io
import lzma
import queue
import struct
import threading
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import py7zr
from py7zr.exceptions import ArchiveError, PasswordRequired
from py7zr.io import Py7zIO, WriterFactory

from sakimori.evidence.archives import Entry, Skipped
from sakimori.evidence.limits import Limits

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAGIC = b"7z\xbc\xaf\x27\x1c"
# Small input blocks keep what one step may unfold to small.
_BLOCK = 1 << 15
_WAITING = 4
# What py7zr raises on hostile or damaged bytes: it indexes into what it read without asking first.
_BROKEN = (
    ArchiveError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    TypeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
_ENCRYPTED = "it is encrypted; unpack it with its password and hunt in the folder"


def entries(file: BinaryIO, length: int, limits: Limits) -> Iterator[Entry | Skipped]:
    """The files of a 7z of `length` bytes in the order of its packed streams."""
    try:
        archive = py7zr.SevenZipFile(file, blocksize=_BLOCK)
        files = {info.filename: info for info in archive.list() if not info.is_directory}
        sizes = [int(info.uncompressed or 0) for info in files.values()]
        encrypted = archive.needs_password()
    except PasswordRequired:
        yield Skipped("", _ENCRYPTED)
        return
    except _BROKEN as damage:
        yield Skipped("", f"its directory cannot be read ({_said(damage)})")
        return
    why = _ENCRYPTED if encrypted else limits.excess(sum(sizes), length)
    if why:
        yield Skipped("", why)
        return
    yield from (
        Skipped(n, "it is a link, and links are never followed") for n, i in files.items() if i.is_symlink
    )
    yield from _unpacked(archive, {name: int(i.uncompressed or 0) for name, i in files.items() if i.is_file})


def _unpacked(archive: py7zr.SevenZipFile, sizes: dict[str, int]) -> Iterator[Entry | Skipped]:
    pipe = _Pipe()
    worker = threading.Thread(target=_push, args=(archive, list(sizes), pipe), daemon=True)
    worker.start()
    try:
        while (event := pipe.take()) is not None:
            if isinstance(event, str):
                stream = _Stream(pipe)
                yield Entry(event, stream, sizes.get(event))
                stream.skip()
        if pipe.damage:
            yield Skipped("", f"it cannot be read further ({pipe.damage})")
    finally:
        pipe.abandon()
        worker.join()


def _push(archive: py7zr.SevenZipFile, names: list[str], pipe: _Pipe) -> None:
    # The reader may leave at any moment, also between the last piece and the word that it was the last.
    with contextlib.suppress(_Abandoned):
        try:
            archive.extract(targets=names, factory=_Factory(pipe))
        except PasswordRequired:
            pipe.damage = _ENCRYPTED
        except _BROKEN as damage:
            pipe.damage = _said(damage)
        pipe.put(None)


def _said(damage: BaseException) -> str:
    return str(damage) or type(damage).__name__


class _Abandoned(BaseException):
    """The reader went away; not an Exception, so that nothing on the way swallows it."""


class _Pipe:
    """Names (a file begins), its pieces, and None (the end); `damage` says why the end came early."""

    def __init__(self) -> None:
        self._queue: queue.Queue[str | bytes | None] = queue.Queue(_WAITING)
        self._left = threading.Event()
        self._peeked: list[str | bytes | None] = []
        self.damage = ""

    def put(self, event: str | bytes | None) -> None:
        while not self._left.is_set():
            try:
                return self._queue.put(event, timeout=0.2)
            except queue.Full:
                continue
        raise _Abandoned

    def take(self) -> str | bytes | None:
        return self._peeked.pop() if self._peeked else self._queue.get()

    def give_back(self, event: str | bytes | None) -> None:
        self._peeked.append(event)

    def abandon(self) -> None:
        self._left.set()


class _Stream(io.RawIOBase):
    """The pieces of one file out of the pipe."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe
        self._piece = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        if not self._piece and not self._next():
            return 0
        count = min(len(view), len(self._piece))
        view[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count

    def skip(self) -> None:
        while self._ended is False and self._next():
            pass

    def _next(self) -> bool:
        if self._ended:
            return False
        event = self._pipe.take()
        if isinstance(event, bytes):
            self._piece = event
            return True
        self._ended = True
        self._pipe.give_back(event)
        if event is None and self._pipe.damage:
            raise EOFError(self._pipe.damage)
        return False


class _Factory(WriterFactory):  # type: ignore[misc]
    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    def create(self, filename: str) -> Py7zIO:
        self._pipe.put(filename)
        return _Writer(self._pipe)


class _Writer(Py7zIO):  # type: ignore[misc]
    """What py7zr takes for a file: writes go into the pipe, the rest answers as little as it may."""

    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe
        self._size = 0

    def write(self, s: bytes | bytearray) -> int:
        for start in range(0, len(s), 1 << 20):
            self._pipe.put(bytes(s[start : start + (1 << 20)]))
        self._size += len(s)
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def flush(self) -> None:
        return None

    def size(self) -> int:
        return self._size

"""Compressed streams as plain ones: gzip, Zstandard, bzip2, xz, and the raw deflate of zip."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import sys
import tarfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol

from sakimori.evidence.limits import Limits, Unfolding

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PIECE = 1 << 16
# Real writers end a frame after kilobytes; frames without content only cost time.
_FRAMES = 10_000
_SMALL_FRAME = 64
# What decoders raise on damaged or truncated input.
DAMAGE = (
    EOFError,
    OSError,
    ValueError,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
    struct.error,
    tarfile.TarError,
)


class Decoder(Protocol):
    """The shape bz2, lzma and zstd decompressors share; zlib is brought to it by `Deflate`."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class Deflate:
    """zlib's decompressor in the shape of the others; `window` is zlib's wbits."""

    def __init__(self, window: int) -> None:
        self._inner = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


def gzip() -> Decoder:
    """One gzip member, its checksum verified."""
    return Deflate(31)


def deflate() -> Decoder:
    """Raw deflate as it stands in a zip."""
    return Deflate(-15)


def xz() -> Decoder:
    """One xz stream; its dictionary may take at most 256 MB."""
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=256 << 20)


def zstandard() -> Decoder:
    """One Zstandard frame; its window may take at most 128 MB."""
    return zstd.ZstdDecompressor()


# First bytes -> decoder. Zstandard's skippable frames stand before the first frame of some logs.
STREAMS: tuple[tuple[tuple[bytes, ...], Callable[[], Decoder]], ...] = (
    ((b"\x1f\x8b\x08",), gzip),
    (
        (b"\x28\xb5\x2f\xfd", *(bytes((n, 0x2A, 0x4D, 0x18)) for n in range(0x50, 0x60))),
        zstd.ZstdDecompressor,
    ),
    (tuple(b"BZh%d1AY&SY" % level for level in range(1, 10)), bz2.BZ2Decompressor),
    ((b"\xfd7zXZ\x00",), xz),
)


def decoder_of(head: bytes) -> Callable[[], Decoder] | None:
    """What unpacks a stream that starts so; None for a stream that is not compressed."""
    return next((decoder for magics, decoder in STREAMS if head.startswith(magics)), None)


class Unpacked(io.RawIOBase):
    """The plain bytes of a compressed stream, one frame after another.

    Raises one of DAMAGE on bad input and Unfolding when more comes out than the limits allow, but only after
    what could be unpacked has been handed out.
    """

    def __init__(self, packed: BinaryIO | io.RawIOBase, new: Callable[[], Decoder], limits: Limits) -> None:
        self._packed = packed
        self._new = new
        self._decoder = new()
        self._rest = b""
        self._limits = limits
        self._in = self._out = self._frames = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._decoder.eof or self._next_frame():
            plain = self._decoder.decompress(self._input(), len(view))
            if plain:
                view[: len(plain)] = plain
                self._count(len(plain))
                return len(plain)
        return 0

    def _input(self) -> bytes:
        if not self._decoder.needs_input:
            return b""
        data, self._rest = self._rest or self._packed.read(_PIECE) or b"", b""
        if not data:
            raise EOFError("the end of the compressed data is missing")
        self._in += len(data)
        return data

    def _next_frame(self) -> bool:
        # gzip allows zeros between and after members; an empty rest is the end.
        rest = self._decoder.unused_data.lstrip(b"\0")
        while not rest:
            more = self._packed.read(_PIECE)
            if not more:
                return False
            rest = more.lstrip(b"\0")
        self._rest, self._decoder = rest, self._new()
        self._frames += 1
        if self._frames > _FRAMES and self._out < self._frames * _SMALL_FRAME:
            raise Unfolding(f"it consists of more than {_FRAMES:,} frames that hold nothing")
        return True

    def _count(self, plain: int) -> None:
        self._out += plain
        excess = self._limits.excess(self._out, self._in)
        if excess:
            raise Unfolding(excess)

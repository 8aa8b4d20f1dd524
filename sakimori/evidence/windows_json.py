"""Windows events as JSON, whichever exporter wrapped them; each exporter is one dialect.

The fast way: two keys are looked for in the bytes of an object, they name the stream, and the object is
decoded into a struct that has that stream's fields only, so that rendered messages are never built. Whatever
looks unusual, or turns out not to be what the bytes promised, is decoded whole, straightened by its dialect,
and becomes the same struct.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import orjson

from sakimori.evidence.reader import Source
from sakimori.evidence.windows_logs import WindowsStreams
from sakimori.records.batch import BatchBuilder, Builders, text_of
from sakimori.records.plan import Plan, Stream

_MOST_KNOWN = 20_000
_LONGEST_CHANNEL = 256  # Windows allows 255 characters
_NO_EVENT = (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError, RecursionError)

Getter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How the records of one stream are decoded and read.

    `type` is the struct, `getters` read one column each. `identity` gives channel and event id of a decoded
    row, and behind them fields that only unusual events have: where one of them is there, or where the bytes
    of the object hold any of `doubts`, the object is decoded whole.
    """

    type: type[msgspec.Struct]
    getters: Sequence[Getter]
    identity: Callable[[Any], tuple[Any, ...]]
    unusual: int = 0  # how many such fields `identity` gives
    doubts: tuple[bytes, ...] = ()


class Dialect(Protocol):
    """What differs from exporter to exporter."""

    event_key: bytes  # `"EventID":`
    channel_key: bytes  # `"Channel":`

    def claims(self, record: Mapping[str, Any]) -> bool:
        """Whether a decoded object is one of this exporter's events."""
        ...

    def shape(self, stream: Stream) -> Shape:
        """How records of this stream are decoded."""
        ...

    def straighten(self, record: dict[str, Any]) -> dict[str, Any]:
        """The object in the structs' plain layout; KeyError, TypeError or ValueError where it has none."""
        ...

    def named(self, record: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
        """Channel, provider and event id of a straightened object."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """A stream as the bytes of one file name it."""

    stream: Stream
    decode: Callable[[bytes], Any]
    identity: Callable[[Any], tuple[Any, ...]]
    identities: frozenset[tuple[Any, ...]]
    doubts: tuple[bytes, ...]

    def row(self, text: bytes) -> Any:
        """The decoded row, None where the object must be decoded whole."""
        for doubt in self.doubts:
            if doubt in text:
                return None
        try:
            row = self.decode(text)
            return row if self.identity(row) in self.identities else None
        except _NO_EVENT:
            return None


class JsonEvents:
    """One member's events in one dialect: from the bytes of an object to a row of a stream."""

    def __init__(self, dialect: Dialect, plan: Plan, source: Source) -> None:
        self._dialect = dialect
        self._streams = plan.kept(WindowsStreams, lambda: WindowsStreams(plan))
        self._shapes: dict[str, Shape] = plan.kept((Shape, type(dialect)), dict)
        self._event_key = _as_spelled(dialect.event_key, source.head)
        self._channel_key = _as_spelled(dialect.channel_key, source.head) + b'"'
        self._find_event, self._find_channel = (
            _from_nearer_end(key, source.head) for key in (self._event_key, self._channel_key)
        )
        spelling = (_Known, type(dialect), self._event_key, self._channel_key)
        self._known: dict[tuple[bytes, bytes], _Known | None] = plan.kept(spelling, dict)
        self._source = source

    def builders(self) -> Builders:
        """Builders that read this dialect's rows."""
        return self._source.builders(
            type(self._dialect),
            lambda stream: BatchBuilder(stream, self._source.zone, self._shape(stream).getters),
        )

    def row(self, text: bytes) -> tuple[Stream, Any] | str | None:
        """The stream and row of one object, the reason why there is none, or None for a blank line."""
        known = self._peek(text)
        if known is not None:
            row = known.row(text)
            if row is not None:
                return known.stream, row
        return self._whole(text)

    def _peek(self, text: bytes) -> _Known | None:
        at = self._find_event(text, self._event_key)
        start = self._find_channel(text, self._channel_key)
        if at < 0 or start < 0:
            return None
        at += len(self._event_key)
        start += len(self._channel_key)
        end = text.find(b'"', start, start + _LONGEST_CHANNEL)
        if end < 0:
            return None
        key = (text[at : text.find(b",", at, at + 10)], text[start:end])
        if key in self._known:
            return self._known[key]
        known = self._meet(*key)
        if len(self._known) < _MOST_KNOWN:
            self._known[key] = known
        return known

    def _meet(self, event: bytes, channel: bytes) -> _Known | None:
        digits = event.strip(b' "')
        if not (digits.isdigit() and len(digits) <= 5 and channel.isascii()) or b"\\" in channel:
            return None
        name, event_id = channel.decode(), str(int(digits))
        if self._streams.by_provider(name):
            return None
        stream = self._streams.stream(name, None, event_id)
        shape = self._shape(stream)
        usual = (None,) * shape.unusual
        identities = frozenset({(name, event_id, *usual), (name, int(digits), *usual)})
        decode = msgspec.json.Decoder(shape.type).decode
        return _Known(stream, decode, shape.identity, identities, shape.doubts)

    def _shape(self, stream: Stream) -> Shape:
        shape = self._shapes.get(stream.key)
        if shape is None:
            shape = self._shapes[stream.key] = self._dialect.shape(stream)
        return shape

    def _whole(self, text: bytes) -> tuple[Stream, Any] | str | None:
        record = whole_object(text)
        return self.laid_out(record) if isinstance(record, dict) else record

    def laid_out(self, record: dict[str, Any]) -> tuple[Stream, Any] | str:
        """The stream and row of a decoded object, or the reason why it is no event."""
        try:
            plain = self._dialect.straighten(record)
            stream = self._streams.stream(*self._dialect.named(plain))
            return stream, msgspec.convert(plain, self._shape(stream).type)
        except _NO_EVENT:
            return "JSON, but not laid out as a Windows event"


def whole_object(text: bytes) -> dict[str, Any] | str | None:
    """The object in these bytes, the reason why there is none, or None for a blank line."""
    stripped = text.removeprefix(b"\xef\xbb\xbf").strip()
    if not stripped:
        return None
    try:
        record = orjson.loads(stripped)
    except orjson.JSONDecodeError as problem:
        record = _with_surrogates(stripped)
        if record is None:
            return _reason(text, problem)
    return record if isinstance(record, dict) else "not a JSON object"


def text_or_none(value: Any) -> str | None:
    """A header value as text: 1 and "1" are both `1`; lists and mappings are no header values."""
    if value is None or isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


class Translated:
    """A getter that looks its field's value up in a table; None where the table has no answer."""

    def __init__(self, get: Getter, table: Mapping[str, str]) -> None:
        self._get = get
        self._table: dict[Any, str] = dict(table)
        self._table.update({int(name): value for name, value in table.items() if name.isdigit()})

    def __call__(self, row: Any) -> str | None:
        value = self._get(row)
        return self._table.get(value) if isinstance(value, (str, int)) else None

    def column(self, rows: Sequence[Any]) -> list[str | None]:
        """The values of many rows."""
        try:
            return list(map(self._table.get, map(self._get, rows)))
        except TypeError:  # a list or mapping among them
            return list(map(self, rows))


def one_text(value: Any) -> Any:
    """Several texts joined by line ends, anything else as it is; EventData without names is such a list."""
    return "\n".join(text_of(part) or "" for part in value) if type(value) is list else value


def _reason(text: bytes, problem: orjson.JSONDecodeError) -> str:
    try:
        text.decode()
    except UnicodeDecodeError:
        return "not UTF-8"
    if text.endswith(b"\n"):
        return f"not JSON: {problem.msg}"
    return "the last line ends early"


def _with_surrogates(text: bytes) -> Any:
    """The object for all half surrogate pairs, which Windows names may hold and orjson refuses."""
    if b"\\ud" not in text.lower():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _from_nearer_end(key: bytes, head: bytes) -> Callable[[bytes, bytes], int]:
    """How to look for a key: exporters differ in where it stands, and a search costs as much as it passes."""
    lines = [line for line in head.split(b"\n")[:20] if key in line]
    passed = sum(line.find(key) / len(line) for line in lines)
    return bytes.rfind if passed > len(lines) / 2 else bytes.find


def _as_spelled(key: bytes, head: bytes) -> bytes:
    # Python's json writes a space behind the colon, most others none.
    return key + b" " if key + b" " in head else key

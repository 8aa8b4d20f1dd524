"""Objects of JSON evidence with their places: one a line, or inside one document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import orjson

from sakimori.evidence.lines import LONGEST_LINE, numbered
from sakimori.evidence.reader import HEAD_BYTES, Source

BOM = b"\xef\xbb\xbf"
_CHUNK = 1 << 20
_SPACE = re.compile("[\\s,\xef\xbb\xbf]*")  # with the byte order mark, as Latin-1 shows it
_BLANK = re.compile(r"\s*")
_NEXT_OBJECT = re.compile(r"\}\s*,?\s*(?=\{)")
# Keys under which interfaces hand over records: Defender's portal and Graph, Azure, OData, search engines.
_LISTS = frozenset(
    {
        "results",
        "records",
        "value",
        "values",
        "events",
        "data",
        "logs",
        "items",
        "hits",
        "entries",
        "findings",
    }
)
# What a record has and a wrapper has not: an activity of Google Workspace has a list of events of its own.
_OF_RECORDS = frozenset({"id", "actor", "eventname", "eventtype", "timestamp", "time", "@timestamp"})


@dataclass(frozen=True, slots=True)
class Item:
    """One object and its place, or, with `value` None, the reason why there is none."""

    record: int
    offset: int
    raw: bytes
    value: dict[str, Any] | None
    reason: str = ""


def of_lines(source: Source) -> Iterator[Item]:
    """The object of each line that is not blank; `record` is the line number."""
    for number, offset, line in numbered(source):
        text = line.removeprefix(BOM).strip()
        if text:
            value, reason = _load(text)
            if value is None and not line.endswith(b"\n"):
                reason = f"last line ends early: {reason}"
            yield Item(number, offset, line, value, reason)


def _load(text: bytes) -> tuple[dict[str, Any] | None, str]:
    if len(text) > LONGEST_LINE:
        return None, "longer than 32 MB"
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        return None, f"not JSON: {problem.msg}"
    return (value, "") if isinstance(value, dict) else (None, "not a JSON object")


def first_line(head: bytes) -> dict[str, Any] | None:
    """The object on the first line that is not blank; None where it is something else, or longer."""
    for line in head.removeprefix(BOM).splitlines()[:20]:
        if line.strip():
            return _load(line)[0]
    return None


def is_wrapper(value: dict[str, Any] | None) -> bool:
    """Whether an object is no record but holds a list of them: `{"Records": [{...}]}`."""
    if value is None or not _OF_RECORDS.isdisjoint(map(str.lower, value)):
        return False
    lists = (inner for key, inner in value.items() if key.lower() in _LISTS and isinstance(inner, list))
    return any(isinstance(one, dict) for inner in lists for one in inner[:1])


def first_of_document(head: bytes) -> dict[str, Any] | None:
    """The first object inside a JSON document that begins with `head`."""
    text = head.removeprefix(BOM).lstrip()
    if not text.startswith((b"[", b"{")):
        return None
    found = next(of_document(Source(path="", stream=BytesIO(head[:HEAD_BYTES]), head=head)), None)
    return None if found is None else found.value


def of_document(source: Source) -> Iterator[Item]:
    """Objects in a list, in a wrapper's list (`{"Results": [...]}`), or one after another; numbered from 1.

    The document is never held whole. A damaged object becomes an Item with a reason, and reading goes on at
    the next one.
    """
    return _Document(source).items()


def object_at(source: Source, number: int) -> str | None:
    """The text of object `number` of a document, None where there is none."""
    for item in of_document(source):
        if item.record >= number:
            return item.raw.decode("utf-8", "backslashreplace") if item.record == number else None
    return None


class _Trouble(Exception):
    """The text at hand is no JSON; `offset` is where."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.reason, self.position = reason, position


class _Document:
    """A window over the document, as Latin-1 text: a character is a byte, so places are exact."""

    def __init__(self, source: Source) -> None:
        self._stream = source.stream
        self._record = source.record
        self._base = source.offset  # byte offset of the window's first character
        self._text = ""
        self._at = 0
        self._ended = False
        self._in_list = False
        self._in_wrapper = False
        self._resumed = False  # after damage nothing is taken for a wrapper any more
        self._decoder = json.JSONDecoder(strict=False)

    def items(self) -> Iterator[Item]:
        while character := self._peek(_SPACE):
            try:
                yield from self._top(character)
            except _Trouble as trouble:
                yield self._refuse(trouble)
        if self._in_list:
            yield Item(self._record, self._base + self._at, b"", None, "the document ends inside its list")

    def _top(self, character: str) -> Iterator[Item]:
        """The next thing: an object, the start or end of a list, or a wrapper down to its list."""
        if character == "[" and not self._in_list:
            self._at, self._in_list = self._at + 1, True
        elif character == "]":
            self._at, self._in_list = self._at + 1, False
            self._leave_wrapper()
        elif character == "}":
            self._at += 1
        elif character != "{":
            yield self._stray()
        elif self._in_list or self._resumed or not self._enter_wrapper():
            yield self._object()

    def _enter_wrapper(self) -> bool:
        """Moves behind the `[` of the wrapper's list; False, without moving, where the object is a record."""
        start = self._at
        self._at += 1
        while self._peek(_SPACE) == '"':
            key = self._key()
            if key in _OF_RECORDS:
                break
            if key in _LISTS and self._peek(_BLANK) == "[" and self._opens_records():
                self._in_list = self._in_wrapper = True
                return True
            self._decode()
            if self._at - start > LONGEST_LINE:
                raise _Trouble("longer than 32 MB", self._at)
        self._at = start
        return False

    def _leave_wrapper(self) -> None:
        """Skips what stands behind the list, up to the end of the wrapper."""
        while self._in_wrapper and self._peek(_SPACE) == '"':
            self._key()
            self._decode()
            self._forget()
        self._in_wrapper = False

    def _key(self) -> str:
        key = self._decode()
        if self._peek(_BLANK) != ":":
            raise _Trouble("not JSON: a name without a value", self._at)
        self._at += 1
        self._peek(_BLANK)
        return str(key).lower()

    def _opens_records(self) -> bool:
        before = self._at
        self._at += 1
        if self._peek(_SPACE) in ("{", "]"):
            return True
        self._at = before
        return False

    def _stray(self) -> Item:
        start = self._at
        self._decode()
        self._record += 1
        return Item(self._record - 1, self._base + start, b"", None, "not a JSON object")

    def _object(self) -> Item:
        start = self._at
        self._decode()
        raw = self._text[start : self._at].encode("latin-1")
        value, reason = _load(raw)
        item = Item(self._record, self._base + start, raw, value, reason)
        self._record += 1
        self._forget()
        return item

    def _refuse(self, trouble: _Trouble) -> Item:
        offset = self._base + self._at
        item = Item(self._record, offset, b"", None, trouble.reason)
        self._record += 1
        self._resumed = True
        self._at = max(self._at + 1, min(trouble.position, len(self._text)))
        self._seek_object()
        return item

    def _seek_object(self) -> None:
        while True:
            found = _NEXT_OBJECT.search(self._text, self._at)
            if found:
                self._at = found.end()
                return
            self._at = max(self._at, len(self._text) - 64)
            self._forget()
            if not self._more():
                self._at = len(self._text)
                return

    def _decode(self) -> Any:
        """The JSON value at hand; reads on until it is whole."""
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as problem:
                self._need(problem)
            except RecursionError:
                raise _Trouble("nested too deeply", self._at + 1) from None
            else:
                if end < len(self._text) or self._ended or not self._more():
                    self._at = end
                    return value

    def _need(self, problem: json.JSONDecodeError) -> None:
        cut = problem.msg.startswith("Unterminated string") or problem.pos >= len(self._text) - 16
        if len(self._text) - self._at > LONGEST_LINE:
            raise _Trouble("longer than 32 MB", len(self._text))
        if not cut:
            raise _Trouble(f"not JSON: {problem.msg}", problem.pos)
        if not self._more():
            raise _Trouble(f"ends early: {problem.msg}", len(self._text))

    def _peek(self, skipped: re.Pattern[str]) -> str:
        """The next character that counts; empty at the end."""
        while True:
            found = skipped.match(self._text, self._at)
            self._at = self._at if found is None else found.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Reads as much again as the window holds, so that a long object costs a handful of attempts."""
        if self._ended:
            return False
        data = self._stream.read(max(_CHUNK, len(self._text) - self._at))
        self._ended = not data
        self._text += data.decode("latin-1")
        return bool(data)

    def _forget(self) -> None:
        """Lets go of what lies behind, now and then."""
        if self._at > _CHUNK:
            self._text, self._base, self._at = self._text[self._at :], self._base + self._at, 0

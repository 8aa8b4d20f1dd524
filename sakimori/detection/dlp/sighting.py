"""What of a register a record's texts hold: kinds, lengths and keyed hashes, never the values themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sakimori.detection.dlp.identifiers import found_in
from sakimori.detection.dlp.key import keyed
from sakimori.detection.dlp.register import Entry, Register
from sakimori.detection.dlp.shingles import plain, resolved, shingles

_HASH = re.compile(r"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![0-9a-fA-F])")
_TOKEN = re.compile(r"[^\s/\\?&=;,\"'<>()\[\]{}|]+")
_NAME = re.compile(r"[^/\\?#]+")
PIECES = 2  # shingles of one text, fewer are chance


@dataclass(frozen=True, slots=True)
class Sighted:
    """An entry's kind and label, how long what was met is, and its keyed hash."""

    kind: str
    label: str
    length: int
    hash: str


class Looking:
    """A register made ready for many texts."""

    def __init__(self, register: Register, key: bytes) -> None:
        self._key = key
        self._known = {
            kind: {one: entry.label for entry in _of(register, kind) for one in entry.hashes}
            for kind in ("document", "text", "value")
        }
        self._patterns = [(p, entry.label) for entry in _of(register, "class") for p in entry.patterns]
        named = _of(register, "identifier")
        self._identifiers = {name: entry.label for entry in named for name in entry.identifiers}

    def of(self, texts: Iterable[str], names: Iterable[str], hashes: Iterable[str]) -> tuple[Sighted, ...]:
        """What is sighted in a record's texts, its files' names and their hashes, each once."""
        told = [*texts, *names]
        found = [s for text in told for s in (*self._texts(text), *self._values(text), *self._checked(text))]
        found += [s for name in names for s in self._named(name)]
        found += [s for text in hashes for s in self._documents(text)]
        return tuple(dict.fromkeys(found))

    def _documents(self, text: str) -> Iterator[Sighted]:
        for match in _HASH.finditer(text):
            one = keyed(self._key, "document", match[0].lower())
            if label := self._known["document"].get(one):
                yield Sighted("document", label, 0, one)

    def _texts(self, text: str) -> Iterator[Sighted]:
        if not self._known["text"]:
            return
        met: dict[str, list[str]] = {}
        for piece in set(shingles(text)):
            one = keyed(self._key, "text", piece)
            if label := self._known["text"].get(one):
                met.setdefault(label, []).append(one)
        for label, pieces in met.items():
            if len(pieces) >= PIECES:
                yield Sighted("text", label, len(text), min(pieces))

    def _values(self, text: str) -> Iterator[Sighted]:
        if not self._known["value"]:
            return
        for token in set(_TOKEN.findall(plain(text))):
            one = keyed(self._key, "value", token)
            if label := self._known["value"].get(one):
                yield Sighted("value", label, len(token), one)

    def _checked(self, text: str) -> Iterator[Sighted]:
        for found in found_in(resolved(text), frozenset(self._identifiers)):
            label = self._identifiers[found.kind]
            yield Sighted(found.kind, label, len(found.plain), keyed(self._key, "identifier", found.plain))

    def _named(self, text: str) -> Iterator[Sighted]:
        last = next(reversed(_NAME.findall(text)), "").casefold()
        for pattern, label in self._patterns:
            if last and fnmatchcase(last, pattern):
                yield Sighted("class", label, len(last), keyed(self._key, "class", last))


def _of(register: Register, kind: str) -> list[Entry]:
    return [entry for entry in register.entries if entry.kind == kind]

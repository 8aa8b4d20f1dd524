"""Entries of files, texts, values, names of files and kinds of identifiers; only keyed hashes stay."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sakimori.detection.dlp.identifiers import KINDS
from sakimori.detection.dlp.key import keyed
from sakimori.detection.dlp.register import Entry
from sakimori.detection.dlp.shingles import plain, shingles
from sakimori.errors import UsageError
from sakimori.masking import masked

_CHUNK = 1 << 20
# Shorter ones are met by chance; longer ones are keys.
_SHORTEST, _LONGEST = 6, 40
_NEVER = (
    "it has the shape of a seed phrase, a private key or a My Number. Those are never looked for, not even "
    "as a hash; take it out."
)
ALGORITHMS = ("sha256", "sha1", "md5")  # those that logs name files by


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering:
    """Makes entries under one label and owner; `day` is today's date."""

    key: bytes
    label: str
    owner: str
    day: str

    def documents(self, files: Sequence[Path]) -> Entry:
        """Files by the hashes that logs may name them by."""
        hashes = [h for file in files for h in self._hashes(file)]
        return self._entry("document", hashes=hashes)

    def texts(self, files: Sequence[Path]) -> Entry:
        """Text files by their shingles.

        Raises UsageError where one is no text, too short to be known, or holds what is never looked for.
        """
        found: set[str] = set()
        for file in files:
            text = _text(file)
            if masked(text) != text:
                raise UsageError(f"{file}: {_NEVER}")
            some = {keyed(self.key, "text", piece) for piece in shingles(text)}
            if not some:
                raise UsageError(f"{file} has no run of words long enough to be known again.")
            found |= some
        return self._entry("text", hashes=found)

    def values(self, file: Path) -> Entry:
        """Lines of a file, each a value such as a customer's number.

        Raises UsageError for a line that is too short, or has the shape of what is never looked for.
        """
        lines = [line.strip() for line in _text(file).splitlines() if line.strip()]
        for at, line in enumerate(lines, 1):
            if masked(line) != line:
                raise UsageError(f"{file}, line {at}: {_NEVER}")
            if not _SHORTEST <= len(plain(line)) <= _LONGEST or len(line.split()) > 1:
                raise UsageError(
                    f"{file}, line {at}: a value is one word of {_SHORTEST} to {_LONGEST} signs."
                )
        return self._entry("value", hashes={keyed(self.key, "value", plain(line)) for line in lines})

    def classes(self, patterns: Sequence[str]) -> Entry:
        """Names of files, with `*` and `?`. Raises UsageError for one that every file has."""
        if bad := [p for p in patterns if len(p.strip("*?. ")) < 2]:
            raise UsageError(f"the name {bad[0]} fits nearly every file; say more of it.")
        return self._entry("class", patterns=tuple(sorted({p.casefold() for p in patterns})))

    def identifiers(self, names: Sequence[str]) -> Entry:
        """Kinds of identifiers that carry a check. Raises UsageError for unknown ones."""
        if bad := sorted(set(names) - set(KINDS)):
            known = ", ".join(KINDS)
            raise UsageError(
                f"{bad[0]} is none of {known}. Seed phrases, keys and My Numbers are not looked for."
            )
        return self._entry("identifier", identifiers=tuple(sorted(set(names))))

    def _hashes(self, file: Path) -> list[str]:
        made = [hashlib.new(name, usedforsecurity=False) for name in ALGORITHMS]
        try:
            with file.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    for one in made:
                        one.update(chunk)
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
        if made[0].hexdigest() == hashlib.sha256().hexdigest():
            raise UsageError(f"{file} is empty: every empty file would be taken for it.")
        return [keyed(self.key, "document", one.hexdigest()) for one in made]

    def _entry(
        self, kind: str, *, hashes: Iterable[str] = (), patterns: tuple[str, ...] = (),
        identifiers: tuple[str, ...] = (),
    ) -> Entry:  # fmt: skip
        return Entry(
            kind=kind, label=self.label, owner=self.owner, added=self.day, hashes=tuple(sorted(set(hashes))),
            patterns=patterns, identifiers=identifiers,
        )  # fmt: skip


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(
            f"{file} is no text in UTF-8; register it as a document, or save it as text."
        ) from None

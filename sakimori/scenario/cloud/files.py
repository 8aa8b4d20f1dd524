"""Files as the services hand them over: lists inside one JSON document, gzip, CSV; a new one each day."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO, cast

from sakimori.scenario.journal import DayFile, day_text


class DocumentFile(DayFile):
    """Records in the list of one JSON document; a record's number counts objects, as readers count them."""

    _listed = 0

    def turn(self, day: int) -> None:
        """Close the document of the day before and open that of `day`."""
        super().turn(day)
        self._listed = 0

    def write(self, texts: list[str], tags: list[int]) -> None:
        """Members of the list; those with a tag are told to the witness."""
        for text, tag in zip(texts, tags, strict=True):
            if self._listed:
                self._text(",\n")
            self._listed += 1
            if tag:
                self.witness(tag, self._path, self._listed, self.bytes)
            self._text(text.rstrip("\n"))
        self.records += len(texts)


class PackedFile(DocumentFile):
    """The same in gzip, without a time of packing, so that the same records are the same bytes."""

    def turn(self, day: int) -> None:
        """Close the document of the day before and open that of `day`."""
        self.close()
        self.day, self.lines, self.bytes, self._listed = day, 0, 0, 0
        self._path = self.name.format(day=day_text(day), path=day_text(day).replace("-", "/"))
        path = self.root / self._path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = cast(IO[bytes], _Packed(path))
        self._text(self.head.format(day=day_text(day)))


class _Packed(gzip.GzipFile):
    def __init__(self, path: Path) -> None:
        self._under = path.open("wb")
        super().__init__(filename="", mode="wb", fileobj=self._under, mtime=0, compresslevel=6)

    def close(self) -> None:
        """Close the packed stream and the file below it."""
        super().close()
        self._under.close()

"""Plain readings of what a scenario wrote, for tests: lines, documents, rows."""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sakimori.scenario.generate import Summary, write_scenario

SMALL: dict[str, Any] = {"hosts": 9, "days": 5, "rate": 60, "people": 24}


@dataclass(frozen=True)
class Written:
    """A scenario and its truth."""

    summary: Summary
    truth: dict[str, Any]

    @property
    def root(self) -> Path:
        """Where the evidence stands."""
        return self.summary.evidence

    def files(self, pattern: str) -> list[Path]:
        """Evidence files of a pattern, in order."""
        return sorted(path for path in self.root.rglob(pattern) if path.is_file())


def wrote(out: Path, **asked: Any) -> Written:
    """A small scenario, unless asked otherwise."""
    summary = write_scenario(out, **{**SMALL, "kind": "windows", "seed": 1, **asked})
    return Written(summary, json.loads(summary.truth.read_text()))


def events(written: Written) -> Iterator[dict[str, Any]]:
    """Every Windows event."""
    for path in written.files("*.ndjson"):
        with path.open() as lines:
            yield from map(json.loads, lines)


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, or of a Zeek log."""
    if path.suffix == ".csv":
        with path.open(newline="") as text:
            return list(csv.DictReader(text))
    lines = path.read_text().splitlines()
    names = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines if not line.startswith("#")]


def content(path: Path) -> bytes:
    """What the file holds, unpacked."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def documents(path: Path) -> list[dict[str, Any]]:
    """The records of a JSON file: one a line, or the list of one document."""
    text = content(path)
    if text.split(b"\n", 1)[0].endswith(b"["):
        whole = json.loads(text)
        found: list[dict[str, Any]] = whole.get("value") or whole["Records"]
        return found
    return [json.loads(line) for line in text.splitlines()]


def keys(path: Path) -> list[dict[str, str]]:
    """The messages of a gateway as their keys and values."""
    pairs = re.compile(r'(\w+)=(?:"([^"]*)"|(\S*))')
    lines = path.read_text().splitlines()
    return [{name: quoted or bare for name, quoted, bare in pairs.findall(line)} for line in lines]


def records(path: Path) -> list[dict[str, Any]]:
    """The records of an export of the cloud, whatever it is."""
    return rows(path) if path.suffix == ".csv" else keys(path) if path.suffix == ".log" else documents(path)


def bare_of(path: Path, mark: bytes) -> list[bytes]:
    """The lines of a file that carry no mark, though they are records and neither heading nor bracket."""
    lines = content(path).splitlines()
    lines = lines[1:] if path.suffix == ".csv" else lines
    around = (b"#", b'{"@odata.context"', b'{"Records":[', b"]}")
    return [line for line in lines if mark not in line and line and not line.startswith(around)]


def every_byte(written: Written) -> dict[str, bytes]:
    """All files of the evidence by their path."""
    return {str(path.relative_to(written.root)): path.read_bytes() for path in written.files("*")}


def data(event: dict[str, Any]) -> dict[str, str]:
    """The event's own fields."""
    found: dict[str, str] = event["winlog"].get("event_data") or event["winlog"]["user_data"]
    return found

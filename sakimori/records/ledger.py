"""What the segments say of their members, put together: one entry a member, also where read in ranges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sakimori.errors import EvidenceError
from sakimori.records.catalogue import Catalogue
from sakimori.records.clock import time_column
from sakimori.records.manifest import FileEntry, Refused, UnreadRow

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LogTotals:
    """Rows of one log over the whole evidence."""

    records: int
    first_seen: int | None
    last_seen: int | None
    hosts: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """Members sorted by path, stretches of unread, what was refused, totals per log.

    `twice` are the (segment, member) whose bytes stand already in another member: their rows do not count.
    `paths` maps (segment, member) to path and site. `hosts` is how many machines the records name, by the
    first part of their names.
    """

    files: tuple[FileEntry, ...]
    unread: tuple[UnreadRow, ...]
    refused: tuple[Refused, ...]
    logs: Mapping[str, LogTotals]
    twice: frozenset[tuple[str, int]]
    paths: Mapping[tuple[str, int], tuple[str, str]]
    hosts: int = 0


def ledger(entries: Iterable[Entry], hashes: Mapping[str, str], catalogue: Catalogue, zone: str) -> Ledger:
    """The ledger of all entries of the store. `hashes` gives the SHA-256 of files that were read in ranges.

    Raises EvidenceError where synthetic and real records stand side by side.
    """
    listed = sorted(entries, key=lambda e: (e["path"], e.get("range", 0), e["segment"], e["index"]))
    read = [entry for entry in listed if not entry.get("refused")]
    _refuse_mixture(read)
    twice = _twice(read, hashes)
    counted = [entry for entry in read if (entry["segment"], entry["index"]) not in twice]
    by_path: dict[str, list[Entry]] = {}
    for entry in read:
        by_path.setdefault(entry["path"], []).append(entry)
    return Ledger(
        files=tuple(_file(parts, hashes, catalogue, zone, twice) for parts in by_path.values()),
        unread=tuple(_unread(entry) for entry in counted for entry in _rows(entry)),
        refused=tuple(
            Refused(name=e["path"], title=e["format"], reason=e["note"]) for e in listed if e.get("refused")
        ),
        logs=_logs(counted),
        twice=twice,
        paths={(e["segment"], e["index"]): (e["path"], e["site"]) for e in read},
        hosts=len({_machine(n) for e in counted for names in e["hosts"].values() for n in names}),
    )


def _refuse_mixture(entries: Sequence[Entry]) -> None:
    kinds = {entry["synthetic"]: entry["path"] for entry in reversed(entries) if entry["records"]}
    if "some" in kinds:
        raise EvidenceError(
            f"{kinds['some']} holds synthetic records beside real ones. Sakimori does not mix them: take the "
            "records with the mark SAKIMORI-SYNTHETIC out and hunt again."
        )
    if "all" in kinds and "none" in kinds:
        raise EvidenceError(
            f"{kinds['all']} is synthetic and {kinds['none']} is not. Sakimori does not mix them: "
            "hunt in each apart."
        )


def _twice(entries: Sequence[Entry], hashes: Mapping[str, str]) -> frozenset[tuple[str, int]]:
    first: dict[str, str] = {}
    found: set[tuple[str, int]] = set()
    for entry in entries:
        if entry.get("file"):
            continue  # the same file in two places is two facts
        digest = hashes.get(entry["path"]) or entry["sha256"]
        if first.setdefault(digest, entry["path"]) != entry["path"] and entry["bytes"]:
            found.add((entry["segment"], entry["index"]))
    return frozenset(found)


def _file(
    parts: Sequence[Entry],
    hashes: Mapping[str, str],
    catalogue: Catalogue,
    zone: str,
    twice: frozenset[tuple[str, int]],
) -> FileEntry:
    logs: Counter[str] = Counter()
    clocks: Counter[str] = Counter()
    apart: Counter[str] = Counter()
    for part in parts:
        logs.update(part["logs"])
        clocks.update(part["clocks"])
        apart.update(part.get("apart", {}))
    first = parts[0]
    again = (first["segment"], first["index"]) in twice
    return FileEntry(
        path=first["path"],
        sha256=hashes.get(first["path"]) or first["sha256"],
        bytes=sum(part["bytes"] for part in parts),
        format=first["format"],
        records=sum(part["records"] for part in parts),
        unread=sum(part["unread"] for part in parts),
        logs=tuple(sorted(logs.items())),
        first_seen=_least(part["first_seen"] for part in parts),
        last_seen=_most(part["last_seen"] for part in parts),
        clock=_clock(clocks, apart, [catalogue[log].time for log in sorted(logs)], zone),
        synthetic=first["synthetic"] == "all",
        note="the same bytes stand in another file; counted once" if again else first.get("note", ""),
    )


def _clock(
    clocks: Mapping[str, int], apart: Mapping[str, int], times: Sequence[tuple[str, ...]], zone: str
) -> str:
    """Where a member's times come from, and whether it contradicts itself.

    `UtcTime (UTC); 12 records without a time; 3 records with two times that disagree (UtcTime, TimeCreated)`.
    """
    local = {time_column(entry) for time in times for entry in time if entry.endswith("@local")}
    said = [
        f"{name} ({f'zone assumed: {zone}' if name in local else 'UTC, or the zone in the record'})"
        for name in sorted(clocks)
        if name
    ]
    missing = [f"{clocks['']:,} records without a time"] if clocks.get("") else []
    torn = [f"{n:,} records with two times that disagree ({names})" for names, n in sorted(apart.items())]
    return "; ".join([*said, *missing, *torn])


def _rows(entry: Entry) -> Iterable[dict[str, Any]]:
    return ({"path": entry["path"], **row} for row in entry["unread_rows"])


def _unread(row: Entry) -> UnreadRow:
    return UnreadRow(file=row["path"], record=row["record"], offset=row["offset"], reason=row["reason"])


def _logs(entries: Sequence[Entry]) -> dict[str, LogTotals]:
    records: Counter[str] = Counter()
    hosts: dict[str, set[str]] = {}
    seen: dict[str, list[Entry]] = {}
    for entry in entries:
        records.update(entry["logs"])
        for log in entry["logs"]:
            hosts.setdefault(log, set()).update(entry["hosts"].get(log, ()))
            seen.setdefault(log, []).append(entry)
    return {
        log: LogTotals(
            records[log],
            _least(entry["first_seen"] for entry in seen[log]),
            _most(entry["last_seen"] for entry in seen[log]),
            len(hosts[log]),
        )
        for log in sorted(records)
    }


_ADDRESS = re.compile(r"[\d.]+|[0-9a-f:]*:[0-9a-f:.]*")


def _machine(name: str) -> str:
    """`ws01` of `ws01.example.com`; an address as it is."""
    return name if _ADDRESS.fullmatch(name) else name.partition(".")[0]


def _least(values: Iterable[int | None]) -> int | None:
    return min((value for value in values if value is not None), default=None)


def _most(values: Iterable[int | None]) -> int | None:
    return max((value for value in values if value is not None), default=None)

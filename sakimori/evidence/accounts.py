"""What is counted of each member while its records pass: logs, times, hosts, and what was not read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sakimori.records.batch import Batch, Unread
from sakimori.records.clock import Zone
from sakimori.records.disagreement import disagreements

UNREAD_KEPT = 100
HOSTS_KEPT = 10_000
Numbers = np.ndarray[Any, np.dtype[np.int64]]
_ENDS = np.iinfo(np.int64)


@dataclass(slots=True)
class Account:
    """What is counted of one member. Times are microseconds UTC; `lost` counts stretches of unread."""

    logs: Counter[str] = field(default_factory=Counter)
    clocks: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    hosts: dict[str, set[str]] = field(default_factory=dict)
    unread: list[dict[str, Any]] = field(default_factory=list)
    lost: int = 0
    first: int | None = None
    last: int | None = None

    def lose(self, unread: Unread) -> None:
        """Count a stretch that was not read."""
        self.lost += unread.lost
        if len(self.unread) < UNREAD_KEPT:
            self.unread.append(asdict(unread))

    def facts(self) -> dict[str, Any]:
        """The account as it stands in members.json."""
        return {
            "records": sum(self.logs.values()),
            "unread": self.lost,
            "unread_rows": self.unread,
            "logs": dict(sorted(self.logs.items())),
            "clocks": dict(sorted(self.clocks.items())),
            "apart": dict(sorted(self.apart.items())),
            "hosts": {log: sorted(hosts) for log, hosts in sorted(self.hosts.items())},
            "first_seen": self.first,
            "last_seen": self.last,
        }

    def _seen(self, first: int, last: int) -> None:
        if first <= last:
            self.first = first if self.first is None else min(self.first, first)
            self.last = last if self.last is None else max(self.last, last)

    def _at(self, log: str, hosts: set[str]) -> None:
        known = self.hosts.setdefault(log, set())
        if len(known) < HOSTS_KEPT:
            known.update(hosts)


def count(batch: Batch, accounts: Sequence[Account], current: int, zone: Zone) -> None:
    """Note the rows of a batch in the accounts of their members; `current` is the one that is being read."""
    runs = batch.runs or ((current, batch.data.num_rows),)
    of = [accounts[member] for member, _ in runs]
    lengths = np.array([rows for _, rows in runs], np.int64)
    starts = np.cumsum(lengths) - lengths
    log = batch.stream.log
    for account, rows in zip(of, lengths.tolist(), strict=True):
        account.logs[log.name] += rows
    _note_times(batch.data, of, starts)
    if len(log.time) > 1:
        for account, found in zip(of, disagreements(batch.data, starts, log.time, zone), strict=True):
            account.apart.update(dict((found,)) if found else {})
    for account, hosts in zip(of, _hosts(batch.data, lengths, log.subjects.get("host", ())), strict=True):
        account._at(log.name, hosts)


def _note_times(data: pa.RecordBatch, of: Sequence[Account], starts: Numbers) -> None:
    clock = data.column("clock")
    first, last = (pc.fill_null(clock, end).to_numpy() for end in (_ENDS.max, _ENDS.min))
    firsts = np.minimum.reduceat(first, starts).tolist()
    lasts = np.maximum.reduceat(last, starts).tolist()
    for account, earliest, latest in zip(of, firsts, lasts, strict=True):
        account._seen(earliest, latest)
    names = data.column("clock_source").dictionary.to_pylist()
    lengths = np.diff(np.append(starts, data.num_rows))
    for run, code, rows in _counts(data.column("clock_source"), lengths):
        of[run].clocks[names[code] if code >= 0 else ""] += rows


def _counts(column: pa.DictionaryArray, lengths: Numbers) -> Iterator[tuple[int, int, int]]:
    """(run, code, rows) of every value of a column in every run of rows; code -1 is null."""
    width = len(column.dictionary) + 1
    codes = pc.fill_null(column.indices, -1).to_numpy() + 1
    places = np.repeat(np.arange(len(lengths)) * width, lengths) + codes
    found, rows = np.unique(places, return_counts=True)
    for place, count_ in zip(found.tolist(), rows.tolist(), strict=True):
        yield place // width, place % width - 1, count_


def _hosts(data: pa.RecordBatch, lengths: Numbers, columns: Sequence[str]) -> list[set[str]]:
    """For each run of rows the machines in the first of these columns that names any."""
    found: list[set[str]] = [set() for _ in lengths]
    for column in columns:
        if column in data.schema.names and not all(found):
            values = data.column(column).dictionary.to_pylist()
            named: list[set[str]] = [set() for _ in lengths]
            for run, code, _ in _counts(data.column(column), lengths):
                if code >= 0 and values[code]:
                    named[run].add(values[code].lower())
            found = [known or new for known, new in zip(found, named, strict=True)]
    return found

"""What one detector says about one subject on one day, with the places that made it say so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache

SCHEMA_VERSION = 1

SUBJECT_TYPES = (
    "host",
    "account",
    "process",
    "process_instance",
    "session",
    "file",
    "hash",
    "address",
    "domain",
    "url",
    "service",
    "task",
    "registry_key",
    "pipe",
)


class Severity(IntEnum):
    """Sigma's five levels, in order."""

    INFORMATIONAL = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        """The level as Sigma writes it: `high`."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> Severity:
        """Level from Sigma's word; `medium` where a rule gives none."""
        return cls[word.upper()] if word.upper() in cls.__members__ else cls.MEDIUM


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """An entity a finding speaks of; `type` is one of SUBJECT_TYPES, `value` is normalised."""

    type: str
    value: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a record stands: path inside the evidence, record number, byte offset in the innermost member."""

    file: str
    record: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One detector, one primary subject, one UTC day.

    It never acts and names no culprit: incidents weigh findings, response proposes, people decide.
    Times are integer microseconds since the epoch, UTC; None where the records carry no time.
    `subjects[0]` is the primary subject. `facts` are plain texts a report may localise around,
    among them the first record's matched fields.
    """

    detector: str
    title: str
    severity: Severity
    confidence: str  # low, medium, high
    techniques: tuple[str, ...]
    subjects: tuple[Subject, ...]
    first_seen: int | None
    last_seen: int | None
    count: int
    places: tuple[Place, ...]
    because: str
    facts: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)  # author, license, url of the rule
    revision: int = 1

    @property
    def id(self) -> str:
        """Same detector, primary subject and UTC day: same id, whatever else was found."""
        return finding_id(self.detector, self.subjects[0], self.first_seen)


def by_time(finding: Finding) -> tuple[bool, int, str]:
    """The order of findings everywhere: by first seen, those without a time last, then by id."""
    return finding.first_seen is None, finding.first_seen or 0, finding.id


def finding_id(detector: str, primary: Subject, clock: int | None) -> str:
    """First 16 hex digits of SHA-256 over detector, primary subject and UTC day."""
    text = "\x1f".join((detector, primary.type, primary.value, day_of(clock)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def day_of(clock: int | None) -> str:
    """`2026-03-01` of a clock, or the empty text where there is no time."""
    return (moment(clock) or "")[:10]


@lru_cache(maxsize=1 << 14)
def moment(clock: int | None) -> str | None:
    """RFC 3339 in UTC with microseconds only where they are not zero: `2026-03-01T09:12:00Z`."""
    if clock is None:
        return None
    seconds, micros = divmod(clock, 1_000_000)
    try:
        text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    except (OverflowError, ValueError, OSError):
        return None
    return f"{text}.{micros:06d}Z" if micros else f"{text}Z"

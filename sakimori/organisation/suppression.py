"""`suppressions.yml`: findings that need nobody for a time, each with its owner, its reason and its end.

suppressions:
  - detector: sigma:0d3c7d1e-8a4b-4f0e-9a51-6f1f7f0f2b11     # as findings name it
    subjects: {host: [inv01], account: ['example\\svc-inv']}  # may be left out
    fields: {ParentImage: 'C:\\Tools\\inventory.exe'}         # may be left out; `*` is any run of characters
    owner: Mori, IT operations
    reason: the nightly inventory lists accounts
    expires: 2026-09-30                                       # at most a year ahead
    name: nightly inventory                                   # may be left out; what the manifest calls it
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import yaml

from sakimori.detection.subjects import normal
from sakimori.errors import UsageError
from sakimori.findings import SUBJECT_TYPES, Subject

AHEAD = timedelta(days=365)
_KEYS = frozenset({"detector", "subjects", "fields", "owner", "reason", "expires", "name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One entry. Each type in `subjects` and each of `fields` narrows it further."""

    name: str
    detector: str
    owner: str
    reason: str
    expires: date
    subjects: Mapping[str, frozenset[Subject]]
    fields: Mapping[str, tuple[str, ...]]

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.expires < today


def read_suppressions(path: Path | None, today: date) -> tuple[Suppression, ...]:
    """The entries of a file in their order, expired ones too; none for None.

    Raises UsageError where the file cannot be read, or an entry has no owner, reason or expiry, or ends more
    than a year ahead: what nobody answers for, or what never ends, hides an intruder one day.
    """
    if path is None:
        return ()
    try:
        data = yaml.safe_load(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as problem:
        raise UsageError(f"{path}: cannot be read ({problem}); see docs/tuning.md") from None
    listed = data["suppressions"] if isinstance(data, dict) and [*data] == ["suppressions"] else data
    if listed is not None and (not isinstance(listed, list) or listed is data):
        raise UsageError(f"{path}: write it as `suppressions:` and a list of entries; see docs/tuning.md")
    found = tuple(_Entry(path, at, one).read(today) for at, one in enumerate(listed or (), 1))
    names = [one.name for one in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise UsageError(f"{path}: two entries are named {twice[0]}; give each a name of its own")
    return found


class _Entry:
    """One entry; every complaint names the file and which entry it is."""

    def __init__(self, path: Path, at: int, data: Any) -> None:
        self._where = f"{path}: entry {at}"
        if not isinstance(data, dict):
            self._refuse("is no list of keys and values")
        self._data: Mapping[str, Any] = data
        if unknown := sorted(set(map(str, data)) - _KEYS):
            self._refuse(f"unknown key {unknown[0]}; known are {', '.join(sorted(_KEYS))}")
        self._at = at

    def read(self, today: date) -> Suppression:
        detector = self._text("detector")
        return Suppression(
            name=str(self._data.get("name") or f"{self._at}: {detector}"),
            detector=detector,
            owner=self._text("owner"),
            reason=self._text("reason"),
            expires=self._expiry(today),
            subjects={kind: self._named(kind, values) for kind, values in self._pairs("subjects").items()},
            fields={
                name: tuple(v.casefold() for v in values) for name, values in self._pairs("fields").items()
            },
        )

    def _text(self, key: str) -> str:
        value = self._data.get(key)
        if not isinstance(value, str) or not value.strip():
            self._refuse(f"{key} is missing; detector, owner, reason and expires are all needed")
        return value.strip()

    def _expiry(self, today: date) -> date:
        value = self._data.get("expires")
        try:
            found = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self._refuse("expires is missing or no date; write it like 2026-09-30")
        found = found.date() if isinstance(found, datetime) else found
        if found > today + AHEAD:
            self._refuse(
                f"expires {found} is more than a year ahead; {today + AHEAD} is the last day it may be"
            )
        return found

    def _pairs(self, key: str) -> dict[str, list[str]]:
        value = self._data.get(key) or {}
        if not isinstance(value, dict):
            self._refuse(f"{key} is no mapping; write it like {{host: [inv01]}}")
        found = {str(name): v if isinstance(v, list) else [v] for name, v in value.items()}
        for name, values in found.items():
            if not values or not all(isinstance(one, str | int) and str(one).strip(" *") for one in values):
                self._refuse(f"{key}: {name} has no values that say anything")
        return {name: [str(one) for one in values] for name, values in found.items()}

    def _named(self, kind: str, values: list[str]) -> frozenset[Subject]:
        if kind not in SUBJECT_TYPES:
            self._refuse(f"subjects: {kind} is none of {', '.join(SUBJECT_TYPES)}")
        return frozenset(Subject(kind, normal(kind, value)) for value in values)

    def _refuse(self, what: str) -> NoReturn:
        raise UsageError(f"{self._where}: {what}; see docs/tuning.md")

"""The log catalogue: how each log is recognised, what it holds, and how Sigma and the tables name it.

One TOML file in `records/logs/` per family of logs (see `docs/adding-a-reader.md` for the format):

    family = "windows_sysmon"
    [defaults]                     # any key of [[log]] may stand here and is inherited
    product = "windows"
    service = ["sysmon"]
    [[log]]
    name = "windows_sysmon_1"
    [log.match]                    # what the reader compares; for windows: channel, provider, event_id
    channel = "Microsoft-Windows-Sysmon/Operational"
    event_id = [1]
    ...
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from sakimori.errors import CatalogueError
from sakimori.records.family import Family, family_of


@dataclass(frozen=True, slots=True)
class Alias:
    """A Sigma field name for a column: as it stands, through a value map, or built from a template.

    `{column = "MandatoryLabel", values = {"S-1-16-12288" = "High"}}`, or
    `{template = "MD5={MD5},SHA256={SHA256}"}`.
    """

    column: str | None = None
    template: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """One kind of log: everything the rooms need to know about it, as data.

    `columns` are the native field names that are stored. `match` holds what the family's readers
    compare; in families told by their content (`records/family.py`) it is `fields` and `values`.
    `constants` are column values fixed by `match` (EventID, Channel), known before any row is read.
    `category`/`product`/`service` are the Sigma log sources it can answer. `where` narrows a category
    to rows with certain values: `{"registry_set": {"EventType": ["SetValue"]}}`.
    `aliases` map Sigma field names to columns where they differ from the native name.
    `time` is the order in which time columns are tried, each "Column" (zone in the text, or UTC) or
    "Column@local" (no zone in the text: the source's zone is assumed).
    `identity` are the columns that together name an event wherever it was exported; empty if none.
    `subjects` maps a subject type to the columns that hold it, the most specific first.
    `tables` maps a table name to {table column: SQL expression over native columns}; in a file, `{}` for a
    table says that a log does not fill what the file's other logs fill.
    """

    name: str
    family: str
    columns: tuple[str, ...]
    match: Mapping[str, Any] = field(default_factory=dict)
    product: str | None = None
    category: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    where: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    aliases: Mapping[str, Alias] = field(default_factory=dict)
    time: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    subjects: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    title: str = ""


class Catalogue:
    """All logs, found by name; `families` are those in files of the catalogue, by name."""

    def __init__(self, logs: tuple[Log, ...], fingerprint: str, families: tuple[Family, ...] = ()) -> None:
        self.logs = {log.name: log for log in sorted(logs, key=lambda log: log.name)}
        self.families = {family.name: family for family in sorted(families, key=lambda one: one.name)}
        self.fingerprint = fingerprint
        if len(self.logs) != len(logs):
            raise CatalogueError("two logs of the catalogue share a name")

    def __getitem__(self, name: str) -> Log:
        return self.logs[name]

    def of_family(self, family: str) -> tuple[Log, ...]:
        """The logs of one family, by name."""
        return tuple(log for log in self.logs.values() if log.family == family)


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with Sakimori, read once.

    Raises CatalogueError where a description contradicts itself.
    """
    digest = hashlib.sha256()
    logs: list[Log] = []
    families: dict[str, Family] = {}
    for entry in sorted(files("sakimori.records.logs").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            text = entry.read_text(encoding="utf-8")
            digest.update(text.encode())
            data = tomllib.loads(text)
            logs += _logs(entry.name, data)
            family = family_of(entry.name, data)
            if family.recognise or family.name not in families:
                families[family.name] = family
    return Catalogue(tuple(logs), digest.hexdigest()[:16], tuple(families.values()))


def _logs(file: str, data: dict[str, Any]) -> list[Log]:
    defaults = data.get("defaults", {})
    return [_log(file, data["family"], defaults, entry) for entry in data.get("log", [])]


def _log(file: str, family: str, defaults: dict[str, Any], entry: dict[str, Any]) -> Log:
    merged = {**defaults, **entry}
    for key in ("aliases", "subjects", "match"):
        merged[key] = {**defaults.get(key, {}), **entry.get(key, {})}
    tables = {**defaults.get("tables", {}), **entry.get("tables", {})}
    columns = tuple(dict.fromkeys((*defaults.get("columns", ()), *entry.get("columns", ()))))
    _refuse_clashes(file, merged["name"], columns)
    return Log(
        name=merged["name"],
        family=family,
        columns=columns,
        match=merged["match"],
        product=merged.get("product"),
        category=tuple(merged.get("category", ())),
        service=tuple(merged.get("service", ())),
        where={c: {f: tuple(v) for f, v in w.items()} for c, w in merged.get("where", {}).items()},
        aliases={name: _alias(value) for name, value in merged["aliases"].items()},
        time=tuple(merged.get("time", ())),
        identity=tuple(merged.get("identity", ())),
        subjects={t: (c,) if isinstance(c, str) else tuple(c) for t, c in merged["subjects"].items()},
        tables={table: filled for table, filled in tables.items() if filled},
        title=merged.get("title", merged["name"]),
    )


def _alias(value: str | dict[str, Any]) -> Alias:
    return Alias(column=value) if isinstance(value, str) else Alias(**value)


def _refuse_clashes(file: str, name: str, columns: tuple[str, ...]) -> None:
    seen: dict[str, str] = {}
    for column in columns:
        other = seen.setdefault(column.lower(), column)
        if other != column:
            raise CatalogueError(f"{file}: log {name}: columns {other} and {column} differ only in case")

"""Mapping files: a user's description of a log that Sakimori does not know, as one more log of the catalogue.

`docs/evidence-generic.md` explains the file to its writer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from sakimori.errors import UsageError
from sakimori.findings import SUBJECT_TYPES
from sakimori.records.catalogue import Alias, Log
from sakimori.records.clock import time_column
from sakimori.records.encoding import text_of

FAMILY = "mapping"
_KEYS = frozenset(
    {
        "name", "title", "recognise", "columns", "time", "zone", "product", "category", "service", "aliases",
        "subjects", "identity", "tables",
    }
)  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_BRACES = re.compile(r"\{([^{}]+)\}")


def load_mapping(path: Path) -> tuple[Log, ...]:
    """The logs a mapping file describes, one a YAML document.

    Raises UsageError where the file cannot be read or says something that has no meaning.
    """
    try:
        documents = [found for found in yaml.safe_load_all(path.read_text("utf-8-sig")) if found is not None]
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(
            f"mapping {path}: cannot be read ({problem}); give the path of a YAML file"
        ) from None
    except yaml.YAMLError as problem:
        raise UsageError(f"mapping {path}: is not YAML ({problem}); see docs/evidence-generic.md") from None
    if not documents:
        raise UsageError(f"mapping {path}: is empty; see docs/evidence-generic.md")
    return tuple(_Writer(str(path), document).log() for document in documents)


class _Writer:
    """Turns one document into a Log; every complaint names the file and the key."""

    def __init__(self, file: str, document: Any) -> None:
        self._file = file
        self._data: Mapping[str, Any] = document if isinstance(document, dict) else {}
        if not self._data:
            self._refuse("a mapping is a list of keys and values", "start from the example")
        if unknown := sorted(map(str, self._data.keys() - _KEYS)):
            self._refuse(f"unknown key {unknown[0]}", f"known are {', '.join(sorted(_KEYS))}")

    def log(self) -> Log:
        name = self._text("name")
        if not _NAME.fullmatch(name or ""):
            self._refuse("name is missing or unusual", "use small letters, digits and underscores")
        subjects = self._subjects()
        aliases = {key: self._alias(key, value) for key, value in self._map(self._data, "aliases").items()}
        tables = {key: self._table(key) for key in self._map(self._data, "tables")}
        fields, values = self._recognise()
        times = [time_column(entry) for entry in self._time()]
        used = [
            *fields,
            *values,
            *times,
            *self._texts(self._data, "columns"),
            *self._texts(self._data, "identity"),
        ]
        used += [part for columns in subjects.values() for column in columns for part in _parts(column)]
        used += [alias.column or "" for alias in aliases.values()]
        used += [part for alias in aliases.values() for part in _parts(alias.template or "", bare=False)]
        used += [column for columns in tables.values() for column in _quoted(columns.values())]
        return Log(
            name=f"{FAMILY}_{name}",
            family=FAMILY,
            columns=self._distinct(used),
            match={"fields": fields, "values": values, "zone": self._zone()},
            product=self._text("product") or "unknown",
            category=self._texts(self._data, "category"),
            service=self._texts(self._data, "service"),
            aliases=aliases,
            time=self._time(),
            identity=self._texts(self._data, "identity"),
            subjects=subjects,
            tables=tables,
            title=self._text("title") or str(name),
        )

    def _recognise(self) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
        recognise = self._map(self._data, "recognise")
        if unknown := sorted(recognise.keys() - {"fields", "values"}):
            self._refuse(f"unknown key recognise.{unknown[0]}", "known are fields, values")
        values = self._map(recognise, "values")
        fields = self._texts(recognise, "fields")
        if not fields and not values:
            self._refuse("recognise.fields is missing", "name fields that every record has")
        return fields, {key: self._texts(values, key) for key in values}

    def _time(self) -> tuple[str, ...]:
        """With `zone`, times that name none are read in it."""
        local = "@local" if self._data.get("zone") else ""
        return tuple(e if "@" in e else f"{e}{local}" for e in self._texts(self._data, "time"))

    def _zone(self) -> str | None:
        zone = self._text("zone")
        try:
            return zone and ZoneInfo(zone).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._refuse(f"zone {zone} is not known", "use a name like Asia/Tokyo or UTC")

    def _subjects(self) -> dict[str, tuple[str, ...]]:
        subjects = self._map(self._data, "subjects")
        if unknown := sorted(subjects.keys() - set(SUBJECT_TYPES)):
            self._refuse(f"unknown subject {unknown[0]}", f"known are {', '.join(SUBJECT_TYPES)}")
        return {key: self._texts(subjects, key) for key in subjects}

    def _alias(self, key: str, value: Any) -> Alias:
        if isinstance(value, str):
            return Alias(template=value) if "{" in value else Alias(column=value)
        if (
            isinstance(value, dict)
            and set(value) <= {"column", "values"}
            and isinstance(value.get("column"), str)
        ):
            values = self._map(value, "values")
            return Alias(column=value["column"], values={str(k): str(v) for k, v in values.items()})
        self._refuse(
            f"aliases.{key} is unclear", "give a field, a template with {{fields}}, or column and values"
        )

    def _table(self, name: str) -> dict[str, str]:
        """A field, or a text in single quotes for all rows alike. No SQL: a mapping is only data."""
        columns = self._map(self._map(self._data, "tables"), name)
        return {column: _expression(str(value)) for column, value in columns.items()}

    def _distinct(self, used: Iterable[str]) -> tuple[str, ...]:
        names = tuple(dict.fromkeys(name for name in used if name))
        seen: dict[str, str] = {}
        for name in names:
            other = seen.setdefault(name.lower(), name)
            if other != name:
                self._refuse(
                    f"fields {other} and {name} differ only in case", "write the field as the log does"
                )
        return names

    def _text(self, key: str) -> str | None:
        value = self._data.get(key)
        if value is not None and not isinstance(value, str):
            self._refuse(f"{key} is not a text", "put it in quotes")
        return value

    def _map(self, data: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = data.get(key) or {}
        if not isinstance(value, dict):
            self._refuse(f"{key} is not a list of keys and values", "see docs/evidence-generic.md")
        return {str(name): inner for name, inner in value.items()}

    def _texts(self, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = data.get(key)
        found = value if isinstance(value, list) else [] if value is None else [value]
        if any(isinstance(one, dict | list) or one is None for one in found):
            self._refuse(f"{key} is neither a text nor a list of texts", "write one text or a list")
        return tuple(text_of(one) or "" for one in found)

    def _refuse(self, what: str, advice: str) -> NoReturn:
        raise UsageError(f"mapping {self._file}: {what}; {advice}")


def _parts(text: str, bare: bool = True) -> list[str]:
    return _BRACES.findall(text) if "{" in text else [text] if bare else []


def _expression(value: str) -> str:
    if len(value) > 1 and value.startswith("'") and value.endswith("'"):
        return "'" + value[1:-1].replace("'", "''") + "'"
    return '"' + value.replace('"', '""') + '"'


def _quoted(expressions: Iterable[str]) -> list[str]:
    return [one[1:-1].replace('""', '"') for one in expressions if one.startswith('"')]

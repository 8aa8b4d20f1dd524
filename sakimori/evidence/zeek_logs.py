"""Which Zeek log a record belongs to, and Zeek's own way of writing values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sakimori.records.catalogue import Catalogue, Log
from sakimori.records.encoding import text_of
from sakimori.records.plan import Plan, Stream

OTHER = "zeek_other"
_NESTED = frozenset({list, dict})

# Corelight and several shippers write id_orig_h for id.orig_h; a dot cannot stand in their column names.
_PREFIXES = (
    "id",
    "certificate",
    "san",
    "basic_constraints",
    "version",
    "times",
    "data_channel",
    "remote_location",
)


class ZeekLogs:
    """Finds the log of a record by its path, or by its fields where it names none."""

    def __init__(self, catalogue: Catalogue) -> None:
        logs = catalogue.of_family("zeek")
        self._by_path = {path: log for log in logs for path in log.match["path"]}
        self._signatures = [(frozenset(names), log) for log in logs for names in log.match["fields"]]
        self._by_fields: dict[frozenset[str], str] = {}

    def name(self, path: str | None, fields: Iterable[str]) -> str:
        """Name of the catalogue's log; `zeek_other` where neither path nor fields are known."""
        if path:
            return self._by_path[path].name if path in self._by_path else OTHER
        names = frozenset(fields)
        found = self._by_fields.get(names)
        if found is None:
            found = self._guess(names)
            if len(self._by_fields) < 4096:  # evidence is hostile: every line may bring names of its own
                self._by_fields[names] = found
        return found

    def _guess(self, names: frozenset[str]) -> str:
        """The log whose columns share most with the record, among those one of whose signatures is whole."""
        fitting: list[Log] = [log for signature, log in self._signatures if signature <= names]
        best = max(fitting, key=lambda log: len(names.intersection(log.columns)), default=None)
        return OTHER if best is None else best.name

    def stream(self, plan: Plan, path: str | None, fields: Iterable[str]) -> Stream:
        """The plan's stream of that log."""
        return plan.stream(self.name(path, fields))


def dotted(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record under Zeek's own names: `id_orig_h` and `{"id": {"orig_h": ...}}` become `id.orig_h`."""
    found = dict(zip(_dotted_names(tuple(record)), record.values(), strict=True))
    if _NESTED.isdisjoint(map(type, record.values())):
        return found
    for key, value in list(found.items()):
        if isinstance(value, dict):
            del found[key]
            found.update({f"{key}.{inner}": plain(deeper) for inner, deeper in value.items()})
        else:
            found[key] = plain(value)
    return found


@lru_cache(maxsize=4096)
def _dotted_names(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_dotted_name, keys))


def _dotted_name(key: str) -> str:
    for prefix in _PREFIXES:
        if key.startswith(prefix + "_"):
            return f"{prefix}.{key[len(prefix) + 1 :]}"
    return key


def plain(value: Any) -> Any:
    """A list as the TSV log writes it, `a,b`, so that a rule sees the same text in either format."""
    if isinstance(value, list):
        return ",".join(text_of(element) or "" for element in value)
    return value

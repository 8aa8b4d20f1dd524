"""Records of logs that a mapping file describes (`sakimori.records.mapping`), and of those that none does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sakimori.evidence.reader import Source
from sakimori.records.batch import Batch, BatchBuilder, Builders
from sakimori.records.catalogue import Log
from sakimori.records.clock import Zone
from sakimori.records.encoding import text_of
from sakimori.records.mapping import FAMILY
from sakimori.records.plan import Plan, Stream

FIRST_SHOWN = 20
_LONGEST_SHOWN = 2_000
_DEEPEST = 8


class Mappings:
    """The logs of mapping files; the one that asks for most comes first."""

    def __init__(self, logs: Iterable[Log]) -> None:
        self._logs = sorted(
            logs, key=lambda log: (-len(log.match["values"]), -len(log.match["fields"]), log.name)
        )

    def __bool__(self) -> bool:
        return bool(self._logs)

    def log(self, row: Mapping[str, Any]) -> Log | None:
        """The log whose fields the record has, and whose values it holds."""
        return next((log for log in self._logs if _fits(log, row)), None)


def _fits(log: Log, row: Mapping[str, Any]) -> bool:
    return all(name in row for name in log.match["fields"]) and all(
        name in row and text_of(row[name]) in values for name, values in log.match["values"].items()
    )


def flat(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """The record with nested objects under dotted names: `{"user": {"name": "x"}}` has `user.name`."""
    found: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, dict) and depth < _DEEPEST:
            found.update(flat(inner, f"{prefix}{key}.", depth + 1))
        else:
            found[prefix + key] = None if inner == "" else inner
    return found


class GenericTable:
    """Records on their way into the log of their mapping; without one they are counted in `unmapped`."""

    def __init__(self, source: Source, plan: Plan, unmapped: str) -> None:
        self._plan, self._zone, self._unmapped = plan, source.zone, unmapped
        self._mappings = Mappings(plan.catalogue.of_family(FAMILY))
        self._builders = Builders(self._builder)
        self._shown = 0 if source.offset == 0 else FIRST_SHOWN

    def _builder(self, stream: Stream) -> BatchBuilder:
        zone = stream.log.match.get("zone")
        return BatchBuilder.of_mappings(stream, Zone(zone) if zone else self._zone)

    def add(self, record: int, offset: int, value: Mapping[str, Any], raw: bytes) -> Iterator[Batch]:
        """Adds a record; gives the batches that became due."""
        row = flat(value) if self._mappings else {}
        log = self._mappings.log(row)
        if log is None:
            row = {"text": self._first(raw)}
        stream = self._plan.stream(log.name if log else self._unmapped)
        return self._builders.add(stream, record, offset, row, len(raw), raw)

    def _first(self, raw: bytes) -> str | None:
        if self._shown >= FIRST_SHOWN:
            return None
        self._shown += 1
        return raw.decode("utf-8", "backslashreplace").strip()[:_LONGEST_SHOWN]

    def rest(self) -> Iterator[Batch]:
        """All rows still held."""
        return self._builders.rest()

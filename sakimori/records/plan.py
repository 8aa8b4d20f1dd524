"""Which columns a hunt reads from each stream of records: those it stores, and those only rules ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sakimori.records.catalogue import Catalogue, Log

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stream:
    """Records of one log that share fixed values, for instance all Sysmon events with EventID 1.

    `columns` are native names: the `stored` first ones go into the store, the rest serve rules only.
    `raw` says that rules search the whole record, so readers must hand it over.
    """

    log: Log
    constants: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    stored: int
    raw: bool

    @property
    def key(self) -> str:
        """Name of the log and its constants; unique in a plan."""
        return self.log.name + "".join(f"|{k}={v}" for k, v in self.constants)


class Plan:
    """Streams by log and constants, made when first met.

    `asked(log, constants)` gives the native columns the rules ask for and whether any searches whole records.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        asked: Callable[[Log, Mapping[str, str]], tuple[frozenset[str], bool]],
    ) -> None:
        self.catalogue = catalogue
        self._asked = asked
        self._kept: dict[object, Any] = {}
        self._streams: dict[tuple[str, tuple[tuple[str, str], ...]], Stream] = {}

    def kept(self, key: object, make: Callable[[], T]) -> T:
        """What a reader made for this plan under `key`, made once however many members it reads."""
        if key not in self._kept:
            self._kept[key] = make()
        made: T = self._kept[key]
        return made

    def stream(self, log: str, constants: Mapping[str, str] | None = None) -> Stream:
        """The stream for records of `log` whose `constants` hold."""
        fixed = tuple(sorted((constants or {}).items()))
        found = self._streams.get((log, fixed))
        if found is None:
            found = self._streams[(log, fixed)] = self._make(self.catalogue[log], fixed)
        return found

    def _make(self, log: Log, fixed: tuple[tuple[str, str], ...]) -> Stream:
        asked, raw = self._asked(log, dict(fixed))
        extra = sorted(asked - set(log.columns))
        return Stream(log, fixed, (*log.columns, *extra), len(log.columns), raw)


def stored_only(catalogue: Catalogue) -> Plan:
    """A plan without rules: readers deliver what the catalogue stores."""
    return Plan(catalogue, lambda log, constants: (frozenset(), False))

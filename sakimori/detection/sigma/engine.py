"""The Sigma engine: a pack of rules over the log catalogue, looking at batches as they pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from sakimori.detection.sigma.bind import Bound, bind
from sakimori.detection.sigma.kernel import Judge
from sakimori.detection.sigma.pack import Pack
from sakimori.detection.sigma.rule import Rule
from sakimori.detection.sigma.tally import Key, Tallies
from sakimori.records.batch import Batch
from sakimori.records.catalogue import Catalogue, Log
from sakimori.records.plan import Plan, Stream


class Engine:
    """Binds rules to streams when they are first met, and keeps each stream's kernel.

    `cache` is a folder for compiled string tables; None keeps nothing.
    """

    def __init__(self, pack: Pack, catalogue: Catalogue, cache: Path | None = None) -> None:
        self.pack = pack
        self.catalogue = catalogue
        self._cache = cache
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._bound: dict[tuple[str, tuple[tuple[str, str], ...]], Bound] = {}
        self._judges: dict[str, tuple[Key, Judge]] = {}
        self._by_logsource: dict[tuple[str | None, str | None, str | None], list[Rule]] = {}
        for rule in pack.rules:
            self._by_logsource.setdefault((rule.product, rule.category, rule.service), []).append(rule)

    def plan(self) -> Plan:
        """Which columns readers must deliver for these rules."""
        return Plan(self.catalogue, self._asked)

    def look(self, batch: Batch) -> pa.RecordBatch | None:
        """The rows on which rules fire, with `row`, their number, and `rules`; None where none does."""
        stream = batch.stream
        if stream.key not in self._judges:
            bound = self.bound(stream.log, dict(stream.constants))
            self._judges[stream.key] = (_key(stream), Judge(bound.plan, self._cache))
        _, judge = self._judges[stream.key]
        rows = pa.array(range(batch.data.num_rows), pa.int64())
        data = pa.RecordBatch.from_arrays([*batch.data.columns, rows], [*batch.data.schema.names, "row"])
        return judge.fired(data, batch.raws)

    def tallies(self) -> Tallies:
        """Which atoms held together on how many records since this was last asked."""
        found: dict[Key, Counter[frozenset[int]]] = {}
        for key, judge in self._judges.values():
            if tally := judge.tally():
                found.setdefault(key, Counter()).update(tally)
        return found

    def rules_of(self, log: Log) -> tuple[Rule, ...]:
        """The rules whose log source this log answers."""
        found = self._rules.get(log.name)
        if found is None:
            found = tuple(
                rule
                for (product, category, service), rules in self._by_logsource.items()
                if answers(log, product, category, service)
                for rule in rules
            )
            self._rules[log.name] = found
        return found

    def answers(self, rule: Rule, log: Log) -> bool:
        """Whether the log is one that the rule speaks about."""
        return answers(log, rule.product, rule.category, rule.service)

    def bound(self, log: Log, constants: Mapping[str, str]) -> Bound:
        """The rules bound to a stream of this log."""
        key = (log.name, tuple(sorted(constants.items())))
        if key not in self._bound:
            self._bound[key] = bind(self.rules_of(log), log, constants)
        return self._bound[key]

    def _asked(self, log: Log, constants: Mapping[str, str]) -> tuple[frozenset[str], bool]:
        bound = self.bound(log, constants)
        return bound.asked, bound.plan.keywords


def _key(stream: Stream) -> Key:
    return stream.log.name, tuple(sorted(dict(stream.constants).items()))


def answers(log: Log, product: str | None, category: str | None, service: str | None) -> bool:
    """Whether a log answers a Sigma logsource; a part that is None asks for nothing, one must be given.

    A log of any product (a proxy's) answers by its category or service, not by a product alone.
    """
    anybodys = log.product is None and bool(category or service)
    return (
        (product is None or log.product == product or anybodys)
        and (category is None or category in log.category)
        and (service is None or service in log.service)
        and any((product, category, service))
    )

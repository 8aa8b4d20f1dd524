"""Engine and plain evaluator agree on every rule of SigmaHQ against every event of the EVTX attack samples.

A rule is asked of the events of the logs it speaks about. The plain evaluator looks at each distinct
tuple of the fields a rule asks for once; that is what makes thousands of rules bearable, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from sigma.conditions import ConditionAND, ConditionNOT, ConditionOR, ConditionValueExpression
from sigma.types import SigmaFieldReference

from sakimori.detection.sigma import Engine, pack_of
from sakimori.records.batch import Batch, column_name
from sakimori.records.catalogue import Alias, Log, catalogue
from tests.detection.sigma import plain
from tests.detection.sigma.hunt import batches, verdicts

SHOWN = 20
WHOLE = "the whole event"


@dataclass(slots=True)
class Reading:
    """One rule as the plain evaluator reads it, with the fields it asks for and the verdicts so far."""

    document: Mapping[str, Any]
    conditions: tuple[Any, ...]
    fields: tuple[str, ...]
    known: dict[tuple[Any, ...], bool] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.document["id"])

    @property
    def category(self) -> str:
        return str(self.document["logsource"].get("category") or "")

    def says(self, values: tuple[Any, ...]) -> bool:
        """The verdict on an event whose fields have these values."""
        if values not in self.known:
            event = dict(zip(self.fields, values, strict=True))
            if event.get(WHOLE):
                event[WHOLE] = _leaves(event[WHOLE])
            self.known[values] = any(plain.holds(condition, event) for condition in self.conditions)
        return self.known[values]


@lru_cache(maxsize=20_000)
def _leaves(raw: bytes) -> list[str]:
    return list(plain.leaves(orjson.loads(raw)))


@pytest.fixture
def readings(shared: Callable[[str], Path]) -> list[Reading]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    documents = [yaml.load(file.read_bytes(), loader) for file in sorted(shared("sigma").rglob("*.yml"))]
    return [reading for document in documents if (reading := _reading(document))]


def test_engine_and_plain_evaluator_agree_on_every_rule_and_every_sample(
    readings: list[Reading], shared: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Engine(pack_of(reading.document for reading in readings), catalogue())
    by_log = _by_log(readings)
    events, fired, apart = 0, 0, []
    for file in sorted(shared("evtx_attack_samples").rglob("*.evtx")):
        for batch in batches(file, engine.plan()):
            by_engine = verdicts(batch, engine)
            by_plain = _plain_verdicts(batch, by_log.get(batch.stream.log.name, []))
            events, fired = events + len(by_plain), fired + sum(map(len, by_plain))
            apart += list(_differences(file.name, batch, by_engine, by_plain))
    with capsys.disabled():
        print(
            f"\n{len(readings)} rules, {events} events, {fired} times a rule fires, {len(apart)} differences."
        )
    assert apart[:SHOWN] == []
    assert (events, fired > 1000) == (8255, True)


def _reading(document: Mapping[str, Any]) -> Reading | None:
    try:
        conditions = plain.conditions(plain.parse(document))
    except ValueError:
        return None
    fields = {name for condition in conditions for name in _asked(condition)}
    return Reading(document, conditions, tuple(sorted(fields)))


def _asked(condition: Any) -> Iterator[str]:
    if isinstance(condition, ConditionAND | ConditionOR | ConditionNOT):
        for part in condition.args:
            yield from _asked(part)
    elif isinstance(condition, ConditionValueExpression):
        yield WHOLE
    else:
        yield condition.field
        if isinstance(condition.value, SigmaFieldReference):
            yield condition.value.field


def _by_log(readings: Sequence[Reading]) -> dict[str, list[Reading]]:
    return {
        log.name: [reading for reading in readings if _answers(log, reading.document["logsource"])]
        for log in catalogue().logs.values()
    }


def _answers(log: Log, source: Mapping[str, str]) -> bool:
    """Whether the log is one the rule speaks about: each part of its log source that is given must fit."""
    return (
        ("product" not in source or log.product in (None, source["product"]))
        and ("category" not in source or source["category"] in log.category)
        and ("service" not in source or source["service"] in log.service)
    )


def _plain_verdicts(batch: Batch, readings: Sequence[Reading]) -> list[set[str]]:
    found: list[set[str]] = [set() for _ in range(batch.data.num_rows)]
    content = _Content(batch)
    for reading in readings:
        narrowed = content.narrowed(reading.category)
        if not reading.fields:
            continue
        rows = zip(*(content.of(name) for name in reading.fields), strict=True)
        for row, values in enumerate(rows):
            if reading.says(values) and (narrowed is None or narrowed[row]):
                found[row].add(reading.id)
    return found


class _Content:
    """What the fields of a batch hold, under their Sigma names."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._log: Log = batch.stream.log
        self._known: dict[str, list[str | None]] = {}

    def of(self, name: str) -> list[Any]:
        """The values of a Sigma field, row by row."""
        if name == WHOLE:
            return [raw or None for raw in self._batch.raws] or [None] * self._batch.data.num_rows
        if name not in self._known:
            self._known[name] = self._translated(self._alias(name))
        return self._known[name]

    def narrowed(self, category: str) -> list[bool] | None:
        """Which rows are of the category; None where all are."""
        wanted = self._log.where.get(category)
        if not wanted:
            return None
        columns = [
            [value is not None and value.lower() in map(str.lower, values) for value in self._column(name)]
            for name, values in wanted.items()
        ]
        return [all(row) for row in zip(*columns, strict=True)]

    def _alias(self, name: str) -> Alias:
        if name in self._log.aliases:
            return self._log.aliases[name]
        alike = {column.lower(): column for column in self._log.columns}
        exact = name in self._log.columns or name in dict(self._batch.stream.constants)
        return Alias(column=name if exact else alike.get(name.lower(), name))

    def _translated(self, alias: Alias) -> list[str | None]:
        if alias.template is not None:
            return self._filled(alias.template)
        values = self._column(alias.column or "")
        return [value if value is None else alias.values.get(value, value) for value in values]

    def _filled(self, template: str) -> list[str | None]:
        names = [piece.partition("}")[0] for piece in template.split("{")[1:]]
        columns = {name: self._column(name) for name in names}
        return [
            None
            if all(columns[name][row] is None for name in names)
            else template.format_map({name: columns[name][row] or "" for name in names})
            for row in range(self._batch.data.num_rows)
        ]

    def _column(self, name: str) -> list[str | None]:
        data = self._batch.data
        if column_name(name) not in data.schema.names:
            return [None] * data.num_rows
        values: list[str | None] = data.column(column_name(name)).to_pylist()
        return values


def _differences(
    file: str, batch: Batch, by_engine: Sequence[frozenset[str]], by_plain: Sequence[set[str]]
) -> Iterator[tuple[str, str, int, str, str]]:
    records = batch.data.column("record").to_pylist()
    for record, engine, evaluator in zip(records, by_engine, by_plain, strict=True):
        for rule in sorted(engine ^ evaluator):
            yield file, batch.stream.key, record, rule, "engine" if rule in engine else "plain"

"""Why each rule that the report lists was silent, or what of it held: from the tallies of the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sakimori.coverage import Coverage, RuleState, Why
from sakimori.detection.sigma.bind import columns_of
from sakimori.detection.sigma.engine import Engine
from sakimori.detection.sigma.explain import Heard, Parts, fields_of, parts_of
from sakimori.detection.sigma.pack import documents_of_files, own_rules
from sakimori.detection.sigma.placeholders import filled as with_lists
from sakimori.detection.sigma.placeholders import read_lists
from sakimori.detection.sigma.tally import merged
from sakimori.engine.local import Local
from sakimori.errors import RuleError
from sakimori.records.batch import column_name
from sakimori.records.store import Store
from sakimori.response.report.rules import shown
from sakimori.setting import Setting
from sakimori.tables.views import identifier


def with_reasons(seen: Coverage, engine: Engine, store: Store, local: Local, setting: Setting) -> Coverage:
    """The coverage with what held of each rule that spoke or was silent, as far as the report lists it."""
    asked = {state.detector for kind in ("spoke", "silent") for state in shown(seen, kind)}
    parts = list(_taken_apart(asked, setting))
    tallies = merged(store.tallies())
    heard = Heard(engine, tallies, _filled(parts, engine, local, {log for log, _ in tallies}))
    reasons = {f"sigma:{one.rule.id}": heard.explanation(one).why for one in parts}
    return replace(seen, states=tuple(_told(state, reasons) for state in seen.states))


def _told(state: RuleState, reasons: Mapping[str, Why]) -> RuleState:
    return replace(state, why=reasons.get(state.detector)) if state.detector in reasons else state


def _taken_apart(asked: set[str], setting: Setting) -> Iterator[Parts]:
    lists = read_lists(setting.placeholders)
    ids = {detector.removeprefix("sigma:") for detector in asked}
    for _, document in documents_of_files(setting.rules or (own_rules(),), ids):
        if isinstance(document, dict) and f"sigma:{document.get('id')}" in asked and "detection" in document:
            try:
                yield parts_of(with_lists(document, lists))
            except RuleError:  # a selection that cannot stand alone is left unexplained
                continue


def _filled(
    parts: Sequence[Parts], engine: Engine, local: Local, logs: Iterable[str]
) -> dict[tuple[str, str], int]:
    """Of each log and column that these rules ask for, how many records hold something."""
    found: dict[tuple[str, str], int] = {}
    for name in sorted(logs):
        log = engine.catalogue[name]
        asking = [one for one in parts if engine.answers(one.rule, log)]
        fields = {field for one in asking for field in fields_of(one)}
        columns = sorted({column for field in fields for column in columns_of(log, field)})
        for column, rows in _counted(local, name, columns).items():
            found[name, column] = rows
    return found


def _counted(local: Local, log: str, columns: Sequence[str]) -> Mapping[str, Any]:
    table = f"records.{identifier(log)}"
    there = {row["column_name"] for row in local.query(f"DESCRIBE {table}").to_pylist()}
    kept = [column for column in columns if column_name(column) in there]
    if not kept:
        return {}
    counts = ", ".join(f"count({identifier(column_name(one))}) AS {identifier(one)}" for one in kept)
    return dict(local.query(f"SELECT {counts} FROM {table}").to_pylist()[0])

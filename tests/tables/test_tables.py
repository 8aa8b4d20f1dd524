"""The tables as a data set, and every log of the catalogue against them."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from sakimori.engine.local import Local
from sakimori.records.catalogue import catalogue
from sakimori.records.store import Store
from sakimori.tables import TABLES
from sakimori.tables.views import WHERE
from tests.rows import batch_of, publish

LOGS = tuple(catalogue().logs.values())


def test_one_column_name_has_one_type_everywhere() -> None:
    kinds: dict[str, set[str]] = {}
    for table in TABLES.values():
        for column in table.schema:
            kinds.setdefault(column.name, set()).add(column.kind)
    assert {name: kinds[name] for name in kinds if len(kinds[name]) > 1} == {}


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_is_told_in_words_and_names_its_columns_once(table) -> None:
    names = [column.name for column in table.schema]
    assert len(names) == len(set(names))
    assert all(set(name) <= set(string.ascii_lowercase + "_") for name in names)
    assert all(column.meaning and not column.meaning.endswith(".") for column in table.schema)


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.name)
def test_a_log_fills_only_columns_that_exist(log) -> None:
    for name, mapping in log.tables.items():
        known = {column.name for column in TABLES[name].columns} | {WHERE}
        assert set(mapping) - known == set()


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory):
    root: Path = tmp_path_factory.mktemp("every_log")
    with Store(root / "store").open() as store:
        batches = [batch_of(catalogue(), log.name, [dict.fromkeys(log.columns, "x")]) for log in LOGS]
        publish(store, "all", ("all.json", batches))
        store.compact()
    with Local(store, catalogue(), 200 << 20, root / "temp") as engine:
        yield engine


@pytest.mark.parametrize("table", TABLES)
def test_every_log_of_the_catalogue_gives_rows_the_engine_can_read(engine: Local, table: str) -> None:
    names = [column.name for column in TABLES[table].schema]
    assert engine.query(f'SELECT * FROM "{table}"').schema.names == names

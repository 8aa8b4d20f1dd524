"""Golden samples: `golden/<family>.toml` holds text of each format and what must come of it.

A sample has `text` (or `base64` for bytes), and besides:
- `path`: where the file lay, for formats that do not say whose they are (default: the sample's own name);
- `reader`: the reader that must claim it, where several might;
- `logs`, `times`: log and time of each record, in order of place; `unread`: stretches that are unread (0);
- `rows.<table>`: the rows it makes in each table, nulls left out, in order of place. What a sample makes in a
  table that is not named is an error: `rows.<table> = []` is not needed, forgetting one is seen.
"""

from __future__ import annotations

import base64
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sakimori.engine.local import Local
from sakimori.evidence.reader import HEAD_BYTES, Source
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import reader_of
from sakimori.findings import moment
from sakimori.records.batch import Batch, Unread
from sakimori.records.catalogue import catalogue
from sakimori.records.plan import stored_only
from sakimori.records.store import Store
from sakimori.tables import TABLES
from tests.evidence.reading import source
from tests.rows import publish

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = [
    pytest.param(sample, id=f"{file.stem}: {sample['name']}")
    for file in sorted(GOLDEN.glob("*.toml"))
    for sample in tomllib.loads(file.read_text("utf-8"))["sample"]
]


def given(sample: dict[str, Any]) -> bytes:
    """The bytes of a sample."""
    if "base64" in sample:
        return base64.b64decode(sample["base64"])
    data: bytes = sample["text"].removeprefix("\n").encode()
    return data


def of(sample: dict[str, Any]) -> Source:
    """The sample as a member of the evidence."""
    data = given(sample)
    whole = source(data)
    return Source(path=sample.get("path", sample["name"]), stream=whole.stream, head=data[:HEAD_BYTES])


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_read_as_its_documentation_says(tmp_path: Path, sample: dict[str, Any]) -> None:
    reader = reader_of(given(sample)[:HEAD_BYTES], READERS, sample.get("path", sample["name"]))
    assert reader is not None
    assert sample.get("reader", reader.name) == reader.name
    found = list(reader.read(of(sample), stored_only(catalogue())))
    batches = [one for one in found if isinstance(one, Batch)]
    unread = [one for one in found if isinstance(one, Unread)]
    rows = sorted(
        (row["record"], row["offset"], batch.stream.log.name, row["clock"])
        for batch in batches
        for row in batch.data.to_pylist()
    )
    assert [row[2] for row in rows] == sample["logs"]
    assert [_time(row[3]) for row in rows] == sample["times"]
    assert len(unread) == sample.get("unread", 0), unread
    assert tables(tmp_path, batches) == sample.get("rows", {})


def _time(clock: int | None) -> str:
    """The moment as samples write it; empty where there is none."""
    return moment(clock) or ""


def tables(folder: Path, batches: list[Batch]) -> dict[str, list[dict[str, Any]]]:
    """What the batches mean: the rows of every table that has any; nulls and places left out."""
    with Store(folder / "store").open() as store:
        publish(store, "one", ("evidence", batches))
        store.compact()
    with Local(store, catalogue(), 200 << 20, folder / "temp") as local:
        made = {name: _rows(local, name) for name in TABLES if name not in ("traffic", "unread")}
    return {name: rows for name, rows in made.items() if rows}


def _rows(local: Local, table: str) -> list[dict[str, Any]]:
    own = ", ".join(f'"{column.name}"' for column in TABLES[table].columns)
    found = local.query(f'SELECT {own} FROM "{table}" ORDER BY record, "offset", log').to_pylist()
    return [{name: value for name, value in row.items() if value is not None} for row in found]

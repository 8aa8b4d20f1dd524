"""Overlapping and repeated exports, however they overlap: each event counts once."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.engine.local import Local
from sakimori.records.catalogue import Log
from sakimori.records.store import Store
from tests.rows import batch_of, catalogue_of, publish

# A log with columns that could be taken for ours.
LOG = Log(
    name="mail", family="small", columns=("path", "digest", "Record", "nth"), identity=("path", "Record")
)
CATALOGUE = catalogue_of(LOG)
EVENT = st.tuples(st.sampled_from(["a", "b", "", None]), st.integers(0, 5) | st.none())
EXPORT = st.lists(EVENT, max_size=12)
CASE = st.lists(st.lists(EXPORT, min_size=1, max_size=3), min_size=1, max_size=3)

Event = tuple[str | None, int | None]


@settings(max_examples=25, deadline=None)
@given(CASE)
def test_each_event_counts_once_and_what_has_no_identity_counts_each_time(
    case: list[list[list[Event]]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = counted(Path(folder), case)
    events = [event for task in case for export in task for event in export]
    named = {event for event in events if None not in event}
    nameless = [event for event in events if None in event]
    assert sorted(found, key=repr) == sorted([*named, *nameless], key=repr)


def counted(root: Path, case: list[list[list[Event]]]) -> list[Event]:
    """The events as the engine counts them, each export a member, each list of exports a task."""
    with Store(root / "store").open() as store:
        for number, task in enumerate(case):
            publish(
                store, f"t{number}", *[(f"{number}/{m}", written(export)) for m, export in enumerate(task)]
            )
        store.compact()
    with Local(store, CATALOGUE, 100 << 20, root / "temp") as engine:
        if "mail" not in engine.logs:
            return []
        rows = engine.query('SELECT path, "Record_" AS id FROM records.mail').to_pylist()
    return [(row["path"], None if row["id"] is None else int(row["id"])) for row in rows]


def written(export: list[Event]) -> list:
    rows = [{"path": path, "Record": number} for path, number in export]
    return [batch_of(CATALOGUE, "mail", rows)] if rows else []


def test_the_first_place_by_path_and_record_is_the_one_that_counts(tmp_path: Path) -> None:
    rows = [batch_of(CATALOGUE, "mail", [{"path": "x", "Record": 1}] * 2)]
    with Store(tmp_path / "store").open() as store:
        publish(store, "a", ("z.json", rows))
        publish(store, "b", ("b.json", rows), ("c.json", rows))
        store.compact()
    with Local(store, CATALOGUE, 100 << 20, tmp_path / "temp") as engine:
        kept = engine.query("SELECT m.path, record FROM records.mail JOIN members m USING (segment, member)")
        assert kept.to_pylist() == [{"path": "b.json", "record": 1}]
        assert engine.duplicates == {"mail": 5}


def test_a_log_that_begins_anew_gives_its_numbers_again() -> None:
    log = Log(name="log", family="small", columns=("Number", "When"), time=("When",), identity=("Number",))
    times = ("2026-03-01T09:00:00Z", "2026-03-01T18:00:00Z", "2026-03-05T09:00:00Z")
    batches = [
        batch_of(catalogue_of(log), "log", [{"Number": 1, "When": when}, {"Number": 2, "When": times[0]}])
        for when in times
    ]
    with tempfile.TemporaryDirectory() as folder:
        with Store(Path(folder) / "store").open() as store:
            publish(store, "one", *[(f"{n}", [batch]) for n, batch in enumerate(batches)])
            store.compact()
        with Local(store, catalogue_of(log), 100 << 20, Path(folder) / "temp") as engine:
            found = engine.query('SELECT "Number", "When" FROM records.log ORDER BY ALL').to_pylist()
    assert found == [
        {"Number": "1", "When": times[0]},
        {"Number": "1", "When": times[2]},
        {"Number": "2", "When": times[0]},
    ]

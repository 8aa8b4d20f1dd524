"""The record store: whole or not at all, once, and the same bytes for the same rows."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sakimori.errors import EngineError
from sakimori.records.catalogue import Log
from sakimori.records.store import SegmentWriter, Store
from tests.rows import batch_of, catalogue_of, publish

DOOR = Log(name="door", family="building", columns=("When", "Who", "record"), time=("When",))
LIFT = Log(name="lift", family="building", columns=("When", "Floor"), time=("When",))
CATALOGUE = catalogue_of(DOOR, LIFT)


def visits(*names: str) -> list[dict[str, object]]:
    return [{"When": f"2026-03-01T09:00:{n:02d}Z", "Who": name} for n, name in enumerate(names)]


def door(*names: str):
    return batch_of(CATALOGUE, "door", visits(*names))


def rows(store: Store, log: str = "door") -> list[tuple[str, int, int, str]]:
    """Segment, member, record and visitor of every row, sorted; what waits is merged first."""
    store.compact()
    found = [row for path in store.files().get(log, []) for row in pq.read_table(path).to_pylist()]
    return sorted((r["segment"], r["member"], r["record"], r["Who"]) for r in found)


def everything(root: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and p.name not in ("lock",)
    }


def test_a_published_task_is_read_back_with_the_place_of_each_row(tmp_path: Path) -> None:
    with Store(tmp_path).open() as store:
        publish(store, "a", ("one.json", [door("mei", "ken")]), ("two.zip!in.json", [door("aya")]))
        assert rows(store) == [("a", 0, 1, "mei"), ("a", 0, 2, "ken"), ("a", 1, 1, "aya")]
        assert [(m["segment"], m["index"], m["path"]) for m in store.members()] == [
            ("a", 0, "one.json"),
            ("a", 1, "two.zip!in.json"),
        ]


def test_times_offsets_and_a_clashing_native_name_are_kept(tmp_path: Path) -> None:
    with Store(tmp_path).open() as store:
        batch = batch_of(CATALOGUE, "door", [{"When": "2026-03-01T09:00:00Z", "record": "native"}], first=3)
        publish(store, "a", ("one.json", [batch]))
        store.compact()
        (row,) = pq.read_table(store.files()["door"][0]).to_pylist()
    assert row == {
        "segment": "a",
        "member": 0,
        "record": 3,
        "offset": 200,
        "clock": 1_772_355_600_000_000,
        "clock_source": "When",
        "When": "2026-03-01T09:00:00Z",
        "Who": None,
        "record_": "native",
    }


def test_an_unpublished_task_leaves_nothing(tmp_path: Path) -> None:
    with Store(tmp_path).open() as store:
        SegmentWriter(store.staging("a")).append(0, door("mei"))
    with Store(tmp_path).open() as store:
        assert (rows(store), store.published("a"), list((tmp_path / "staging").iterdir())) == ([], False, [])


def test_a_task_its_worker_did_not_finish_is_not_published(tmp_path: Path) -> None:
    with Store(tmp_path).open() as store:
        SegmentWriter(store.staging("a")).append(0, door("mei"))
        with pytest.raises(EngineError, match="not finished"):
            store.publish("a")
        assert not store.published("a")


def _die_while_writing(root: Path) -> None:
    store = Store(root).open()
    publish(store, "whole", ("one.json", [door("mei")]))
    writer = SegmentWriter(store.staging("half"), budget=1)
    writer.append(0, door("ken"))
    os._exit(9)


def test_a_killed_hunt_keeps_what_it_published_and_frees_the_case(tmp_path: Path) -> None:
    hunt = multiprocessing.get_context("spawn").Process(target=_die_while_writing, args=(tmp_path,))
    hunt.start()
    hunt.join()
    assert hunt.exitcode == 9
    assert (tmp_path / "staging" / "half").exists()
    with Store(tmp_path).open() as store:
        assert not (tmp_path / "staging" / "half").exists()
        assert rows(store) == [("whole", 0, 1, "mei")]


def test_importing_twice_adds_nothing(tmp_path: Path) -> None:
    with Store(tmp_path).open() as store:
        publish(store, "a", ("one.json", [door("mei")]))
        before = everything(tmp_path)
        publish(store, "a", ("one.json", [door("mei")]))
    assert everything(tmp_path) == before


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("x", "y"):
        with Store(tmp_path / name).open() as store:
            publish(store, "a", ("one.json", [door(*"abcabc"), door("d", "a")]))
    assert everything(tmp_path / "x") == everything(tmp_path / "y")


def test_a_small_budget_changes_no_row(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path / "s", budget=1)
    for n in range(20):
        writer.append(0, door(f"guest{n}"))
        writer.append(0, batch_of(CATALOGUE, "lift", [{"Floor": str(n)}]))
    writer.close([])
    table = pq.read_table(tmp_path / "s" / "door.parquet")
    assert table.column("Who").to_pylist() == [f"guest{n}" for n in range(20)]
    assert pa.types.is_dictionary(table.schema.field("Who").type)


def test_columns_that_only_rules_ask_for_are_not_stored(tmp_path: Path) -> None:
    batch = door("mei")
    stream = type(batch.stream)(DOOR, (), ("When", "Who", "record"), 2, False)
    writer = SegmentWriter(tmp_path / "s", budget=0)
    writer.append(0, type(batch)(stream, batch.data))
    writer.close([])
    assert pq.read_schema(tmp_path / "s" / "door.parquet").names[6:] == ["When", "Who"]


def test_hits_are_kept_beside_the_rows(tmp_path: Path) -> None:
    with Store(tmp_path).open() as store:
        writer = SegmentWriter(store.staging("a"))
        writer.hits(pa.RecordBatch.from_pydict({"rule": ["r1", "r2"]}))
        writer.close([])
        store.publish("a")
        assert [pq.read_table(p).column("rule").to_pylist() for p in store.hits()] == [["r1", "r2"]]
        assert store.files() == {}


def test_a_second_hunt_on_the_same_case_is_told_who_holds_it(tmp_path: Path) -> None:
    with Store(tmp_path).open(), pytest.raises(EngineError, match=f"in use by process {os.getpid()} on"):
        Store(tmp_path).open()
    Store(tmp_path).open().close()


@pytest.mark.parametrize("name", ["", "..", "a/b", "../a", ".hidden", "a\x00"])
def test_a_task_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(EngineError, match="no name for a task"):
        Store(tmp_path).staging(name)


GUESTS = [(f"t{n:02d}", 0, 1, f"guest{n}") for n in range(20)]


def twenty(root: Path) -> Store:
    """Twenty tasks of one row; each second one is large enough for a Parquet file of its own."""
    store = Store(root).open()
    for n in range(20):
        writer = SegmentWriter(store.staging(f"t{n:02d}"), budget=n % 2 << 20)
        writer.append(0, door(f"guest{n}"))
        if n < 2:
            writer.append(0, batch_of(CATALOGUE, "lift", [{"Floor": str(n)}]))
        writer.close([{"index": 0, "path": f"{n}.json"}])
        store.publish(f"t{n:02d}")
    return store


def test_a_few_small_files_are_left_as_they_are(tmp_path: Path) -> None:
    with twenty(tmp_path) as store:
        store.compact(few=10)
        assert (rows(store), len(store.files()["door"])) == (GUESTS, 11)


def test_before_compaction_the_store_says_that_rows_wait(tmp_path: Path) -> None:
    with twenty(tmp_path) as store, pytest.raises(EngineError, match="did not end: run it again"):
        store.files()


def test_compaction_keeps_every_row_in_one_file_a_log(tmp_path: Path) -> None:
    with twenty(tmp_path) as store:
        members = list(store.members())
        store.compact(few=4)
        assert (rows(store), list(store.members())) == (GUESTS, members)
        assert {log: len(files) for log, files in store.files().items()} == {"door": 1, "lift": 2}
        left = {path.name for path in tmp_path.glob("segments/*/*")}
        assert left == {"members.json", "lift.parquet"}  # one small file of lift is not many


def test_compaction_is_idempotent_and_publishing_again_still_adds_nothing(tmp_path: Path) -> None:
    with twenty(tmp_path) as store:
        store.compact(few=4)
        once = everything(tmp_path)
        store.compact(few=4)
        publish(store, "t03", ("3.json", [door("guest3")]))
        assert everything(tmp_path) == once


def test_compaction_gives_the_same_bytes_whatever_the_order_of_publishing(tmp_path: Path) -> None:
    for name, order in (("x", range(20)), ("y", reversed(range(20)))):
        with Store(tmp_path / name).open() as store:
            for n in order:
                publish(store, f"t{n:02d}", (f"{n}.json", [door(f"guest{n}")]))
            store.compact(few=4)
    assert everything(tmp_path / "x") == everything(tmp_path / "y")


def interrupted(root: Path) -> None:
    """A compaction after which the sources are there again, as if it had been killed before it tidied up."""
    with twenty(root) as store:
        shutil.copytree(root / "segments", root / "saved")
        store.compact(few=4)
    shutil.rmtree(root / "segments")
    (root / "saved").rename(root / "segments")


def test_a_kill_before_a_merge_counts_loses_and_doubles_nothing(tmp_path: Path) -> None:
    interrupted(tmp_path)
    (tmp_path / "compacted.json").unlink()  # the merged file is there, the index that makes it count is not
    with Store(tmp_path).open() as store:
        assert not list(tmp_path.glob("logs/*/*.parquet"))
        assert rows(store) == GUESTS


def test_a_kill_after_a_merge_counts_loses_and_doubles_nothing(tmp_path: Path) -> None:
    interrupted(tmp_path)
    with Store(tmp_path).open() as store:
        assert not list(tmp_path.glob("segments/*/door.parquet")) + list(tmp_path.glob("segments/*/pending*"))
        assert rows(store) == GUESTS


@pytest.mark.parametrize("compacted", [False, True])
def test_retain_drops_superseded_tasks_and_their_rows(tmp_path: Path, compacted: bool) -> None:
    with twenty(tmp_path) as store:
        if compacted:
            store.compact(few=4)
        store.retain({"t01", "t05"})
        assert rows(store) == [("t01", 0, 1, "guest1"), ("t05", 0, 1, "guest5")]
        assert store.tasks() == ["t01", "t05"]
        store.retain(set())
        assert (rows(store), store.files(), store.tasks()) == ([], {}, [])


def test_a_segment_unpublished_by_a_killed_retain_takes_its_merged_rows_along(tmp_path: Path) -> None:
    with twenty(tmp_path) as store:
        store.compact(few=4)
    shutil.rmtree(tmp_path / "segments" / "t07")
    with Store(tmp_path).open() as store:
        assert "t07" not in {segment for segment, *_ in rows(store)}
        assert len(rows(store)) == 19


def test_tasks_whose_merged_rows_were_lost_are_read_anew(tmp_path: Path) -> None:
    with twenty(tmp_path) as store:
        store.compact(few=4)
        (merged,) = store.files()["door"]
    merged.unlink()
    with Store(tmp_path).open() as store:
        assert (store.tasks(), store.files()) == ([], {})


def test_later_segments_join_an_earlier_merge(tmp_path: Path) -> None:
    with twenty(tmp_path) as store:
        store.compact(few=4)
        for n in range(20, 30):
            publish(store, f"t{n}", (f"{n}.json", [door(f"guest{n}")]))
        store.compact()  # the new rows become a second file
        assert len(store.files()["door"]) == 2
        store.compact(few=1)
        assert rows(store) == [*GUESTS, *((f"t{n}", 0, 1, f"guest{n}") for n in range(20, 30))]
        assert len(store.files()["door"]) == 1

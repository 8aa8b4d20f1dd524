"""Tasks and their segments: the same rows however a file is cut; of a grown log, only the new end."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sakimori.evidence.discover import EvidenceFile, discover
from sakimori.evidence.generic import known_logs
from sakimori.evidence.intake import Intake, _marked
from sakimori.evidence.ranges import Whole
from sakimori.evidence.readers import READERS
from sakimori.evidence.tasks import Task, file_hash, same_content, tasks
from sakimori.records.clock import Zone
from sakimori.records.ledger import Ledger, ledger
from sakimori.records.plan import stored_only
from sakimori.records.store import Store
from tests.small_evidence import lines, started

RANGE = 4000


def taken_in(store: Store, folder: Path, size: int = RANGE) -> tuple[list[str], Ledger]:
    """Names of the tasks that were read or stood already, and the ledger."""
    catalogue = known_logs()
    intake = Intake(
        tally=list,
        store=store, plan=stored_only(catalogue), readers=READERS, look=lambda batch, member: None,
        fingerprint="test", zone=Zone(), progress=lambda *facts: None,
    )  # fmt: skip
    names: list[str] = []
    hashes: dict[str, str] = {}
    for task in tasks(discover([folder]).files, READERS, size):
        if isinstance(task, Whole):
            hashes["log.json"] = task.sha256
        else:
            names.append(intake.run(task))
            store.publish(names[-1])
    store.retain(set(names))
    store.compact()
    return names, ledger(store.members(), hashes, catalogue, "UTC")


def rows(store: Store) -> list[tuple[object, ...]]:
    files = store.files()["windows_sysmon_1"]
    table = [row for file in files for row in pq.read_table(file).to_pylist()]
    return sorted((row["record"], row["offset"], row["CommandLine"]) for row in table)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sakimori.evidence.tasks.GROUP_BYTES", 1000)
    file = tmp_path / "evidence" / "log.json"
    file.parent.mkdir()
    file.write_bytes(lines(started(n) for n in range(40)))
    return file


def test_ranges_give_the_rows_of_the_whole(log: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "one").open() as whole, Store(tmp_path / "many").open() as cut:
        (_name,), one = taken_in(whole, log.parent, size=1 << 30)
        names, many = taken_in(cut, log.parent)
        assert len(names) > 3
        assert rows(whole) == rows(cut)
        assert [row[0] for row in rows(cut)] == list(range(1, 41))
        assert one.files == many.files
        assert many.files[0].sha256 == file_hash(log)


def test_a_log_that_has_grown_reads_only_its_end(log: Path, tmp_path: Path) -> None:
    with Store(tmp_path / "store").open() as store:
        before, _ = taken_in(store, log.parent)
        with log.open("ab") as out:
            out.write(lines(started(n) for n in range(40, 60)))
        after, book = taken_in(store, log.parent)
        assert after[: len(before) - 1] == before[:-1]
        assert book.files[0].records == len(rows(store)) == 60


def test_tasks_are_the_same_for_any_order_of_files(tmp_path: Path) -> None:
    files = [EvidenceFile(tmp_path / name, name, size) for name, size in (("a", 10), ("b", 90), ("c", 10))]
    assert list(tasks(files, READERS)) == list(tasks(files[::-1], READERS)) == [Task(tuple(files))]


def test_same_bytes_under_two_names_are_one_file(tmp_path: Path) -> None:
    for name, text in (("a", b"xx"), ("b", b"yy"), ("c", b"xx"), ("empty", b""), ("void", b"")):
        (tmp_path / name).write_bytes(text)
    assert same_content(discover([tmp_path]).files) == {"c": "a"}


def test_files_that_differ_only_in_the_middle_are_two(tmp_path: Path) -> None:
    for name, text in (("a", b"x"), ("b", b"y"), ("c", b"x")):
        (tmp_path / name).write_bytes(bytes(70_000) + text + bytes(70_000))
    assert same_content(discover([tmp_path]).files) == {"c": "a"}


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ([1 << 20] * 16, [8, 8]),  # little evidence is still shared among workers
        ([4 << 20] * 64, [8] * 8),
        ([4 << 20] * 127, [8] * 15 + [7]),
        ([64 << 20] * 64, [2] * 32),
    ],
)
def test_groups_are_larger_where_there_is_more(sizes: list[int], groups: list[int], tmp_path: Path) -> None:
    files = [EvidenceFile(tmp_path / f"{n:03}", f"{n:03}", size) for n, size in enumerate(sizes)]
    assert [len(task.files) for task in tasks(files, READERS) if isinstance(task, Task)] == groups


def test_a_large_evtx_file_is_cut_at_its_chunks(
    shared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sakimori.evidence.tasks.GROUP_BYTES", 1000)
    largest = max(shared("evtx_attack_samples").rglob("*.evtx"), key=lambda file: file.stat().st_size)
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "log.json").write_bytes(largest.read_bytes())
    with Store(tmp_path / "one").open() as whole, Store(tmp_path / "many").open() as cut:
        _, one = taken_in(whole, folder, size=1 << 30)
        names, many = taken_in(cut, folder, size=200_000)
        assert len(names) > 1
        assert one.files[0].records == many.files[0].records > 0
        assert (one.files[0].sha256, one.logs) == (many.files[0].sha256, many.logs)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"Timestamp,Url,synthetic\n2026,u,SAKIMORI-SYNTHETIC\n", "all"),
        (b"Timestamp,Url,synthetic\n2026,u,\n", "none"),
        (b'{"value":[\n{"a":"SAKIMORI-SYNTHETIC"},\n{"a":"SAKIMORI-SYNTHETIC"}\n]}\n', "all"),
        (b'{"a":"SAKIMORI-SYNTHETIC"}\n{"a":1}\n{"a":2}\n', "some"),
        (b'{"a":"SAKIMORI-SYNTHETIC"}\n{"a":"SAKIMORI-SYN', "all"),
    ],
)
def test_the_mark_is_told_from_whole_records_without_heading_and_brackets(head: bytes, says: str) -> None:
    assert _marked(head) == says

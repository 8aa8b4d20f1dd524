"""What is counted of members whose rows come in common batches is what is counted of each alone."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sakimori.evidence.accounts import Account, count
from sakimori.records.batch import Batch, BatchBuilder, Builders, Pool
from sakimori.records.catalogue import Log
from sakimori.records.clock import Zone
from sakimori.records.plan import stored_only
from sakimori.records.store import Store
from tests.evidence.test_intake import taken_in
from tests.rows import catalogue_of
from tests.small_evidence import lines, started

LOG = Log(
    name="door", family="test", columns=("at", "seen", "who", "host", "other"), time=("at", "seen"),
    subjects={"host": ("host", "other")},
)  # fmt: skip
PLAN = stored_only(catalogue_of(LOG))
TIMES = st.sampled_from([None, "soon", "2026-03-01T09:00:00Z", "2026-03-01T09:07:00Z", "2026-03-02 01:00:00"])
NAMES = st.sampled_from([None, "", "A", "a", "b"])
ROWS = st.fixed_dictionaries({"at": TIMES, "seen": TIMES, "who": NAMES, "host": NAMES, "other": NAMES})


def together(members: list[list[dict[str, str | None]]], budget: int) -> list[Batch]:
    """The members' rows through one pool, 1 byte each."""
    pool, out = Pool(budget), list[Batch]()
    for member, rows in enumerate(members):
        builders = Builders(lambda stream: BatchBuilder.of_mappings(stream, Zone()), pool=pool, member=member)
        for number, row in enumerate(rows):
            out += builders.add(PLAN.stream("door"), number, 0, row, 1)
        out += builders.rest()
    return [*out, *pool.rest()]


def alone(rows: list[dict[str, str | None]]) -> Account:
    account = Account()
    if rows:
        builder = BatchBuilder.of_mappings(PLAN.stream("door"), Zone())
        for number, row in enumerate(rows):
            builder.add(number, 0, row)
        count(builder.take(), [account], 0, Zone())
    return account


@given(st.lists(st.lists(ROWS, max_size=4), max_size=6))
def test_members_read_together_are_counted_as_if_alone(members: list[list[dict[str, str | None]]]) -> None:
    accounts = [Account() for _ in members]
    for batch in together(members, budget=1 << 20):
        count(batch, accounts, 0, Zone())
    assert accounts == [alone(rows) for rows in members]


@given(st.lists(st.lists(ROWS, max_size=4), max_size=6), st.integers(1, 9))
def test_every_row_keeps_its_member_and_its_number(
    members: list[list[dict[str, str | None]]], budget: int
) -> None:
    found = [
        (int(member), row["record"], row["who"])
        for batch in together(members, budget)
        for member, row in zip(batch.members(99), batch.data.to_pylist(), strict=True)
    ]
    assert found == [(m, n, row["who"]) for m, rows in enumerate(members) for n, row in enumerate(rows)]


def test_a_batch_of_one_member_is_of_the_member_being_read() -> None:
    builder = BatchBuilder.of_mappings(PLAN.stream("door"), Zone())
    builder.add(1, 0, {})
    assert builder.take().members(7).tolist() == [7]


def test_small_files_of_a_task_are_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name, numbers in (("a", range(3)), ("b", range(3, 4)), ("c", range(4, 9))):
        (folder / f"{name}.json").write_bytes(lines(started(n) for n in numbers))
    (folder / "d.json").write_bytes(lines([started(9)]) + b"{\n")
    with Store(tmp_path / "store").open() as store:
        names, book = taken_in(store, folder)
    assert len(names) == 1
    assert [(f.path, f.records, f.unread) for f in book.files] == [
        ("a.json", 3, 0), ("b.json", 1, 0), ("c.json", 5, 0), ("d.json", 1, 1),
    ]  # fmt: skip

"""The engine on one machine: each event once, the place of each row, and closed doors."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from sakimori.engine.local import Local
from sakimori.errors import EngineError
from sakimori.findings import Place
from sakimori.records.catalogue import Catalogue, Log
from sakimori.records.store import Store
from tests.rows import batch_of, catalogue_of, publish, store_of

STARTED = Log(
    name="started",
    family="small",
    columns=("When", "Computer", "Id", "Image", "Pid"),
    time=("When",),
    identity=("Computer", "Id"),
    tables={"process": {"host": '"Computer"', "image": '"Image"', "pid": '"Pid"'}},
)
RAN = Log(
    name="ran",
    family="small",
    columns=("Box", "What", "Kind"),
    tables={"process": {"host": '"Box"', "image": '"What"', "where": "\"Kind\" = 'exec'"}},
)
CATALOGUE = catalogue_of(STARTED, RAN)
MEMORY = 200 << 20


def started(*ids: int, second: int = 0) -> list[dict[str, object]]:
    return [
        {
            "When": f"2026-03-01T09:00:{second + n:02d}Z",
            "Computer": "pc1",
            "Id": n,
            "Image": f"C:\\{n}.exe",
            "Pid": n,
        }
        for n in ids
    ]


def local(tmp_path: Path, store: Store, catalogue: Catalogue = CATALOGUE) -> Local:
    return Local(store, catalogue, MEMORY, tmp_path / "temp")


def overlapping(root: Path) -> Store:
    """Two exports of one log that share the events 2 and 3; the second was published first."""
    with Store(root).open() as store:
        publish(store, "b", ("later.json", [batch_of(CATALOGUE, "started", started(2, 3, 4))]))
        publish(store, "a", ("early.json", [batch_of(CATALOGUE, "started", started(1, 2, 3))]))
        store.compact()
    return store


def test_a_table_is_all_its_logs_in_one_schema(tmp_path: Path) -> None:
    rows = {"started": started(1), "ran": [{"Box": "mac1", "What": "/bin/ls", "Kind": "exec"}]}
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, rows)) as engine:
        found = engine.query("SELECT host, image, pid, log, record FROM process ORDER BY host").to_pylist()
    assert found == [
        {"host": "mac1", "image": "/bin/ls", "pid": None, "log": "ran", "record": 1},
        {"host": "pc1", "image": "C:\\1.exe", "pid": 1, "log": "started", "record": 1},
    ]


def test_where_says_which_rows_of_a_log_belong_to_a_table(tmp_path: Path) -> None:
    rows = {"ran": [{"Box": "mac1", "What": "/bin/ls", "Kind": kind} for kind in ("exec", "exit", None)]}
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, rows)) as engine:
        assert engine.query("SELECT record FROM process").to_pylist() == [{"record": 1}]


@pytest.mark.parametrize(
    ("text", "pid"), [("8524", 8524), ("0x1f4", 500), ("many", None), ("", None), (None, None)]
)
def test_a_value_that_does_not_fit_its_column_is_null(
    tmp_path: Path, text: str | None, pid: int | None
) -> None:
    rows = {"started": [{**started(1)[0], "Pid": text}]}
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, rows)) as engine:
        assert engine.query("SELECT pid FROM process").to_pylist() == [{"pid": pid}]


def test_a_log_may_have_fields_that_are_named_like_its_place(tmp_path: Path) -> None:
    names = ("record", "Offset", "member", "segment", "clock", "log")
    mapping = {"host": '"record"', "image": '"Offset"', "account": '"clock"', "command_line": '"log"'}
    log = Log(name="odd", family="small", columns=names, tables={"process": mapping})
    store = store_of(
        tmp_path / "store", catalogue_of(log), {"odd": [{name: f"own {name}" for name in names}]}
    )
    with local(tmp_path, store, catalogue_of(log)) as engine:
        (row,) = engine.query("SELECT * FROM process").to_pylist()
    assert [row["host"], row["image"], row["account"], row["command_line"]] == [
        "own record",
        "own Offset",
        "own clock",
        "own log",
    ]
    assert [row["record"], row["offset"], row["member"], row["segment"], row["clock"], row["log"]] == [
        1,
        0,
        0,
        "one",
        None,
        "odd",
    ]


def test_a_table_nothing_feeds_is_empty_and_says_so(tmp_path: Path) -> None:
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, {"started": started(1)})) as engine:
        assert engine.query("SELECT * FROM dns_query").num_rows == 0
        assert (engine.fed, engine.logs) == (frozenset({"process", "unread"}), ("started",))


def test_an_empty_case_can_be_asked(tmp_path: Path) -> None:
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, {})) as engine:
        assert (engine.query("SELECT * FROM process").num_rows, engine.duplicates, engine.fed) == (
            0,
            {},
            frozenset({"unread"}),
        )


def test_overlapping_exports_count_each_event_once(tmp_path: Path) -> None:
    with local(tmp_path, overlapping(tmp_path / "store")) as engine:
        kept = engine.query(
            "SELECT path, image FROM process JOIN members USING (segment, member) ORDER BY image"
        )
        assert engine.duplicates == {"started": 2}
        assert [tuple(row.values()) for row in kept.to_pylist()] == [
            ("early.json", "C:\\1.exe"),
            ("early.json", "C:\\2.exe"),
            ("early.json", "C:\\3.exe"),
            ("later.json", "C:\\4.exe"),
        ]
        assert engine.query("SELECT count(*) AS n FROM stored.started").to_pylist() == [{"n": 6}]


def test_a_case_whose_hunt_did_not_end_is_not_asked(tmp_path: Path) -> None:
    with Store(tmp_path / "store").open() as store:
        publish(store, "a", ("early.json", [batch_of(CATALOGUE, "started", started(1))]))
    with pytest.raises(EngineError, match="did not end: run it again"):
        local(tmp_path, store)


def test_an_event_without_its_whole_identity_is_never_dropped(tmp_path: Path) -> None:
    rows = {"started": [{"Computer": "pc1", "Id": None}] * 3}
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, rows)) as engine:
        assert (engine.query("SELECT * FROM process").num_rows, engine.duplicates) == (3, {})


def test_logs_without_identity_in_several_members_may_be_doubled(tmp_path: Path) -> None:
    ran = batch_of(CATALOGUE, "ran", [{"Box": "mac1", "Kind": "exec"}])
    with Store(tmp_path / "store").open() as store:
        publish(store, "a", ("one.json", [ran]), ("two.json", [ran]))
        store.compact()
    with local(tmp_path, store) as engine:
        assert engine.may_be_doubled() == ("ran",)
        assert engine.query("SELECT * FROM process").num_rows == 2


def test_a_member_whose_bytes_stand_elsewhere_too_is_left_out(tmp_path: Path) -> None:
    ran = batch_of(CATALOGUE, "ran", [{"Box": "mac1", "Kind": "exec"}])
    with Store(tmp_path / "store").open() as store:
        publish(store, "a", ("one.json", [ran]), ("copy.zip!one.json", [ran]))
        store.compact()
    with Local(store, CATALOGUE, MEMORY, tmp_path / "temp", twice={("a", 1)}) as engine:
        assert engine.query("SELECT member FROM process").to_pylist() == [{"member": 0}]
        assert engine.may_be_doubled() == ()


def asked(**columns: list[object]) -> pa.Table:
    times = {"first_seen": [None], "last_seen": [None]}
    return pa.table(
        {**times, **columns},
        pa.schema([(n, pa.int64()) for n in times] + [(n, pa.string()) for n in columns if n not in times]),
    )


def test_places_are_found_back_by_key_in_order_of_time(tmp_path: Path) -> None:
    with local(tmp_path, overlapping(tmp_path / "store")) as engine:
        (places,) = engine.places(["process"], ["host"], asked(host=["pc1"]))
        assert places == [
            Place("early.json", 1, 0),
            Place("early.json", 2, 100),
            Place("early.json", 3, 200),
            Place("later.json", 3, 200),
        ]
        assert engine.places(["process"], ["host"], asked(host=["pc1"]), limit=2) == [places[:2]]
        assert engine.places(["process"], ["host"], asked(host=["pc2"])) == [[]]


def test_a_query_that_fails_half_way_is_told_like_one_that_is_refused(tmp_path: Path) -> None:
    late = "SELECT CAST(CASE WHEN i = 900000 THEN 'x' ELSE '1' END AS INTEGER) AS n FROM range(1000000) t(i)"
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, {})) as engine:
        for sql in (late, "SELECT nothing FROM nowhere"):
            with pytest.raises(EngineError, match="could not be answered"):
                engine.query(sql)


def test_parameters_are_values_never_sql(tmp_path: Path) -> None:
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, {"started": started(1)})) as engine:
        hostile = "x' OR 1=1; DROP VIEW process; --"
        assert engine.query("SELECT * FROM process WHERE host = ?", [hostile]).num_rows == 0
        assert engine.query("SELECT * FROM process WHERE host = ?", ["pc1"]).num_rows == 1


def test_evidence_cannot_make_the_engine_read_other_files(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    with local(tmp_path, store_of(tmp_path / "store", CATALOGUE, {"started": started(1)})) as engine:
        for sql in (
            f"SELECT * FROM '{tmp_path}/secret.csv'",
            f"SELECT * FROM read_text('{tmp_path}/store/../secret.csv')",
            "SELECT * FROM read_text('/etc/hostname')",
            "SET enable_external_access = true",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            "INSTALL httpfs",
        ):
            with pytest.raises(EngineError, match="could not be answered"):
                engine.query(sql)


def test_a_log_this_version_does_not_know_is_named(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", CATALOGUE, {"started": started(1)})
    with pytest.raises(EngineError, match="holds the log started, which this version does not know"):
        local(tmp_path, store, catalogue_of(RAN))

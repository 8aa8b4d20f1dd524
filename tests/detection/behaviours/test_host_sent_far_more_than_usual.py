"""A machine sent far more than on its other days."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.host_sent_far_more_than_usual import host_sent_far_more_than_usual
from sakimori.findings import Subject
from tests.detection.behaviours.flows import OUT, flow
from tests.detection.behaviours.told import heard

PC = "10.0.0.5"


def week(*extra: dict[str, object], days: int = 7) -> list[dict[str, object]]:
    """Days of 2 MB, give or take a tenth, to somewhere else."""
    return [*(flow(n + 0.4, PC, "198.51.100.7", out=2 + n % 3 / 10) for n in range(days)), *extra]


def test_a_day_far_above_the_median_is_found_with_its_counts_and_where_it_went(tmp_path: Path) -> None:
    rows = week(flow(5.5, PC, out=70), flow(5.6, PC, out=60))
    (found,) = heard(tmp_path, host_sent_far_more_than_usual, network_flow=rows).findings
    assert found.because == (
        "10.0.0.5 sent 132 MB out on this day; on the 7 days it is seen the median is 2.1 MB "
        "(18.6 robust deviations). Most of it, 130 MB, went to 203.0.113.9."
    )
    assert found.subjects == (Subject("address", PC), Subject("address", OUT))
    assert [place.record for place in found.places] == [8, 9]


def test_a_house_that_always_sends_much_says_nothing(tmp_path: Path) -> None:
    rows = [flow(n + 0.4, PC, out=130 + n) for n in range(7)]
    assert heard(tmp_path, host_sent_far_more_than_usual, network_flow=rows).findings == ()


def test_what_stays_within_the_house_is_not_counted(tmp_path: Path) -> None:
    rows = week(flow(5.5, PC, "10.0.0.9", out=500))
    assert heard(tmp_path, host_sent_far_more_than_usual, network_flow=rows).findings == ()


def test_after_too_few_days_the_records_cannot_tell(tmp_path: Path) -> None:
    said = heard(tmp_path, host_sent_far_more_than_usual, network_flow=[flow(0, PC, out=60), flow(1, PC)])
    assert said.findings == ()
    assert [(note.kind, note.subjects) for note in said.notes] == [("cannot tell", (Subject("address", PC),))]


@pytest.mark.parametrize(("out", "found"), [(49, 0), (51, 1)])
def test_just_beside_the_floor(tmp_path: Path, out: float, found: int) -> None:
    rows = week(flow(5.5, PC, out=out - 2.2))
    assert len(heard(tmp_path, host_sent_far_more_than_usual, network_flow=rows).findings) == found


def test_the_answer_of_a_server_in_a_log_of_packets_is_not_taken_for_sending(tmp_path: Path) -> None:
    """A web server's answers stand as packets from its port 443 to a client's high port."""
    from sakimori.detection.run_behaviours import hear
    from sakimori.engine.local import Local
    from sakimori.records.catalogue import Log
    from tests.rows import catalogue_of, store_of

    columns = ("When", "src", "dst", "sport", "dport", "bytes")
    mapping = {
        "source_address": '"src"', "destination_address": '"dst"', "source_port": '"sport"',
        "destination_port": '"dport"', "bytes_out": '"bytes"', "protocol": "'tcp'",
    }  # fmt: skip
    log = Log(
        name="aws_vpc_flow", family="aws", columns=columns, time=("When",), tables={"network_flow": mapping}
    )
    rows = [
        {"When": row["When"], "src": PC, "dst": OUT, "sport": 443, "dport": 51000, "bytes": size}
        for row, size in ((flow(n, PC), 1_000_000 if n < 6 else 400_000_000) for n in range(7))
    ]
    store = store_of(tmp_path / "store", catalogue_of(log), {"aws_vpc_flow": rows})
    with Local(store, catalogue_of(log), 200 << 20, tmp_path / "temp") as engine:
        assert hear(engine, [host_sent_far_more_than_usual]).findings == ()
        (traffic,) = engine.query(
            "SELECT DISTINCT source, destination, port, direction FROM traffic"
        ).to_pylist()
    assert traffic == {"source": OUT, "destination": PC, "port": 443, "direction": "inbound"}

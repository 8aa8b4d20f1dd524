"""Traffic: who began, which way it went, and what two logs saw of the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sakimori.engine.local import Local
from sakimori.records.catalogue import Log
from tests.rows import catalogue_of, store_of

COLUMNS = ("When", "src", "dst", "sport", "dport", "out", "in", "way", "state")
MAPPING = {
    "source_address": '"src"', "destination_address": '"dst"', "source_port": '"sport"', "bytes_in": '"in"',
    "destination_port": '"dport"', "bytes_out": '"out"', "direction": '"way"', "protocol": "'tcp'",
    "state": '"state"',
}  # fmt: skip
PC, SERVER, OUT = "10.0.0.5", "10.0.0.9", "203.0.113.9"
Row = Mapping[str, object]


def traffic(folder: Path, asked: str, **logs: Sequence[Row]) -> list[dict[str, object]]:
    made = [
        Log(name=n, family="x", columns=COLUMNS, time=("When",), tables={"network_flow": MAPPING})
        for n in logs
    ]
    with Local(
        store_of(folder / "store", catalogue_of(*made), logs), catalogue_of(*made), 200 << 20, folder / "t"
    ) as engine:
        before = engine.query(f"SELECT {asked} FROM traffic ORDER BY ALL").to_pylist()
        engine.settle()
        assert engine.query(f"SELECT {asked} FROM traffic ORDER BY ALL").to_pylist() == before
        return before


def row(src: str, dst: str, sport: int = 50000, dport: int = 443, second: int = 0, **more: object) -> Row:
    facts = {
        "When": f"2026-03-02T00:00:{second:02d}Z",
        "src": src,
        "dst": dst,
        "sport": sport,
        "dport": dport,
    }
    return {**facts, "out": 100, "in": 900, **more}


def test_a_direction_is_told_by_addresses_and_by_the_log(tmp_path: Path) -> None:
    ends = [
        (PC, OUT, None), (OUT, PC, None), (PC, SERVER, None), (OUT, "198.51.100.1", None),
        (PC, "224.0.0.251", None),
        ("fe80::1", "ff02::2", None), ("198.51.100.1", OUT, "outbound"), ("fd00::1", "2001:db8::1", None),
    ]  # fmt: skip
    found = traffic(tmp_path, "source, direction", zeek_conn=[row(a, b, way=way) for a, b, way in ends])
    directions = ["external", "inbound", "internal", "local", "local", "outbound", "outbound", "outbound"]
    assert sorted(str(one["direction"]) for one in found) == directions


def test_the_half_from_a_service_is_the_answer_where_a_log_only_knows_packets(tmp_path: Path) -> None:
    halves = [row(PC, OUT, **{"in": None}), row(OUT, PC, 443, 50000, out=5000, second=1, **{"in": None})]
    found = traffic(tmp_path, "source, port, flows, bytes_out, bytes_in", nfdump_csv=halves)
    assert found == [{"source": PC, "port": 443, "flows": 1, "bytes_out": 100, "bytes_in": 5000}]


def test_elsewhere_what_comes_from_a_low_port_began_there(tmp_path: Path) -> None:
    found = traffic(tmp_path, "source, port", zeek_conn=[row(OUT, PC, 443, 50000)])
    assert found == [{"source": OUT, "port": 50000}]


def test_what_two_logs_saw_counts_once(tmp_path: Path) -> None:
    found = traffic(
        tmp_path,
        "flows, bytes_out, log",
        zeek_conn=[row(PC, OUT), row(PC, OUT, second=9)],
        firewall=[row(PC, OUT)],
    )
    assert found == [{"flows": 2, "bytes_out": 200, "log": "zeek_conn"}]


def test_what_was_refused_did_not_arrive(tmp_path: Path) -> None:
    states = ["SF", "S0", "REJ", "RSTO", "deny", "Blocked", "REJECT", "ACCEPT", None]
    rows = [row(PC, SERVER, 50000 + n, 400 + n, state=state) for n, state in enumerate(states)]
    found = traffic(tmp_path, "port, reached", zeek_conn=rows)
    assert [one["reached"] for one in found] == [1, 0, 0, 1, 0, 0, 0, 1, 1]

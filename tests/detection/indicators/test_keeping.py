"""What is written is read again; what is none is counted, never met, never fatal."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.detection.indicators.indicator import TYPES, Indicator, Source, merged
from sakimori.detection.indicators.keeping import SCHEMA, bundle, read, write
from sakimori.errors import UsageError
from tests.detection.behaviours.told import at
from tests.detection.indicators.meeting import known, met

ONE = known("domain", "c2.example.com", expires="2026-08-01", said_by="CERT: Example Group")
TWO = known("hash", "ab" * 32)


@pytest.mark.parametrize("name", ["i.jsonl", "i.parquet"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, [ONE, TWO], [], "2026-03-01T00:00:00Z")
    assert list(read(tmp_path / name)) == [ONE, TWO]
    said = bundle(tmp_path / name)
    assert (said.dated, said.whole) == ("2026-03-01T00:00:00Z", True)


def test_without_a_manifest_nobody_knows_its_age(tmp_path: Path) -> None:
    (tmp_path / "i.jsonl").write_text('{"type":"domain","value":"bad.top"}\n')
    assert (bundle(tmp_path / "i.jsonl").dated, bundle(tmp_path / "i.jsonl").whole) == ("", None)


def test_lines_that_hold_none_are_counted(tmp_path: Path) -> None:
    (tmp_path / "i.jsonl").write_text(
        '{"type":"domain","value":"bad.top"}\n\n{"type":"domain","value":"NOT one"}\nnot json\n'
        '{"type":"address","value":"8.8.8.8"}\n{"type":"colour","value":"red"}\n'
        '{"type":"domain","value":"bad.top","first_seen":"2026-02-31"}\n'
    )
    bad: list[int] = []
    assert [one.value for one in read(tmp_path / "i.jsonl", bad)] == ["bad.top"]
    assert bad == [3, 4, 5, 6, 7]


@pytest.mark.parametrize("name", ["i.parquet", "absent.jsonl"])
def test_a_file_that_is_none_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "i.parquet").write_bytes(b"PAR1 not")
    with pytest.raises(UsageError):
        list(read(tmp_path / name))


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("address", "ws-01"),
        ("address", "x/99"),
        ("address", "1/x"),
        ("domain", "8.8"),
        ("command_line", "*"),
        ("path", ""),
    ],
)
def test_a_parquet_file_made_by_hand_breaks_nothing(tmp_path: Path, type_: str, value: str) -> None:
    rows = [
        {**asdict(ONE), "type": type_, "value": value},
        {**asdict(ONE), "confidence": "sure"},
        asdict(TWO),
    ]
    file = tmp_path / "made.parquet"
    pq.write_table(pa.Table.from_pylist(rows, SCHEMA), file)
    tables = {
        "network_flow": [at(1, host="ws-01", destination_address="ws-01", destination_port=1)],
        "dns_query": [at(1, host="ws-01", query="c2.example.com")],
        "process": [at(1, host="ws-01", command_line="anything", image="", hashes="ab" * 32)],
    }
    said = met(tmp_path, [], also=(file,), **tables)
    assert [one.facts["value"] for one in said.findings] == ["ab" * 32]
    assert "refused" not in {state.state for state in said.states}


def test_the_same_value_of_two_sources_is_one_with_both() -> None:
    left = Indicator(type="domain", value="bad.top", first_seen="2026-02-01", expires="2026-03-01",
                     sources=(Source("A"),), confidence="low", licence="MIT")  # fmt: skip
    right = Indicator(type="domain", value="bad.top", first_seen="2026-01-01", last_seen="2026-02-20",
                      sources=(Source("B"),), confidence="high", licence="CC0-1.0")  # fmt: skip
    (one,) = merged([left, right])
    assert one == Indicator(
        type="domain", value="bad.top", first_seen="2026-01-01", last_seen="2026-02-20", expires="",
        sources=(Source("A"), Source("B")), confidence="high", licence="MIT | CC0-1.0",
    )  # fmt: skip


@given(st.lists(st.builds(known, st.sampled_from(TYPES[:3]), st.sampled_from("abc"))))
def test_joining_twice_changes_nothing(found: list[Indicator]) -> None:
    assert merged(merged(found)) == merged(found)
    assert merged([*found, *found]) == merged(found)

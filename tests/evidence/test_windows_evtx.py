"""EVTX: every record, its place, its names; and what damage costs."""

from __future__ import annotations

import io
import json
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from evtx import PyEvtxParser
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.windows_evtx import WindowsEvtx
from sakimori.evidence.windows_json_lines import windows_evtxdump
from sakimori.records.batch import Batch, Unread
from sakimori.records.catalogue import catalogue
from sakimori.records.plan import Plan, stored_only
from tests.evidence.evtx_writer import CHUNK, Event, evtx
from tests.evidence.reading import Rows, asking, source
from tests.evidence.reading import read as read_with

READER = WindowsEvtx()
LOGONS = tuple(
    Event(4624, (("TargetUserName", f"user{n}"), ("LogonType", 3), ("IpAddress", "192.0.2.7")))
    for n in range(12)
)
EVERYTHING = asking("Data", "Version", "Elevated", "SubjectUserName", raw=True)


def read(data: bytes, plan: Plan | None = None) -> tuple[Rows, list[Unread]]:
    return read_with(READER, data, plan)


def test_a_record_becomes_a_row_with_native_names_and_its_place() -> None:
    (first, second, *_), unread = read(evtx(LOGONS))
    moment = datetime(2026, 3, 1, 0, 12, 0, 123456, tzinfo=UTC)
    expected = {
        "record": 1,
        "offset": 4096 + 512,
        "clock": int(moment.timestamp() * 1_000_000),
        "clock_source": "TimeCreated",
        "Channel": "Security",
        "EventID": "4624",
        "Provider_Name": "Microsoft-Windows-Security-Auditing",
        "Computer": "pc1.example.com",
        "EventRecordID": "1",
        "TimeCreated": "2026-03-01T00:12:00.123456Z",
        "UserID": "S-1-5-18",
        "Execution_ProcessID": "4",
        "TargetUserName": "user0",
        "LogonType": "3",
        "IpAddress": "192.0.2.7",
    }
    assert {name: first.get(name) for name in expected} == expected
    assert (second["record"], second["EventRecordID"], second["TargetUserName"]) == (2, "2", "user1")
    assert second["offset"] > first["offset"]
    assert unread == []


def test_records_are_numbered_over_all_chunks() -> None:
    rows, unread = read(evtx(LOGONS, per_chunk=5, allotted=3))
    assert [(row["record"], row["TargetUserName"]) for row in rows] == [
        (n + 1, f"user{n}") for n in range(12)
    ]
    assert [row["offset"] // CHUNK for row in rows] == [0] * 5 + [1] * 5 + [2] * 2
    assert unread == []


def test_odd_events_keep_what_they_say() -> None:
    events = [
        Event(4624, (("LogonGuid", UUID(int=7)), ("Elevated", True), ("TargetUserName", None))),
        Event(104, user=(("SubjectUserName", "alice"), ("Channel", "Application")), channel="System"),
        Event(400, (("", "one"), ("", "two")), channel="Windows PowerShell", qualifiers=16384),
        Event(6, (("", "only"),), channel=None),
        Event(7, channel="Example/Operational"),
    ]
    guid, cleared, unnamed, nowhere, empty = read(evtx(events), EVERYTHING)[0]
    assert guid["Elevated"] == "true"
    assert json.loads(guid["raw"])["Event"]["EventData"]["Elevated"] is True
    assert (cleared["Channel"], cleared["SubjectUserName"]) == ("System", "alice")
    assert (unnamed["EventID"], unnamed["Data"]) == ("400", "one\ntwo")
    assert (nowhere["log"], nowhere["Data"], nowhere.get("Channel")) == ("windows_other", "only", None)
    assert (empty["EventID"], empty["Channel"]) == ("7", "Example/Operational")


def test_guids_carry_the_braces_windows_prints() -> None:
    event = Event(
        1,
        (("ProcessGuid", UUID(int=7)), ("Image", r"C:\Windows\System32\cmd.exe")),
        channel="Microsoft-Windows-Sysmon/Operational",
    )
    assert read(evtx([event]))[0][0]["ProcessGuid"] == "{00000000-0000-0000-0000-000000000007}"


def test_content_decides_what_is_claimed() -> None:
    data = evtx(LOGONS[:1])
    assert READER.claims(data)
    assert READER.claims(bytes(4096) + data[4096:])
    assert not READER.claims(b'{"Channel":"Security"}\n')
    assert not READER.claims(b"")


def test_the_original_record_is_found_again_by_its_place() -> None:
    data = evtx(LOGONS, per_chunk=5)
    for row in read(data)[0]:
        text = READER.record(source(data), row["record"], row["offset"])
        assert text is not None
        assert json.loads(text)["Event"]["EventData"]["TargetUserName"] == row["TargetUserName"]
        assert READER.record(source(data), row["record"], 0) == text
    assert READER.record(source(data), 13, 0) is None
    assert READER.record(source(data), 0, 0) is None
    assert READER.record(source(data), 1, 4096 + 513) is None
    assert READER.record(source(data), 99, 99_999_999) is None


def names(rows: Rows) -> list[int]:
    return [int(row["TargetUserName"].removeprefix("user")) for row in rows]


def test_a_damaged_chunk_costs_only_itself() -> None:
    data = bytearray(evtx(LOGONS, per_chunk=4))
    data[4096 + CHUNK : 4096 + 2 * CHUNK] = b"\xaa" * CHUNK
    rows, unread = read(bytes(data))
    assert names(rows) == [0, 1, 2, 3, 8, 9, 10, 11]
    assert unread == [Unread(5, 4096 + CHUNK, "A chunk could not be read: its header is damaged.")]


@pytest.mark.parametrize("damage", [b"XXXX", bytes(128), b"\xff" * 128])
def test_records_survive_the_loss_of_their_chunk_header(damage: bytes) -> None:
    data = bytearray(evtx(LOGONS))
    data[4096 : 4096 + len(damage)] = damage
    rows, unread = read(bytes(data))
    assert names(rows) == list(range(12))
    assert [(u.record, u.lost) for u in unread] == [(1, False)]


def test_a_lost_record_header_costs_one_record() -> None:
    data = bytearray(evtx(LOGONS))
    fifth = read(bytes(data))[0][4]["offset"]
    data[fifth : fifth + 8] = b"\xaa" * 8
    rows, unread = read(bytes(data))
    assert names(rows) == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]
    assert [(u.record, u.offset) for u in unread] == [(5, fifth)]
    assert unread[0].reason.endswith("bytes are no records (missing by the record numbers: 1).")


def test_a_record_with_damaged_content_is_counted_and_the_others_live() -> None:
    data = bytearray(evtx(LOGONS))
    fifth = read(bytes(data))[0][4]["offset"]
    data[fifth + 24 : fifth + 60] = b"\xaa" * 36
    rows, unread = read(bytes(data))
    assert names(rows) == [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]
    assert [(u.record, u.offset) for u in unread] == [(5, fifth)]
    assert unread[0].reason.startswith("The record could not be decoded")
    assert [row["record"] for row in rows] == [1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]


def test_a_string_table_that_bites_its_tail_does_not_keep_the_reader() -> None:
    data = bytearray(evtx(LOGONS))
    struct.pack_into("<I", data, 4096 + 128, 600)  # the first bucket points at a name
    struct.pack_into("<I", data, 4096 + 600, 600)  # whose next name is itself
    started = time.monotonic()
    rows, unread = read(bytes(data))
    assert time.monotonic() - started < 5
    assert len(rows) + len(unread) >= 12


def test_a_truncated_file_gives_its_records_and_says_what_is_missing() -> None:
    data = evtx(LOGONS, per_chunk=4)
    seventh = read(data)[0][6]["offset"]
    rows, unread = read(data[: seventh + 10])
    assert names(rows) == [0, 1, 2, 3, 4, 5]
    reasons = [u.reason for u in unread]
    assert reasons[0].startswith("The file ends ")
    assert reasons[-1] == "The file declares 3 chunks, but 2 are there."


def test_a_file_that_ends_in_its_header_is_unread() -> None:
    for kept in (8, 100, 4095):
        rows, unread = read(evtx(LOGONS)[:kept])
        assert (rows, [u.reason for u in unread]) == ([], ["The file ends inside its header."])


def test_a_file_without_its_header_is_read() -> None:
    data = evtx(LOGONS)
    rows, unread = read(b"\xaa" * 4096 + data[4096:])
    assert names(rows) == list(range(12))
    assert [u.reason for u in unread] == ["The file header is damaged."]


SAMPLE = evtx(LOGONS, per_chunk=6)


@settings(max_examples=200, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, 2 * 2600 - 1), st.integers(0, 7)), max_size=6),
    kept=st.one_of(st.just(len(SAMPLE)), st.integers(0, len(SAMPLE))),
)
def test_bits_may_flip_and_ends_may_be_missing(flips: list[tuple[int, int]], kept: int) -> None:
    data = bytearray(SAMPLE)
    for where, bit in flips:
        # Half of the flips go into each chunk's header and records, where it hurts.
        data[4096 + (where // 2600) * CHUNK + where % 2600] ^= 1 << bit
    data = data[:kept]
    started = time.monotonic()
    rows, unread = read(bytes(data))
    assert time.monotonic() - started < 5
    assert len(rows) <= 12
    assert len(rows) == 12 or unread
    if not flips and kept < len(SAMPLE):
        assert rows == read(SAMPLE)[0][: len(rows)]
    if not flips and kept == len(SAMPLE):
        assert (len(rows), unread) == (12, [])


def test_every_record_of_the_attack_samples_is_read(shared: Callable[[str], Path]) -> None:
    files = sorted(shared("evtx_attack_samples").rglob("*.evtx"))
    rows = unread = 0
    for file in files:
        for found in READER.read(source(file.read_bytes()), stored_only(catalogue())):
            rows += found.data.num_rows if isinstance(found, Batch) else 0
            unread += isinstance(found, Unread)
    assert (len(files), rows, unread) == (277, 8255, 0)


def test_every_regression_sample_is_read_whole(shared: Callable[[str], Path]) -> None:
    files = sorted(shared("sigma_regression").rglob("*.evtx"))
    assert files
    for file in files:
        data = file.read_bytes()
        rows, unread = read(data)
        assert (len(rows) > 0, unread) == (True, []), file
        assert [row["EventRecordID"] for row in rows] == [
            json.loads(str(READER.record(source(data), row["record"], row["offset"])))["Event"]["System"][
                "EventRecordID"
            ].__str__()
            for row in rows
        ]


def test_evtx_dump_of_the_same_events_gives_the_same_rows(shared: Callable[[str], Path]) -> None:
    compared = 0
    for file in sorted(shared("evtx_attack_samples").rglob("*.evtx"))[::8]:
        records: Any = PyEvtxParser(io.BytesIO(file.read_bytes()), number_of_threads=1).records_json()
        lines = b"".join(orjson.dumps(orjson.loads(record["data"])) + b"\n" for record in records)
        ours, theirs = read(file.read_bytes())[0], read_with(windows_evtxdump(), lines)[0]
        for row in (*ours, *theirs):
            del row["offset"]
            row.pop("raw", None)
        assert ours == theirs, file
        compared += len(ours)
    assert compared > 500


def test_damage_to_real_records_is_counted(shared: Callable[[str], Path]) -> None:
    file = shared("evtx_attack_samples") / "UACME_59_Sysmon.evtx"
    data = bytearray(file.read_bytes())
    whole, _ = read(bytes(data))
    at = whole[len(whole) // 2]["offset"]
    struct.pack_into("<I", data, at, 0)
    rows, unread = read(bytes(data))
    kept = {row["EventRecordID"] for row in rows}
    assert len(rows) + sum(1 for u in unread) >= len(whole) - 1
    assert kept < {row["EventRecordID"] for row in whole}
    assert unread

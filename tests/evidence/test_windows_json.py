"""Windows events as JSON: exporters' names become Windows' own, the fast and the careful way agree."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence import lines
from sakimori.evidence.reader import HEAD_BYTES, Reader, Source
from sakimori.evidence.windows_json_document import WindowsJsonDocument
from sakimori.evidence.windows_json_lines import (
    WindowsJsonLines,
    windows_evtxdump,
    windows_nxlog,
    windows_winlogbeat,
)
from sakimori.records.batch import Batch, Unread
from sakimori.records.catalogue import catalogue
from sakimori.records.plan import Plan, stored_only
from tests.evidence.reading import Rows, asking, part, source
from tests.evidence.reading import read as read_with_raws

SYSMON = "Microsoft-Windows-Sysmon/Operational"
NINE = 1_772_356_320_000_000  # 2026-03-01T09:12:00Z
NXLOG = {
    "EventTime": "2026-03-01 04:12:00", "Hostname": "ws01.example.com", "Keywords": -9223372036854775808,
    "EventType": "INFO", "SeverityValue": 3, "Severity": "WARNING", "EventID": 1,
    "SourceName": "Microsoft-Windows-Sysmon", "Version": 5, "Task": 1, "OpcodeValue": 0, "RecordNumber": 4711,
    "ExecutionProcessID": 3120, "ThreadID": 4100, "Channel": SYSMON, "Domain": "NT AUTHORITY",
    "AccountName": "SYSTEM", "UserID": "S-1-5-18", "AccountType": "User",
    "Message": "Process Create:\r\nImage: \"x\"",
    "UtcTime": "2026-03-01 09:11:59.981", "ProcessId": "6772", "Image": "C:\\Temp\\a.exe",
    "CommandLine": "a.exe -q", "User": "EXAMPLE\\kimura",
    "EventReceivedTime": "2026-03-01 04:12:02", "SourceModuleName": "eventlog",
    "@timestamp": "2026-03-01T09:12:03.120Z", "host": "collector.example.com", "tags": ["a"], "port": 53997,
}  # fmt: skip
BEAT = {
    "@timestamp": "2026-03-01T09:12:00.000Z",
    "winlog": {
        "channel": SYSMON, "event_id": "1", "provider_name": "Microsoft-Windows-Sysmon", "record_id": 4711,
        "computer_name": "ws01.example.com", "process": {"pid": 3120, "thread": {"id": 4100}},
        "user": {"identifier": "S-1-5-18", "name": "SYSTEM"}, "api": "wineventlog",
        "event_data": {
            "UtcTime": "2026-03-01 09:11:59.981", "ProcessId": "6772", "Image": "C:\\Temp\\a.exe",
            "CommandLine": "a.exe -q", "User": "EXAMPLE\\kimura",
        },
    },
    "event": {"code": "1", "kind": "event"}, "log": {"level": "warning"}, "message": "Process Create:",
    "host": {"name": "other.example.com"}, "agent": {"type": "winlogbeat"},
}  # fmt: skip
DUMP = {
    "Event": {
        "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon", "Guid": "5770385F"}},
            "EventID": 1, "Version": 5, "Level": 3, "Task": 1, "Opcode": 0, "Keywords": "0x8000000000000000",
            "TimeCreated": {"#attributes": {"SystemTime": "2026-03-01T09:12:00.000000Z"}},
            "EventRecordID": 4711,
            "Correlation": None, "Execution": {"#attributes": {"ProcessID": 3120, "ThreadID": 4100}},
            "Channel": SYSMON, "Computer": "ws01.example.com",
            "Security": {"#attributes": {"UserID": "S-1-5-18"}},
        },
        "EventData": {
            "UtcTime": "2026-03-01 09:11:59.981", "ProcessId": 6772, "Image": "C:\\Temp\\a.exe",
            "CommandLine": "a.exe -q", "User": "EXAMPLE\\kimura",
        },
    }
}  # fmt: skip
EVENT = {
    "log": "windows_sysmon_1", "record": 1, "offset": 0, "clock": NINE, "clock_source": "TimeCreated",
    "Channel": SYSMON, "EventID": "1", "Provider_Name": "Microsoft-Windows-Sysmon",
    "Computer": "ws01.example.com", "EventRecordID": "4711", "UserID": "S-1-5-18",
    "Execution_ProcessID": "3120", "Level": "3",
    "UtcTime": "2026-03-01 09:11:59.981", "ProcessId": "6772", "Image": "C:\\Temp\\a.exe",
    "CommandLine": "a.exe -q", "User": "EXAMPLE\\kimura",
}  # fmt: skip
READERS = {"nxlog": windows_nxlog(), "winlogbeat": windows_winlogbeat(), "evtx_dump": windows_evtxdump()}
SAMPLES = {"nxlog": NXLOG, "winlogbeat": BEAT, "evtx_dump": DUMP}
EXPORTERS = pytest.mark.parametrize("exporter", list(SAMPLES))


def read(reader: Reader, data: bytes | Source, plan: Plan | None = None) -> tuple[Rows, list[Unread]]:
    """Rows without the bytes they come from."""
    rows, unread = read_with_raws(reader, data, plan)
    return [{name: value for name, value in row.items() if name != "raw"} for row in rows], unread


def tight(record: Any) -> bytes:
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def spaced(record: Any) -> bytes:
    return json.dumps(record).encode() + b"\n"


@pytest.mark.parametrize("written", [tight, spaced])
def test_nxlog_is_read(written: Callable[[Any], bytes]) -> None:
    expected = {
        **EVENT, "EventTime": "2026-03-01 04:12:00", "clock": NINE - 19_000, "clock_source": "UtcTime"
    }  # fmt: skip
    assert read(READERS["nxlog"], written(NXLOG)) == ([expected], [])


@pytest.mark.parametrize("written", [tight, spaced])
def test_winlogbeat_is_read(written: Callable[[Any], bytes]) -> None:
    assert read(READERS["winlogbeat"], written(BEAT)) == (
        [{**EVENT, "TimeCreated": "2026-03-01T09:12:00.000Z"}], []
    )  # fmt: skip


@pytest.mark.parametrize("written", [tight, spaced])
def test_evtx_dump_is_read(written: Callable[[Any], bytes]) -> None:
    assert read(READERS["evtx_dump"], written(DUMP)) == (
        [{**EVENT, "TimeCreated": "2026-03-01T09:12:00.000000Z"}], []
    )  # fmt: skip


@EXPORTERS
def test_an_exporter_is_told_by_its_content_alone(exporter: str) -> None:
    claimed = [name for name, reader in READERS.items() if reader.claims(tight(SAMPLES[exporter]))]
    assert claimed == [exporter]
    assert not READERS[exporter].claims(b'{"level":"info","msg":"started"}\n')
    assert not READERS[exporter].claims(b"EventID,Channel\n1,Security\n")
    assert READERS[exporter].claims(b'e":"cut by rotation"}\n' + tight(SAMPLES[exporter]))


@EXPORTERS
def test_numbers_for_the_same_event_are_the_same_whatever_comes_first(exporter: str) -> None:
    sample = SAMPLES[exporter]
    shuffled = json.loads(json.dumps(sample, sort_keys=True))
    reader = READERS[exporter]
    assert read(reader, tight(shuffled))[0] == read(reader, tight(sample))[0]


@EXPORTERS
def test_lines_that_are_no_events_are_unread_and_reading_goes_on(exporter: str) -> None:
    good = tight(SAMPLES[exporter])
    data = (
        good + b"\n" + b"\r\n" + b"no json\n" + b"[1]\n" + b'{"a":1}\n' + b'{"EventID":1,"Channel":"S\xff"}\n'
        + good + good[:200]
    )  # fmt: skip
    rows, unread = read(READERS[exporter], data)
    assert [row["record"] for row in rows] == [1, 8]
    assert [row["offset"] for row in rows] == [0, len(data) - 200 - len(good)]
    assert [lost.record for lost in unread] == [4, 5, 6, 7, 9]
    assert unread[1].reason == "not a JSON object"
    assert unread[3].reason == "not UTF-8"
    assert unread[4].reason == "the last line ends early"
    assert unread[4].offset == len(data) - 200


@EXPORTERS
def test_an_endless_line_is_refused_without_being_held(
    exporter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 5000)
    good = tight(SAMPLES[exporter])
    data = good + b'{"EventID":1,"pad":"' + b"x" * 70_000 + b'"}\n' + good
    given_source = source(data)
    rows, unread = read(READERS[exporter], given_source)
    assert [row["record"] for row in rows] == [1, 3]
    assert rows[1]["offset"] == len(data) - len(good)
    assert [(lost.record, lost.offset) for lost in unread] == [(2, len(good))]


@EXPORTERS
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_powershells_encodings_are_read(exporter: str, encoding: str) -> None:
    text = (tight(SAMPLES[exporter]) * 2).decode()
    data = text.encode(encoding)
    reader = READERS[exporter]
    assert reader.claims(data)
    rows, unread = read(reader, data)
    assert unread == []
    assert [row["record"] for row in rows] == [1, 2]
    start = len(text.splitlines()[0]) + 1
    expected = 2 + 2 * start if encoding == "utf-16" else start + 3
    assert rows[1]["offset"] == expected
    assert reader.record(source(data), 2, rows[1]["offset"]) == text.splitlines()[1]


@EXPORTERS
def test_a_range_keeps_the_members_numbers_and_offsets(exporter: str) -> None:
    good = tight(SAMPLES[exporter])
    rows, _ = read(READERS[exporter], part(good * 3, len(good), 2))
    assert [(row["record"], row["offset"]) for row in rows] == [(2, len(good)), (3, 2 * len(good))]


@EXPORTERS
def test_an_event_id_hidden_in_a_message_leads_nowhere(exporter: str) -> None:
    text = tight(SAMPLES[exporter]).decode()
    lie = json.dumps('"EventID":4688,"event_id":4688,"Channel":"Security","channel":"Security"')
    hidden = '{"note":' + lie + "," + text[1:]
    nested = '{"note":{"EventID":4688,"event_id":4688,"Channel":"Security","channel":"Security"},' + text[1:]
    rows, unread = read(READERS[exporter], (hidden + nested).encode())
    assert unread == []
    assert [row["log"] for row in rows] == ["windows_sysmon_1"] * 2


@EXPORTERS
def test_rules_may_ask_for_any_field(exporter: str) -> None:
    rows, _ = read(READERS[exporter], tight(SAMPLES[exporter]), asking("Version", "Nowhere"))
    assert "Nowhere" not in rows[0]
    assert rows[0].get("Version") == (None if exporter == "winlogbeat" else "5")


@EXPORTERS
def test_batches_bring_the_records_as_they_stand(exporter: str) -> None:
    sample = tight(SAMPLES[exporter])
    (batch,) = READERS[exporter].read(source(sample * 2), stored_only(catalogue()))
    assert isinstance(batch, Batch)
    assert list(batch.raws) == [sample, sample]


def test_half_a_surrogate_pair_costs_no_event() -> None:
    odd = spaced({**NXLOG, "CommandLine": "a.exe \ud800"})
    rows, unread = read(READERS["nxlog"], odd)
    assert (rows[0]["CommandLine"], unread) == ("a.exe ?", [])


def test_values_of_unexpected_kinds_are_kept_as_text() -> None:
    odd = {
        **NXLOG,
        "ProcessId": 10**30,
        "Image": ["a", None],
        "CommandLine": {"x": 1},
        "Level": [],
        "User": True,
    }
    rows, unread = read(READERS["nxlog"], tight(odd))
    assert unread == []
    assert {name: rows[0][name] for name in ("ProcessId", "Image", "CommandLine", "Level", "User")} == {
        "ProcessId": "1" + "0" * 30, "Image": '["a",null]', "CommandLine": '{"x":1}',
        "Level": "[]", "User": "true",
    }  # fmt: skip


def test_event_ids_nobody_has_share_one_stream() -> None:
    odd = b"".join(tight({**NXLOG, "EventID": f"{n}x"}) for n in range(50))
    given_source = source(odd)
    batches = list(READERS["nxlog"].read(given_source, stored_only(catalogue())))
    assert [type(found) for found in batches] == [Batch]


def test_a_channel_in_any_case_finds_its_log() -> None:
    rows, _ = read(READERS["nxlog"], tight({**NXLOG, "Channel": "security", "EventID": 4688}))
    assert (rows[0]["log"], rows[0]["Channel"]) == ("windows_security_process_created", "Security")


@pytest.mark.parametrize("change", [{"Channel": None}, {"Channel": "Vendor/Operational"}])
def test_an_unknown_channel_is_kept_with_its_message(change: dict[str, Any]) -> None:
    rows, unread = read(READERS["nxlog"], tight({**NXLOG, **change}))
    assert (rows[0]["log"], rows[0]["Message"], unread) == ("windows_other", NXLOG["Message"], [])
    assert rows[0].get("Channel") == change["Channel"]


def test_the_provider_decides_where_two_services_share_an_event_id() -> None:
    installed = {
        "Channel": "System",
        "EventID": 7045,
        "SourceName": "Service Control Manager",
        "ServiceName": "x",
    }
    rows, _ = read(READERS["nxlog"], tight({**NXLOG, **installed}) + tight({**NXLOG, "Channel": "System"}))
    assert [row["log"] for row in rows] == ["windows_system_service_installed", "windows_system"]
    assert rows[0]["ServiceName"] == "x"


@pytest.mark.parametrize(
    ("received", "stamp", "shown", "clock"),
    [
        ("2026-03-01 04:12:02", "2026-03-01T09:12:03.120Z", "2026-03-01 04:12:00-05:00", NINE),
        (
            "2026-03-01 04:12:02",
            "2026-02-28T22:42:01.000Z",
            "2026-03-01 04:12:00+05:30",
            NINE - 37_800_000_000,
        ),
        ("2026-03-01 04:12:02", "2026-03-01T09:19:30.000Z", "2026-03-01 04:12:00", NINE - 18_000_000_000),
        ("2026-03-01 04:12:02", "2026-03-03T09:12:03.120Z", "2026-03-01 04:12:00", NINE - 18_000_000_000),
        (None, "2026-03-01T09:12:03.120Z", "2026-03-01 04:12:00", NINE - 18_000_000_000),
    ],
)
def test_nxlogs_local_time_has_the_zone_the_record_gives_away(
    received: str | None, stamp: str, shown: str, clock: int
) -> None:
    security = {"Channel": "Security", "EventID": 4688, "EventReceivedTime": received, "@timestamp": stamp}
    rows, _ = read(READERS["nxlog"], tight({**NXLOG, **security}))
    assert (rows[0]["EventTime"], rows[0]["clock"], rows[0]["clock_source"]) == (shown, clock, "EventTime")


def test_a_flat_time_without_zone_is_local() -> None:
    flat = {
        "Hostname": "ws01",
        "Channel": "Security",
        "EventID": 4688,
        "TimeCreated": "2026-03-01 18:12:00.000",
    }
    rows, _ = read(READERS["nxlog"], source(tight(flat), "Asia/Tokyo"))
    assert (rows[0]["clock"], rows[0]["clock_source"]) == (NINE, "EventTime")


def test_otrfs_later_exporter_calls_local_time_utc() -> None:
    flat = {
        "Hostname": "ws01", "Channel": SYSMON, "EventID": 1, "TimeCreated": "2026-03-01T02:12:00.000Z",
        "@timestamp": "2026-03-01T02:12:00.000Z", "UtcTime": "2026-03-01 09:12:00.000",
    }  # fmt: skip
    rows, _ = read(READERS["nxlog"], tight(flat))
    assert (rows[0]["clock"], rows[0]["clock_source"]) == (NINE, "UtcTime")


def test_a_flat_time_that_names_its_zone_is_believed() -> None:
    flat = {"Computer": "ws01", "Channel": "Security", "EventID": 4688, "TimeCreated": "2026-03-01T09:12:00Z"}
    rows, _ = read(READERS["nxlog"], source(tight(flat), "Asia/Tokyo"))
    assert (rows[0]["clock"], rows[0]["clock_source"]) == (NINE, "TimeCreated")


def test_the_filtering_platforms_process_id_is_not_the_loggers() -> None:
    own = {"Channel": "Security", "EventID": 5156}
    rows, _ = read(
        READERS["nxlog"],
        tight({**NXLOG, **own, "ProcessId": "116"})
        + tight({**NXLOG, **own, "ProcessId": None, "ProcessID": "117"})
        + tight({**NXLOG, **own, "ProcessID": 4, "ExecutionProcessID": None}),
    )
    assert [row.get("ProcessID") for row in rows] == ["116", "117", "6772"]
    assert [row.get("Execution_ProcessID") for row in rows] == ["3120", "3120", "4"]


CLASSIC = {"channel": "Windows PowerShell", "event_id": "400", "provider_name": "PowerShell"}


def test_classic_events_have_their_strings_in_one_text() -> None:
    flat = {**NXLOG, "Channel": "Windows PowerShell", "EventID": 400, "Message": "HostApplication=x"}
    assert read(READERS["nxlog"], tight(flat))[0][0]["Data"] == "HostApplication=x"
    beat = {
        "winlog": {**CLASSIC, "event_data": {"param1": "Available", "param2": "None", "param3": "Host=x"}}
    }
    assert read(READERS["winlogbeat"], tight(beat))[0][0]["Data"] == "Available\nNone\nHost=x"
    dump = json.loads(json.dumps(DUMP))
    dump["Event"]["System"] |= {"Channel": "Windows PowerShell", "EventID": {"#text": 400, "#attributes": {}}}
    dump["Event"]["EventData"] = {"Data": {"#text": ["Available", "Host=x"]}, "Binary": None}
    assert read(READERS["evtx_dump"], tight(dump))[0][0]["Data"] == "Available\nHost=x"


def test_user_data_lies_among_the_events_fields() -> None:
    cleared = {"SubjectUserName": "kimura", "Channel": "Security", "xml_name": "LogFileCleared"}
    beat = {
        "winlog": {
            "channel": "System", "event_id": 104, "provider_name": "Microsoft-Windows-Eventlog",
            "user_data": cleared,
        }
    }  # fmt: skip
    dump = json.loads(json.dumps(DUMP))
    dump["Event"]["System"] |= {"Channel": "System", "EventID": 104}
    dump["Event"]["System"]["Provider"] = {"#attributes": {"Name": "Microsoft-Windows-Eventlog"}}
    del dump["Event"]["EventData"], cleared["xml_name"]
    dump["Event"]["UserData"] = {"LogFileCleared": {"#attributes": {"xmlns": "x"}, **cleared}}
    for reader, record in ((READERS["winlogbeat"], beat), (READERS["evtx_dump"], dump)):
        rows, _ = read(reader, tight(record))
        assert rows[0]["log"] == "windows_system_log_cleared"
        assert (rows[0]["Channel"], rows[0]["UserData_Channel"]) == ("System", "Security")
        assert rows[0]["SubjectUserName"] == "kimura"


def test_evtx_dump_with_attributes_apart_is_the_same() -> None:
    dump = json.loads(json.dumps(DUMP))
    system = dump["Event"]["System"]
    for name in ("Provider", "TimeCreated", "Execution", "Security"):
        system[f"{name}_attributes"] = system.pop(name)["#attributes"]
    assert read(READERS["evtx_dump"], tight(dump)) == read(READERS["evtx_dump"], tight(DUMP))


def test_what_elasticsearch_gives_back_is_read() -> None:
    expected, _ = read(READERS["winlogbeat"], tight(BEAT))
    wrapped = {"_index": "winlogbeat", "_id": "a", "_source": BEAT}
    assert READERS["winlogbeat"].claims(tight(wrapped))
    assert read(READERS["winlogbeat"], tight(wrapped)) == (expected, [])
    beat: dict[str, Any] = BEAT["winlog"]  # type: ignore[assignment]
    dotted = {"@timestamp": BEAT["@timestamp"], "log.level": "warning"}
    dotted |= {f"winlog.{name}": value for name, value in beat.items() if name not in ("event_data", "user")}
    dotted |= {f"winlog.event_data.{name}": value for name, value in beat["event_data"].items()}
    dotted |= {"winlog.user.identifier": "S-1-5-18"}
    assert READERS["winlogbeat"].claims(tight(dotted))
    assert read(READERS["winlogbeat"], tight(dotted)) == (expected, [])


def test_fields_elastics_modules_moved_come_back() -> None:
    moved = {
        "@timestamp": "2026-03-01T09:12:00.000Z",
        "winlog": {"channel": SYSMON, "event_id": 1, "event_data": {"LogonId": "0x1"}},
        "process": {
            "entity_id": "{g}", "pid": 6772, "executable": "C:\\Temp\\a.exe", "command_line": "a.exe -q",
            "parent": {"executable": "C:\\b.exe"}, "pe": {"original_file_name": "c.exe"},
        },
        "user": {"name": "kimura", "domain": "EXAMPLE"},
        "file": {"hash": {"sha256": "AB"}},
    }  # fmt: skip
    (row,), _ = read(READERS["winlogbeat"], tight(moved))
    wanted = (
        "ProcessGuid",
        "ProcessId",
        "Image",
        "CommandLine",
        "ParentImage",
        "OriginalFileName",
        "User",
        "Hashes",
    )
    assert [row[name] for name in wanted] == [
        "{g}", "6772", "C:\\Temp\\a.exe", "a.exe -q", "C:\\b.exe", "c.exe", "EXAMPLE\\kimura", "SHA256=AB",
    ]  # fmt: skip
    assert row["LogonId"] == "0x1"


def test_winlogbeat_six_is_read() -> None:
    old = {
        "@timestamp": "2026-03-01T09:12:00.000Z", "log_name": "Security", "event_id": 4688,
        "record_number": "5",
        "computer_name": "ws01", "source_name": "Microsoft-Windows-Security-Auditing",
        "event_data": {"NewProcessName": "C:\\a.exe"},
    }  # fmt: skip
    assert READERS["winlogbeat"].claims(tight(old))
    (row,), _ = read(READERS["winlogbeat"], tight(old))
    assert (row["log"], row["NewProcessName"], row["EventRecordID"]) == (
        "windows_security_process_created", "C:\\a.exe", "5"
    )  # fmt: skip


DOCUMENT = WindowsJsonDocument()


@EXPORTERS
@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_gives_the_rows_its_lines_would(exporter: str, indent: int | None) -> None:
    sample = SAMPLES[exporter]
    data = json.dumps([sample, sample, 7], indent=indent).encode()
    assert DOCUMENT.claims(data)
    assert not READERS[exporter].claims(data)
    rows, unread = read(DOCUMENT, data)
    expected, _ = read(READERS[exporter], tight(sample))
    places = [{**row, "record": 0, "offset": 0} for row in rows]
    assert places == [{**expected[0], "record": 0, "offset": 0}] * 2
    assert [row["record"] for row in rows] == [1, 2]
    assert json.loads(DOCUMENT.record(source(data), 2, rows[1]["offset"]) or "") == sample
    assert data[rows[1]["offset"] :].startswith(b"{")
    assert [lost.record for lost in unread] == [3]


def test_evtx_dumps_announcements_are_no_records() -> None:
    printed = json.dumps(DUMP, indent=2)
    data = f"Record 4711\n{printed}\nRecord 4712\n{printed}\n".encode()
    assert DOCUMENT.claims(data)
    rows, unread = read(DOCUMENT, data)
    assert unread == []
    assert [row["offset"] for row in rows] == [12, 12 + len(printed) + 1 + 12]


hostile = st.sampled_from(list(SAMPLES))


@settings(deadline=None, max_examples=60)
@given(hostile, st.data())
def test_cut_anywhere_nothing_is_lost_silently(exporter: str, data: st.DataObject) -> None:
    whole = tight(SAMPLES[exporter]) * 3
    cut = data.draw(st.integers(0, len(whole)))
    rows, unread = read(READERS[exporter], whole[:cut])
    full, rest = divmod(cut, len(whole) // 3)
    closed = rest == len(whole) // 3 - 1  # only the line end is missing
    assert len(rows) == full + closed
    assert len(unread) == (rest > 0 and not closed)


@settings(deadline=None, max_examples=150)
@given(hostile, st.data())
def test_flipped_bits_never_stop_the_reader(exporter: str, data: st.DataObject) -> None:
    whole = bytearray(tight(SAMPLES[exporter]) * 3)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] ^= 1 << data.draw(st.integers(0, 7))
    damaged = bytes(whole)
    rows, unread = read(READERS[exporter], damaged)
    assert len(rows) + len(unread) == sum(bool(line.strip()) for line in damaged.split(b"\n"))
    read(DOCUMENT, damaged)


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=6,
)


@settings(deadline=None, max_examples=150)
@given(hostile, st.data())
def test_any_value_anywhere_is_a_row_or_a_reason(exporter: str, data: st.DataObject) -> None:
    record = json.loads(json.dumps(SAMPLES[exporter]))
    level = record
    for _ in range(data.draw(st.integers(0, 3))):
        deeper = [value for value in level.values() if isinstance(value, dict) and value]
        level = data.draw(st.sampled_from(deeper)) if deeper else level
    level[data.draw(st.sampled_from(sorted(level)))] = data.draw(junk)
    line = json.dumps(record).encode() + b"\n"
    rows, unread = read(READERS[exporter], line, asking("Data", "Message"))
    assert len(rows) + len(unread) == 1


def opened(archive: Path) -> tuple[bytes, BinaryIO]:
    packed = ZipFile(archive)
    name = next(
        name for name in packed.namelist() if not name.startswith("__MACOSX") and not name.endswith("/")
    )
    with packed.open(name) as head:
        return head.read(HEAD_BYTES), cast(BinaryIO, io.BufferedReader(packed.open(name), 1 << 20))


def some(stream: BinaryIO, size: int) -> BinaryIO:
    return cast(BinaryIO, io.BytesIO(stream.read(size) + stream.readline()))


def test_all_sets_of_otrf_are_read_without_loss(shared: Callable[[str], Path]) -> None:
    reader = windows_nxlog()
    archives = sorted(shared("otrf").rglob("*.zip"))
    assert len(archives) == 52
    for archive in archives:
        head, stream = opened(archive)
        assert [name for name, other in READERS.items() if other.claims(head)] == ["nxlog"], archive.name
        beginning = Source(path=archive.name, stream=some(stream, 3 << 20), head=head)
        found = list(reader.read(beginning, stored_only(catalogue())))
        assert [item for item in found if isinstance(item, Unread)] == []
        batches = [item for item in found if isinstance(item, Batch)]
        assert sum(batch.data.num_rows for batch in batches) > 50
        assert sum(batch.data.column("clock").null_count for batch in batches) == 0


def test_the_fast_way_and_the_careful_way_agree_on_real_events(shared: Callable[[str], Path]) -> None:
    class Careful(WindowsJsonLines):
        """A reader whose dialect finds no key in the bytes, so that each line is decoded whole."""

    for pattern in ("psh_metasploit_stop*.zip", "covenant_psremoting*.zip", "schtask_create*.zip"):
        _, stream = opened(next(shared("otrf").rglob(pattern)))
        data = some(stream, 1 << 20).read()
        dialect = type(windows_nxlog()._dialect)()
        dialect.event_key = b"\x00"  # type: ignore[misc]
        assert read(Careful("careful", dialect), data) == read(windows_nxlog(), data)

"""Network logs: no bytes stop a reader, a range reads what the whole reads, dates are read in their order."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.azure_flow import AzureFlow
from sakimori.evidence.beginnings import begun, seconds_of
from sakimori.evidence.dns_server_files import DnsServerFiles
from sakimori.evidence.generic import GenericLines
from sakimori.evidence.networks import NETWORKS
from sakimori.evidence.parquet import Parquet
from sakimori.evidence.reader import Reader
from sakimori.evidence.syslog import Syslog
from sakimori.evidence.umbrella import UmbrellaDns
from sakimori.evidence.windows_dns import WindowsDns
from sakimori.evidence.zscaler_text import ZscalerText
from tests.evidence.network_samples import NETWORK_SAMPLES, parquet
from tests.evidence.reading import asking, part, read
from tests.evidence.test_golden import GOLDEN
from tests.evidence.test_golden import given as bytes_of
from tests.evidence.test_rules_on_other_logs import speaks

READER: dict[str, Reader] = {reader.name: reader for reader in NETWORKS}
OF_LINES = [name for name, reader in READER.items() if reader.lines]
FAMILIES = ("dns_servers", "windows_dns", "umbrella", "zscaler_nss", "firewalls")
LINES = [
    line
    for family in FAMILIES
    for sample in tomllib.loads((GOLDEN / f"{family}.toml").read_text("utf-8"))["sample"]
    for line in bytes_of(sample).splitlines(keepends=True)
]
PACKET = "0BE4 PACKET  000000149B80B390 UDP Rcv 192.0.2.30 ccfb   Q [0001   D   NOERROR] A (1)a(7)example(0)"


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_no_bytes_raise(noise: bytes) -> None:
    for name, reader in READER.items():
        read(reader, noise)
        read(reader, NETWORK_SAMPLES[name] + noise)
        reader.claims(noise)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(LINES), st.integers(0, 600), st.binary(max_size=12))
def test_no_damaged_line_raises(line: bytes, at: int, noise: bytes) -> None:
    damaged = line[:at] + noise + line[at + len(noise) :]
    for name in OF_LINES:
        rows, unread = read(READER[name], damaged)
        assert len(rows) + len(unread) <= damaged.count(b"\n") + 1
    read(Syslog(), damaged)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["parquet", "azure_flow"]), st.data())
def test_no_cut_or_flipped_file_raises(name: str, data: st.DataObject) -> None:
    sample = bytearray(NETWORK_SAMPLES[name])
    sample[data.draw(st.integers(0, len(sample) - 1))] ^= data.draw(st.integers(1, 255))
    read(READER[name], bytes(sample[: data.draw(st.integers(0, len(sample)))]))


KEYS = ["flows", "flowGroups", "flowTuples", "rule", "mac"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["flows", "flowGroups", "flowTuples", "rule", "mac"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=100)
@given(JSON, JSON)
def test_no_shape_of_a_flow_record_raises(records: object, properties: object) -> None:
    for value in ({"flowRecords": records}, {"properties": properties}):
        read(AzureFlow(), json.dumps([value]).encode())


def test_a_range_that_starts_later_has_the_members_own_places() -> None:
    for name in OF_LINES:
        data = NETWORK_SAMPLES[name]
        whole, _ = read(READER[name], data)
        last = whole[-1]
        (again,), _ = read(READER[name], part(data, last["offset"], last["record"]))
        assert again == last, name


def test_each_is_shown_again() -> None:
    for name, reader in READER.items():
        rows, _ = read(reader, NETWORK_SAMPLES[name])
        shown = reader.record(part(NETWORK_SAMPLES[name], 0, 1), rows[0]["record"], rows[0]["offset"])
        assert shown, name


# Azure


def test_a_record_larger_than_the_head_is_claimed() -> None:
    flows = ",".join(['"1772410320,192.0.2.30,198.51.100.9,1,443,T,O,A,B,,,,"'] * 3000)
    record = (
        '{"records":[{"category":"NetworkSecurityGroupFlowEvent","properties":{"Version":2,"flows":'
        f'[{{"rule":"r","flows":[{{"mac":"m","flowTuples":[{flows}]}}]}}]}}}}]}}'
    )
    assert AzureFlow().claims(record.encode()[: 1 << 16])
    rows, unread = read(AzureFlow(), record.encode())
    assert (len(rows), unread) == (3000, [])


def test_a_record_without_flows_is_unread_and_other_records_of_azure_are_not_claimed() -> None:
    _, unread = read(AzureFlow(), b'[{"category": "FlowLogFlowEvent", "time": "2026-03-02T00:12:00Z"}]')
    assert [one.reason for one in unread] == ["a record of a flow log without flows"]
    assert not AzureFlow().claims(b'{"category": "SignInLogs", "properties": {}}')


# Parquet


def test_values_are_told_as_json_would_tell_them() -> None:
    table = pa.table(
        {
            "interface_id": ["eni-1"],
            "srcaddr": ["192.0.2.1"],
            "dstaddr": ["192.0.2.2"],
            "at": pa.array([1772410320123456789], pa.timestamp("ns", "UTC")),
            "day": pa.array([datetime(2026, 3, 2, tzinfo=UTC)], pa.timestamp("us", "UTC")),
            "amount": pa.array([Decimal("1.50")], pa.decimal128(5, 2)),
            "raw": pa.array([b"a\xff"], pa.binary()),
            "map": pa.array([[("k", "v")]], pa.map_(pa.string(), pa.string())),
            "inner": pa.array([{"name": "x", "list": [1, 2]}]),
        }
    )
    (row,), unread = read(
        Parquet(), parquet(table), asking("at", "day", "amount", "raw", "map.k", "inner.name")
    )
    assert unread == []
    assert (
        row
        | {
            "log": "aws_vpc_flow",
            "at": "2026-03-02T00:12:00.123456+00:00",
            "day": "2026-03-02T00:00:00+00:00",
            "amount": "1.50",
            "map.k": "v",
            "inner.name": "x",
        }
        == row
    )


def test_rows_nobody_describes_are_counted() -> None:
    rows, _ = read(Parquet(), parquet(pa.table({"a": [1, 2, 3]})))
    assert [(row["log"], row["record"]) for row in rows] == [("generic_parquet", n) for n in (1, 2, 3)]


def test_a_file_cut_off_says_so() -> None:
    rows, (unread,) = read(Parquet(), NETWORK_SAMPLES["parquet"][:-20])
    assert rows == []
    assert unread.reason.startswith("not readable as Parquet: ")


# Windows' DNS server


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (
            ["3/2/2026 9:12:00 PM", "3/13/2026 9:12:00 PM"],
            ["time 2026-03-02T21:12:00", "time 2026-03-13T21:12:00"],
        ),
        (["2/3/2026 9:12:00", "13/3/2026 9:12:00"], ["time 2026-03-02T09:12:00", "time 2026-03-13T09:12:00"]),
        (["02.03.2026 09:12:00"], ["time 2026-03-02T09:12:00"]),
        (["2026/03/02 9:12:00"], ["time 2026-03-02T09:12:00"]),
        (["3/2/2026 12:12:00 AM"], ["time_order_assumed 2026-03-02T00:12:00"]),
        (["02/03/2026 09:12:00"], ["time_order_assumed 2026-03-02T09:12:00"]),
    ],
)
def test_which_part_is_the_month(dates: list[str], said: list[str]) -> None:
    rows, _ = read(WindowsDns(), "".join(f"{date} {PACKET}\n" for date in dates).encode())
    names = ("time", "time_order_assumed")
    assert [f"{name} {row[name]}" for row in rows for name in names if name in row] == said


def test_a_date_that_is_none_leaves_the_row_without_a_time() -> None:
    (row,), unread = read(WindowsDns(), f"99/99/2026 9:12:00 {PACKET}\n".encode())
    assert (row.get("clock"), row["QuestionName"], unread) == (None, "a.example", [])


# Just beside


def test_what_only_looks_like_them_is_not_claimed() -> None:
    assert not DnsServerFiles().claims(b"02-Mar-2026 09:12:00.123 general: info: zone loaded\n")
    assert not UmbrellaDns().claims(b'"2026-03-02 00:12:00","a","b","c","d","e","f","g","h"\n')
    assert not ZscalerText().claims(b"a=1\tb=2\turl=x\n")
    assert not WindowsDns().claims(b"3/2/2026 9:12:00 AM 0BE4 EVENT   The DNS server has started.\n")
    assert not Parquet().claims(b"PAR0")


def test_a_line_in_another_shape_is_unread_with_its_reason() -> None:
    data = NETWORK_SAMPLES["zscaler_text"] + b"torn\n"
    assert [one.reason for one in read(ZscalerText(), data)[1]] == ["no line of a feed of Zscaler"]
    data = NETWORK_SAMPLES["umbrella_dns"] + b"torn\n"
    assert [one.reason for one in read(UmbrellaDns(), data)[1]] == ["1 values where a DNS log has 9 or more"]
    data = NETWORK_SAMPLES["dns_server_files"] + b"torn\n"
    assert [one.reason for one in read(DnsServerFiles(), data)[1]] == ["the line does not begin with a time"]


def test_a_duration_that_is_no_number_leaves_the_time_of_the_end() -> None:
    line = b'date=2026-03-02 time=09:12:16 log_type="Firewall" log_component="F" log_subtype="Denied"'
    ended, *_ = read(Syslog(), line + b" duration=many src_ip=192.0.2.30\n")[0]
    told, *_ = read(Syslog(), line + b" duration=136 src_ip=192.0.2.30\n")[0]
    assert ended.get("begun_local") is None
    assert told["begun_local"] == "2026-03-02T09:10:00"


@given(st.text(max_size=20), st.text(max_size=20) | st.just("0:02:16"))
def test_whatever_stands_for_a_time_or_a_duration_it_is_told_or_left_out(time: str, seconds: str) -> None:
    assert set(begun({"timestamp": time}, seconds_of(seconds))) <= {"begun"}


@pytest.mark.parametrize(
    ("time", "seconds", "began"),
    [
        ("1772410320123456789", "12", "1772410308123456789"),
        ("1772410320", "0:02:16", "1772410184"),
        ("2026-03-02T09:12:16+09:00", "136", "2026-03-02T09:10:00+09:00"),
        ("2026-03-02T09:12:16", "0", None),
        ("0001-01-01T00:00:00", "136", None),
        ("yesterday", "136", None),
    ],
)
def test_a_connection_began_before_it_ended(time: str, seconds: str, began: str | None) -> None:
    assert begun({"timestamp": time}, seconds_of(seconds)).get("begun") == began


# Rules in Sigma's words

LINES_OF_JSON = GenericLines()
EVE: dict[str, Any] = {"event_type": "dns", "timestamp": "2026-03-02T00:12:00+0000", "flow_id": 1}
EVE |= {"src_ip": "192.0.2.30", "dest_ip": "192.0.2.53", "proto": "UDP"}
EVE_3 = EVE | {
    "dns": {"version": 3, "type": "request", "queries": [{"rrname": "a.example", "rrtype": "TXT"}]}
}
EVE_2 = EVE | {"dns": {"version": 2, "type": "query", "rrname": "a.example", "rrtype": "TXT"}}
EVE_FLOW = EVE | {"event_type": "flow", "dest_port": 23, "flow": {"action": "accept"}}
WEB = {"ClientIP": "192.0.2.30", "requestmethod": "POST", "url": "a.example/up", "responsesize": "1"}
GATEWAY = {
    "QueryName": "a.example",
    "SrcIP": "192.0.2.30",
    "ResolverDecision": "allowed",
    "QueryTypeName": "TXT",
}
FLOW: dict[str, dict[str, Any]] = {
    "jsonPayload": {"connection": {"src_ip": "192.0.2.30", "dest_ip": "192.0.2.9", "dest_port": 23}}
}
FLOW["jsonPayload"] |= {"disposition": "ALLOWED"}
ASKED = {"query": "a.example", "record_type": "TXT"}
TELNET = {"src_ip": "192.0.2.30", "dst_port": 23, "action": "accept"}
PF = "2026-03-02T09:12:08+09:00 fw01 filterlog[5]: 5,,,1,em1,match,pass,in,4,0x0,,64,1,0,DF,6,tcp,60"
SPOKEN = [
    (LINES_OF_JSON, json.dumps(EVE_2), "{category: dns}", ASKED),
    (LINES_OF_JSON, json.dumps(EVE_3), "{category: dns}", ASKED),
    (LINES_OF_JSON, json.dumps(EVE_FLOW), "{category: firewall}", TELNET),
    (LINES_OF_JSON, json.dumps(GATEWAY), "{category: dns}", ASKED),
    (LINES_OF_JSON, json.dumps(FLOW), "{category: firewall}", TELNET),
    (LINES_OF_JSON, json.dumps(WEB), "{category: proxy}", {"c-uri|contains": "/up", "cs-method": "POST"}),
    (
        DnsServerFiles(),
        "[1772410320] unbound[1:0] info: 192.0.2.7 a.example. TXT IN",
        "{category: dns}",
        ASKED,
    ),
    (
        WindowsDns(),
        f"2026/03/02 9:12:00 {PACKET}".replace("] A (", "] TXT ("),
        "{category: dns}",
        ASKED,
    ),
    (Syslog(), f"{PF},192.0.2.30,198.51.100.22,35682,23,0,S", "{category: firewall}", TELNET),
]


@pytest.mark.parametrize(("reader", "text", "logsource", "selection"), SPOKEN)
def test_a_rule_speaks(tmp_path: Path, reader: Reader, text: str, logsource: str, selection: Any) -> None:
    assert speaks(tmp_path / "rule", reader, f"{text}\n".encode(), logsource, selection)
    beside = {**selection, next(iter(selection)): "something else"}
    assert not speaks(tmp_path / "beside", reader, f"{text}\n".encode(), logsource, beside)

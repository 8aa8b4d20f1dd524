"""Zeek: text and JSON say the same; headers come, change and are missing; damage costs one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.detection.subjects import primary, subjects
from sakimori.evidence.zeek import ZeekJson, ZeekTsv
from sakimori.findings import Subject
from sakimori.records.catalogue import catalogue
from tests.evidence.reading import asking, part, read

TSV, JSON = ZeekTsv(), ZeekJson()
NAMES = ("ts", "uid", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p", "proto", "service", "local_orig")
TYPES = ("time", "string", "addr", "port", "addr", "port", "enum", "string", "bool")
FIRST = ("1772356320.123456", "CaaaaA1", "10.1.0.5", "50123", "198.51.100.7", "443", "tcp", "ssl", "T")
SECOND = ("1772356321.000001", "CaaaaA2", "10.1.0.6", "50124", "198.51.100.8", "53", "udp", "-", "F")


def header(path: str = "conn", names: tuple[str, ...] = NAMES, types: tuple[str, ...] = TYPES) -> bytes:
    lines = (
        "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", f"#path\t{path}",
        "#open\t2026-03-01-09-12-00", "\t".join(("#fields", *names)), "\t".join(("#types", *types)),
    )  # fmt: skip
    return "".join(line + "\n" for line in lines).encode()


def row(*cells: str) -> bytes:
    return "\t".join(cells).encode() + b"\n"


GOLDEN = header() + row(*FIRST) + row(*SECOND) + b"#close\t2026-03-01-10-00-00\n"


def test_a_row_has_native_names_its_place_and_its_time() -> None:
    rows, unread = read(TSV, GOLDEN)
    assert unread == []
    assert rows[0] == {
        "log": "zeek_conn", "record": 9, "offset": len(header()), "clock": 1_772_356_320_123_456,
        "clock_source": "ts", "ts": "1772356320.123456", "uid": "CaaaaA1", "id.orig_h": "10.1.0.5",
        "id.orig_p": "50123", "id.resp_h": "198.51.100.7", "id.resp_p": "443", "proto": "tcp",
        "service": "ssl",
        "local_orig": "true",
    }  # fmt: skip


def test_an_unset_field_is_null_and_an_empty_one_empty() -> None:
    data = header() + row(*SECOND[:6], "(empty)", "-", "-")
    (found,), _ = read(TSV, data)
    assert found["proto"] == ""
    assert "service" not in found and "local_orig" not in found


def native(names: tuple[str, ...] = NAMES, cells: tuple[str, ...] = FIRST) -> dict[str, Any]:
    values: dict[str, Any] = dict(zip(names, cells, strict=True))
    ports = {name: int(values[name]) for name in ("id.orig_p", "id.resp_p")}
    return {**values, **ports, "ts": float(values["ts"]), "local_orig": values["local_orig"] == "T"}


def same_as_text(found: dict[str, Any]) -> bool:
    text = read(TSV, GOLDEN)[0][0]
    place = ("record", "offset")
    return {k: v for k, v in found.items() if k not in place} == {
        k: v for k, v in text.items() if k not in place
    }


def test_json_says_what_text_says() -> None:
    (found,), unread = read(JSON, json.dumps(native()).encode())
    assert unread == [] and same_as_text(found)


def test_corelight_writes_underscores_and_a_path() -> None:
    record = {key.replace("id.", "id_"): value for key, value in native().items()}
    (found,), _ = read(JSON, json.dumps({"_path": "conn", "_write_ts": "x", **record}).encode())
    assert same_as_text(found)


def test_some_shippers_nest_the_addresses() -> None:
    record = {key: value for key, value in native().items() if not key.startswith("id.")}
    record["id"] = {"orig_h": FIRST[2], "orig_p": 50123, "resp_h": FIRST[4], "resp_p": 443}
    (found,), _ = read(JSON, json.dumps({"_path": "conn", **record}).encode())
    assert same_as_text(found)


def test_iso_times_are_times() -> None:
    record = {**native(), "ts": "2026-03-01T09:12:00.123456Z"}
    (found,), _ = read(JSON, json.dumps(record).encode())
    assert found["clock"] == 1_772_356_320_123_456


def test_a_json_list_reads_like_a_set_in_text() -> None:
    names = ("ts", "uid", "query", "answers")
    text = header("dns", names, ("time", "string", "string", "vector[string]"))
    text += row("1772356320.0", "C1", "a.example.com", "192.0.2.1,192.0.2.2")
    record = {
        "ts": 1772356320.0,
        "uid": "C1",
        "query": "a.example.com",
        "answers": ["192.0.2.1", "192.0.2.2"],
    }
    assert read(TSV, text)[0][0]["answers"] == read(JSON, json.dumps(record).encode())[0][0]["answers"]


def test_json_without_a_path_is_told_by_its_fields() -> None:
    base = {"ts": 1772356320.5, "uid": "C1", "id.orig_h": "10.1.0.5"}
    cases: dict[str, dict[str, Any]] = {
        "zeek_conn": {"conn_state": "SF", "proto": "tcp"},
        "zeek_dns": {"query": "a.example.com"},
        "zeek_http": {"trans_depth": 1, "method": "GET", "host": "a.example.com", "uri": "/"},
        "zeek_ssl": {"server_name": "a.example.com", "cipher": "TLS_AES"},
        "zeek_kerberos": {"request_type": "TGS", "cipher": "rc4-hmac", "client": "a/EXAMPLE.COM"},
        "zeek_smb_files": {"action": "SMB::FILE_OPEN", "name": "a.txt", "path": r"\\10.1.0.9\c$"},
        "zeek_ssh": {"auth_attempts": 1, "client": "SSH-2.0-x"},
        "zeek_smtp": {"trans_depth": 1, "helo": "a.example.com"},
        "zeek_weird": {"name": "odd", "notice": False, "peer": "zeek"},
        "zeek_files": {"fuid": "F1", "source": "HTTP"},
        "zeek_other": {"something": "new"},
    }
    for log, fields in cases.items():
        (found,), _ = read(JSON, json.dumps({**base, **fields}).encode())
        assert found["log"] == log


def test_labels_may_be_joined_with_three_spaces_as_in_iot_23() -> None:
    names = (*NAMES[:8], "local_orig   label   detailed-label")
    data = header(names=names, types=(*TYPES[:8], "bool   string   string")) + row(
        *FIRST[:8], "T   Benign   -"
    )
    (found,), unread = read(TSV, data, asking("label"))
    assert unread == []
    assert (found["local_orig"], found["label"]) == ("true", "Benign")


def test_files_joined_end_to_end_bring_a_header_each() -> None:
    dns = header("dns", ("ts", "uid", "query"), ("time", "string", "string")) + row(
        "1.5", "C9", "a.example.com"
    )
    rows, unread = read(TSV, GOLDEN + dns + GOLDEN)
    assert unread == []
    assert [found["log"] for found in rows] == [
        "zeek_conn", "zeek_conn", "zeek_dns", "zeek_conn", "zeek_conn",
    ]  # fmt: skip


def test_a_range_in_the_middle_takes_the_header_from_the_head() -> None:
    whole, _ = read(TSV, GOLDEN)
    offset = len(header()) + len(row(*FIRST))
    found, _ = read(TSV, part(GOLDEN, offset, 10))
    assert found == whole[1:]


def test_unknown_logs_are_read_with_the_path_and_what_rules_ask_for() -> None:
    data = header("sip", ("ts", "uid", "user_agent"), ("time", "string", "string")) + row(
        "1.5", "C1", "phone"
    )
    (found,), _ = read(TSV, data, asking("user_agent"))
    assert (found["log"], found["_path"], found["user_agent"]) == ("zeek_other", "sip", "phone")


def test_a_torn_tail_is_unread_and_says_so() -> None:
    rows, unread = read(TSV, header() + row(*FIRST) + b"1772356321.000001\tCaa")
    assert len(rows) == 1
    assert [(u.record, u.reason) for u in unread] == [
        (10, "line ends early: 2 fields where the header names 9")
    ]


def test_rows_without_a_header_are_unread() -> None:
    rows, unread = read(TSV, b"#path\tconn\n" + row(*FIRST))
    assert rows == []
    assert [u.reason for u in unread] == ["no #fields line stands above this row"]


def test_bytes_that_are_no_utf8_stay_visible() -> None:
    data = header() + row(*FIRST).replace(b"ssl", b"s\xffl")
    assert read(TSV, data)[0][0]["service"] == "s\\xffl"


def test_the_original_line_comes_back() -> None:
    text = "\t".join(SECOND)
    offset = len(header()) + len(row(*FIRST))
    assert TSV.record(part(GOLDEN, offset, 10), 10, offset) == text
    assert TSV.record(part(GOLDEN, 0, 1), 10, offset) == text


def test_rules_on_whole_records_get_the_line() -> None:
    (first, *_), _ = read(TSV, GOLDEN, asking(raw=True))
    assert first["raw"] == row(*FIRST)


def test_the_first_subject_is_the_address_that_opened_the_connection() -> None:
    conn = catalogue()["zeek_conn"]
    found = subjects(conn, {"id.orig_h": "203.0.113.5", "id.resp_h": "198.51.100.7"})
    assert primary(found, "f") == Subject("address", "203.0.113.5")


@settings(deadline=None)
@given(st.integers(0, len(GOLDEN)), st.data())
def test_no_damage_to_text_raises(cut: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(GOLDEN) - 1))
    flipped = bytearray(GOLDEN)
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    for damaged in (GOLDEN[:cut], bytes(flipped)):
        rows, unread = read(TSV, damaged)
        lines = [line for line in damaged.splitlines() if line.strip() and not line.startswith(b"#")]
        assert len(rows) + len(unread) <= len(lines) + 1


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_below_a_header_raise(noise: bytes) -> None:
    read(TSV, header() + noise)
    read(JSON, json.dumps(native()).encode() + b"\n" + noise)


def test_every_log_of_the_labelled_sets_is_read_whole(shared: Callable[[str], Path]) -> None:
    for file in (*shared("zeek").rglob("*.log*"), *shared("zeek_rita_proxy").rglob("*.log")):
        data = file.read_bytes()
        expected = sum(bool(line) and not line.startswith(b"#") for line in data.split(b"\n"))
        rows, unread = read(TSV, data)
        assert (file.name, len(rows), unread) == (file.name, expected, [])
        assert TSV.claims(data[:65536])

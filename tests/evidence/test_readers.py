"""Each format is claimed by its own reader and by no other; what is no log is claimed by none."""

from __future__ import annotations

import json
import os
import zlib

import pytest

from sakimori.evidence.readers import GENERAL, PLACED, READERS, SPECIFIC
from tests.evidence.endpoint_samples import ENDPOINT_SAMPLES
from tests.evidence.evtx_writer import Event, evtx
from tests.evidence.network_samples import NETWORK_SAMPLES
from tests.evidence.reading import part, read
from tests.evidence.test_defender import PROCESS, ndjson, portal
from tests.evidence.test_github_actions_log import ACTIONS_LOG
from tests.evidence.test_zeek import GOLDEN, native
from tests.evidence.text_samples import TEXT_SAMPLES
from tests.evidence.triage_samples import TRIAGE_SAMPLES

WINDOWS = {
    "EventID": 1, "Channel": "Microsoft-Windows-Sysmon/Operational", "SourceName": "Microsoft-Windows-Sysmon",
    "ProviderGuid": "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}", "Hostname": "ws01.example.com",
    "RecordNumber": 7, "EventTime": "2026-03-01 09:12:00", "Severity": "INFO",
    "Image": r"C:\Windows\System32\cmd.exe",
}  # fmt: skip
BEAT = {
    "@timestamp": "2026-03-01T09:12:00.123Z",
    "winlog": {
        "channel": "Microsoft-Windows-Sysmon/Operational", "event_id": 1, "record_id": 7,
        "provider_name": "Microsoft-Windows-Sysmon", "computer_name": "ws01.example.com",
        "event_data": {"Image": r"C:\Windows\System32\cmd.exe"},
    },
}  # fmt: skip
DUMP = {
    "Event": {
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}}, "EventID": 1,
            "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "ws01.example.com",
            "EventRecordID": 7,
            "TimeCreated": {"#attributes": {"SystemTime": "2026-03-01T09:12:00.123456Z"}},
        },
        "EventData": {"Image": r"C:\Windows\System32\cmd.exe"},
    }
}  # fmt: skip
XML = (
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
    '<Provider Name="Microsoft-Windows-Sysmon"/><EventID>1</EventID>'
    '<TimeCreated SystemTime="2026-03-01T09:12:00.123Z"/><EventRecordID>7</EventRecordID>'
    "<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>ws01.example.com</Computer></System>"
    r'<EventData><Data Name="Image">C:\Windows\System32\cmd.exe</Data></EventData></Event>'
)
GOLDEN_SAMPLES = {
    "application_text": b"2026-03-01 09:12:00,123 ERROR app: a\nTrace\n2026-03-01 09:12:01,000 INFO app: b\n",
    "github_actions_log": ACTIONS_LOG,
    "acquisition_record": b'{"$schema": "urn:sakimori:acquisition:1", "acquisitions": []}',
    "aws_vpc_flow": b"version srcaddr dstaddr action\n" + b"2 192.0.2.1 192.0.2.2 ACCEPT\n" * 2,
    "windows_xml": f"<Events>{XML}{XML}</Events>".encode(),
    "windows_evtx": evtx((Event(4624, (("TargetUserName", "mori"),)),)),
    "zeek_tsv": GOLDEN,
    "windows_evtxdump_json": ndjson(DUMP, DUMP),
    "windows_winlogbeat_json": ndjson(BEAT, BEAT),
    "windows_nxlog_json": ndjson(WINDOWS, WINDOWS),
    "windows_json_document": json.dumps([DUMP, DUMP], indent=1).encode(),
    "zeek_json": ndjson(native(), native()),
    "defender_lines": ndjson(PROCESS, PROCESS),
    "defender_json": json.dumps({"Schema": [], "Results": [PROCESS, PROCESS]}).encode(),
    "defender_csv": portal(PROCESS, PROCESS),
    "software_json": b'{"lockfileVersion": 1, "dependencies": {"a": {}, "b": {"version": "2"}}}',
    "software_text": b"github.com/example/a v1.0.0 h1:a=\ngithub.com/example/b v1.0.0 h1:b=\n",
    "cyclonedx_xml": b'<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components><component><name>a</name>'
    b"</component><component><name>b</name></component></components></bom>",
    "iso20022": b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"><CdtTrfTxInf/>'
    b"<CdtTrfTxInf/></Document>",
    "swift_fin": b"{1:F01EXAMJPJTAXXX0000000000}{2:I103EXAMUS33XXXXN}{4:\n:20:P\n-}\n" * 2,
    "ndjson": ndjson({"time": "2026-03-01", "what": 1}, {"time": "2026-03-01", "what": 2}),
    "json": json.dumps([{"what": 1}, {"what": 2}], indent=1).encode(),
    "csv": b"time,host,what\n2026-03-01,ws01,1\n2026-03-01,ws01,2\n",
    **ENDPOINT_SAMPLES,
    **NETWORK_SAMPLES,
    **TEXT_SAMPLES,
    **TRIAGE_SAMPLES,
}
ROWS = {"windows_evtx": 1, "acquisition_record": 0}


# An ESE database is written by Windows alone.
NO_SAMPLE = {"windows_srum"}


def test_every_reader_has_a_sample_here() -> None:
    assert {reader.name for reader in READERS} - NO_SAMPLE == GOLDEN_SAMPLES.keys()


@pytest.mark.parametrize("name", GOLDEN_SAMPLES)
def test_a_sample_is_claimed_by_its_reader_and_by_no_other_specific_one(name: str) -> None:
    head = GOLDEN_SAMPLES[name]
    general = name in {reader.name for reader in GENERAL}
    claiming = [reader.name for reader in (*SPECIFIC, *PLACED) if reader.claims(head)]
    assert claiming == [] if general else claiming[:1] == [name]
    # A document of Windows events is recognised by its first object, which a line of them is too.
    assert set(claiming) - {name} <= ({"windows_json_document"} if name.endswith("_json") else set())
    assert next(reader.name for reader in READERS if reader.claims(head)) == name


@pytest.mark.parametrize("name", GOLDEN_SAMPLES)
def test_a_sample_is_read_whole_and_each_record_comes_back(name: str) -> None:
    head = GOLDEN_SAMPLES[name]
    reader = next(reader for reader in READERS if reader.claims(head))
    rows, unread = read(reader, head)
    assert unread == []
    assert len(rows) == ROWS.get(name, 2)
    assert all(reader.record(part(head, 0, 1), row["record"], row["offset"]) for row in rows)


def test_names_are_unique() -> None:
    names = [reader.name for reader in READERS]
    assert sorted(set(names)) == sorted(names)


PROSE = """Dear all,

the new rules, agreed last week, begin on Monday; please read them, and ask.
First, lock the screen. Second, report what looks odd, even where you are not sure.

Kind regards, the office
"""
NO_LOGS = {
    "png": b"\x89PNG\r\n\x1a\n" + zlib.compress(b"pixels" * 50),
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)),
    "gif": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff",
    "prose": PROSE.encode(),
    "japanese prose": "各位、\n新しい規則を、月曜日から、始めます。\n以上、総務\n".encode(),
    "script": b"#!/bin/sh\nset -e\necho a, b, c\n",
    "html": b"<!doctype html><html><head><title>a, b, c</title></head></html>",
    "yaml": b"name: a\nfields: [a, b, c]\n",
    "empty": b"",
    "blank": b"\n\n \n",
    "zeros": b"\0" * 4096,
    "empty object": b"{}",
    "one number": b"7",
}


@pytest.mark.parametrize("name", NO_LOGS)
def test_what_is_no_log_is_claimed_by_nobody(name: str) -> None:
    assert [reader.name for reader in READERS if reader.claims(NO_LOGS[name])] == []


def test_random_bytes_are_claimed_by_nobody() -> None:
    for _ in range(200):
        noise = os.urandom(600)
        assert [reader.name for reader in READERS if reader.claims(noise)] == []

"""Windows events as XML: the same rows as from EVTX, in every encoding, and nothing lost silently."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from evtx import PyEvtxParser
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.reader import HEAD_BYTES
from sakimori.evidence.windows_evtx import WindowsEvtx
from sakimori.evidence.windows_xml import WindowsXml
from sakimori.records.batch import Unread
from sakimori.records.plan import Plan
from tests.evidence.evtx_writer import SPACE
from tests.evidence.reading import Rows, asking, source
from tests.evidence.reading import read as read_with

READER = WindowsXml()
PLACE_AND_RAW = ("offset", "raw")
ASKED = asking("Data", "Version", "Message", "SubjectUserName", raw=True)


def event(
    user: str, event_id: int = 4624, body: str = "", channel: str = "<Channel>Security</Channel>"
) -> str:
    """An event as Windows writes it on one line."""
    body = (
        body
        or f"<EventData><Data Name='TargetUserName'>{user}</Data><Data Name='LogonType'>3</Data></EventData>"
    )
    return (
        f"<Event xmlns='{SPACE}'><System><Provider Name='Microsoft-Windows-Security-Auditing' Guid='{{0}}'/>"
        f"<EventID Qualifiers='0'>{event_id}</EventID><Version>2</Version><Level>0</Level><Task>12544</Task>"
        "<Opcode>0</Opcode><Keywords>0x8020000000000000</Keywords>"
        "<TimeCreated SystemTime='2026-03-01T00:12:00.1234567Z'/><EventRecordID>7</EventRecordID>"
        f"<Execution ProcessID='644' ThreadID='648'/>{channel}<Computer>pc1.example.com</Computer>"
        f"<Security UserID='S-1-5-18'/></System>{body}</Event>"
    )


def read(data: bytes, plan: Plan | None = None) -> tuple[Rows, list[Unread]]:
    return read_with(READER, data, plan)


def users(rows: Rows) -> list[str]:
    return [row["TargetUserName"] for row in rows]


def test_an_event_becomes_a_row_with_native_names_and_its_place() -> None:
    text = f"<?xml version='1.0' encoding='utf-8'?>\n<Events>\n{event('alice')}\n{event('bob')}\n</Events>\n"
    (first, second), unread = read(text.encode())
    expected = {
        "record": 1,
        "offset": text.index("<Event "),
        "clock_source": "TimeCreated",
        "Channel": "Security",
        "EventID": "4624",
        "Provider_Name": "Microsoft-Windows-Security-Auditing",
        "Computer": "pc1.example.com",
        "EventRecordID": "7",
        "TimeCreated": "2026-03-01T00:12:00.1234567Z",
        "UserID": "S-1-5-18",
        "Execution_ProcessID": "644",
        "TargetUserName": "alice",
        "LogonType": "3",
    }
    assert {name: first.get(name) for name in expected} == expected
    assert (second["record"], second["TargetUserName"]) == (2, "bob")
    assert unread == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932"])
@pytest.mark.parametrize("root", [True, False])
def test_every_encoding_with_and_without_a_root(encoding: str, root: bool) -> None:
    declared = "<?xml version='1.0' encoding='shift_jis'?>" if encoding == "cp932" else ""
    inner = event("花子") + "\r\n" + event("太郎")
    data = (declared + (f"<Events>{inner}</Events>" if root else inner)).encode(encoding)
    rows, unread = read(data)
    assert READER.claims(data[:HEAD_BYTES])
    assert (users(rows), unread) == (["花子", "太郎"], [])
    for row in rows:
        text = READER.record(source(data), row["record"], row["offset"])
        assert text is not None
        assert text == event(row["TargetUserName"])
        assert READER.record(source(data), row["record"], 0) == text
    assert READER.record(source(data), 3, 0) is None


def test_several_exports_one_after_another_are_one_list() -> None:
    export = f"<?xml version='1.0'?><Events>{event('alice')}</Events>\n"
    assert users(read((export * 3).encode())[0]) == ["alice"] * 3


def test_odd_events_keep_what_they_say() -> None:
    cleared = "<UserData><LogFileCleared xmlns='urn:example'><SubjectUserName>carol</SubjectUserName>"
    cleared += "<Channel>Application</Channel></LogFileCleared></UserData>"
    unnamed = "<EventData><Data>one</Data><Data>two</Data><Binary>00</Binary></EventData>"
    told = "<EventData/><RenderingInfo Culture='en-US'><Message>It was said.</Message><Level>Info</Level>"
    told += "<Channel>Sicherheit</Channel></RenderingInfo>"
    text = event("", 104, cleared) + event("", 400, unnamed, "<Channel/>") + event("", 4624, told)
    first, second, third = read(text.encode(), ASKED)[0]
    assert (first["Channel"], first["SubjectUserName"]) == ("Security", "carol")
    assert (second["log"], second.get("Channel"), second["Data"]) == ("windows_other", None, "one\ntwo")
    assert (third["Message"], third["Channel"], third["Level"]) == ("It was said.", "Security", "0")
    assert b"It was said." in third["raw"]


def test_content_decides_what_is_claimed() -> None:
    assert READER.claims(event("a").encode())
    assert READER.claims(f"Record 1\n<?xml version='1.0'?>\n{event('a')}".encode())
    assert not READER.claims(json.dumps({"original": event("a")}).encode())
    assert not READER.claims(b"<html><body><Event></Event></body></html>")
    assert not READER.claims(b'{"Channel":"Security"}')
    assert not READER.claims(b"")


def test_what_xml_forbids_but_windows_writes_is_replaced() -> None:
    rows, unread = read(event("a\x1bb&#x1;c&#27;d").encode())
    assert (users(rows), unread) == (["a\ufffdb\ufffdc\ufffdd"], [])


def test_line_ends_stay_as_windows_logged_them() -> None:
    text = event("a").replace("LogonType'>3", "IpAddress'>one\r\ntwo").replace("<Data ", "<Data\r\n ")
    assert read(text.encode())[0][0]["IpAddress"] == "one\r\ntwo"


def test_events_that_only_begin_cost_no_more_than_their_bytes() -> None:
    started = time.monotonic()
    rows, unread = read(b"<Event >" * 200_000 + event("bob").encode())
    assert time.monotonic() - started < 20
    assert (users(rows), len(unread)) == (["bob"], 200_000)


def test_a_depth_no_log_has_is_bounded() -> None:
    deep = event("alice").replace(
        "<EventData>", "<UserData>" + "<a>" * 500_000 + "</a>" * 500_000 + "</UserData><EventData>"
    )
    started = time.monotonic()
    rows, unread = read(deep.encode() + event("bob").encode())
    assert time.monotonic() - started < 10
    assert len(rows) + len(unread) == 2


def test_entities_and_doctypes_never_unfold() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    inside = event("alice").replace("<System>", bomb + "<System>")
    rows, unread = read(f"{bomb}<Events>{event('&b;')}{inside}{event('bob')}</Events>".encode())
    assert users(rows) == ["bob"]
    assert [u.record for u in unread] == [1, 2]
    assert all("not well formed" in u.reason for u in unread)


def test_a_damaged_event_costs_only_itself() -> None:
    broken = event("carol").replace("</Data>", "</Dat>", 1)
    opened = event("dave").replace("<Event ", "<Evnt ", 1)
    cut = event("erin")[:300]
    text = "\n".join(
        ["<Events>", event("a"), broken, event("b"), opened, event("c"), cut, event("d"), "</Events>"]
    )
    rows, unread = read(text.encode())
    assert users(rows) == ["a", "b", "c", "d"]
    assert [row["record"] for row in rows] == [1, 3, 5, 7]
    assert [u.record for u in unread] == [2, 4, 6]
    assert [text.encode()[u.offset :][:6] for u in unread][::2] == [b"<Event", b"<Event"]


def test_a_missing_end_is_told() -> None:
    text = f"{event('alice')}{event('bob')}"
    rows, unread = read(text[:-10].encode())
    assert users(rows) == ["alice"]
    assert unread == [Unread(2, text.rindex("<Event "), "The event has no end.")]


def test_an_end_between_two_events_is_told_where_a_list_was_opened() -> None:
    rows, unread = read(f"<Events>{event('alice')}{event('bob')}".encode())
    assert (users(rows), [u.reason for u in unread]) == (["alice", "bob"], ["The list of events has no end."])


def test_an_event_without_end_does_not_fill_the_memory() -> None:
    data = event("alice").encode() + b"<Event x='" + b"a" * (20 << 20) + event("bob").encode()
    rows, unread = read(data)
    assert users(rows) == ["alice", "bob"]
    assert unread[0].reason == "The event is longer than 8 MB."


SAMPLE = f"<Events>{''.join(event(f'user{n}') for n in range(5))}</Events>"


@settings(max_examples=150, deadline=None)
@given(
    encoding=st.sampled_from(["utf-8", "utf-16"]),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=4),
    kept=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_bits_may_flip_and_ends_may_be_missing(
    encoding: str, flips: list[tuple[float, int]], kept: float
) -> None:
    data = bytearray(SAMPLE.encode(encoding))
    for where, bit in flips:
        data[int(where * len(data))] ^= 1 << bit
    del data[round(kept * len(data)) :]
    started = time.monotonic()
    rows, unread = read(bytes(data))
    assert time.monotonic() - started < 5
    assert len(rows) <= 5
    if not flips:
        assert users(rows) == [f"user{n}" for n in range(len(rows))]
        assert unread or len(rows) == 5 or kept * len(SAMPLE) < 8


def test_xml_and_evtx_of_the_same_events_give_the_same_rows(shared: Callable[[str], Path]) -> None:
    compared = 0
    for file in sorted(shared("evtx_attack_samples").rglob("*.evtx"))[::6]:
        data = file.read_bytes()
        records: Any = PyEvtxParser(io.BytesIO(data), number_of_threads=1).records()
        texts = [record["data"] for record in records]
        ours, unread = read("\n".join(texts).encode())
        theirs, _ = read_with(WindowsEvtx(), data)
        assert unread == []
        assert [_said(row) for row in ours] == [_said(row) for row in theirs], file
        compared += len(ours)
    assert compared > 1000


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """What a row says apart from where it stood, as far as XML can: nothing empty, no control characters."""
    texts = {
        name: re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "\ufffd", str(value)) for name, value in row.items()
    }
    return {name: text for name, text in texts.items() if name not in PLACE_AND_RAW and text}

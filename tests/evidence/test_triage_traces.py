"""Prefetch, SRUM, tasks as XML, file tables, journals and body files."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sakimori.evidence.bodyfile import Bodyfile
from sakimori.evidence.live_response import ProcessListing, SocketListing
from sakimori.evidence.mft import MasterFileTable
from sakimori.evidence.prefetch import Prefetch
from sakimori.evidence.reader import Reader, Source
from sakimori.evidence.scheduled_task_xml import ScheduledTaskXml
from sakimori.evidence.srum import Names, Srum, ole_time, sid
from sakimori.evidence.usn import ChangeJournal
from tests.evidence.mft_writer import File, change, table
from tests.evidence.prefetch_writer import DEVICE, compressed, prefetch
from tests.evidence.reading import read, source

RUNS = [datetime(2026, 3, 1, 8, tzinfo=UTC), datetime(2026, 2, 1, 8, tzinfo=UTC)]
RAN = prefetch("A.EXE", ["\\USERS\\MEI\\A.EXE", "\\WINDOWS\\SYSTEM32\\NTDLL.DLL"], RUNS, 7)
TASK = """<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Date>2026-03-01T09:00:00</Date><Author>EXAMPLE\\mei</Author><URI>\\Up</URI></RegistrationInfo>
  <Triggers><LogonTrigger /></Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals>
  <Settings><Hidden>true</Hidden></Settings>
  <Actions Context="Author"><Exec><Command>C:\\ProgramData\\up.exe</Command><Arguments>-q</Arguments></Exec>
  <Exec><Command>"C:\\Program Files\\b.exe"</Command></Exec></Actions>
</Task>"""
FILES = {
    30: File("Users", directory=True),
    31: File("mei", parent=30, directory=True),
    32: File(
        "a.exe", parent=31, origin="[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://files.example.com/a.exe\r\n"
    ),
    33: File("b.dll", parent=31, used=False, modified=datetime(2026, 3, 2, 10, tzinfo=UTC)),
    34: File("c.txt", parent=99),
}
BODY = (
    "0|/home/mei/.ssh/config|12|-rw-------|1000|1000|80|1772442000|1772442000|1772442000|1772355600\n"
    "d41d8cd98f00b204e9800998ecf8427e|/tmp/a|b|13|-rwxr-xr-x|0|0|5|1772442000|1772442000|1772442000|0\n"
)


def of(data: bytes, path: str) -> Source:
    whole = source(data)
    return Source(path=path, stream=whole.stream, head=whole.head)


def told(reader: Reader, data: bytes, *names: str, path: str = "e") -> list[tuple[Any, ...]]:
    rows, unread = read(reader, of(data, path))
    assert unread == []
    return [tuple(row.get(name) for name in names) for row in rows]


@pytest.mark.parametrize("data", [RAN, compressed(RAN)], ids=["plain", "compressed"])
def test_a_prefetch_file_tells_each_run_it_remembers(data: bytes) -> None:
    assert Prefetch().claims(data)
    path = "2026-03-02T091200_WS01/C/Windows/Prefetch/A.EXE-1234ABCD.pf"
    assert told(Prefetch(), data, "Computer", "Name", "Path", "Runs", "clock", path=path) == [
        ("WS01", "A.EXE", f"{DEVICE}\\USERS\\MEI\\A.EXE", "7", 1772352000000000),
        ("WS01", "A.EXE", f"{DEVICE}\\USERS\\MEI\\A.EXE", "7", 1769932800000000),
    ]


def test_a_torn_prefetch_file_is_unread_with_a_reason() -> None:
    rows, unread = read(Prefetch(), RAN[:200])
    assert (rows, len(unread)) == ([], 1)
    assert unread[0].reason.startswith("no prefetch file that can be read")


def test_srum_rows_name_program_and_user_by_the_table_of_ids() -> None:
    user = bytes.fromhex("010500000000000515000000") + struct.pack("<4I", 1, 2, 3, 1001)
    ids = [
        {"IdType": b"\0", "IdIndex": b"\x05\0\0\0", "IdBlob": "\\device\\a.exe\0".encode("utf-16-le")},
        {"IdType": b"\x03", "IdIndex": b"\x06\0\0\0", "IdBlob": user},
    ]
    row = Names.of(iter(ids)).row(
        {
            "TimeStamp": struct.pack("<d", 46_083.375), "AppId": b"\x05\0\0\0", "UserId": b"\x06\0\0\0",
            "BytesSent": (70_000_000).to_bytes(8, "little"), "BytesRecvd": b"\x01\0",
        }
    )  # fmt: skip
    assert row == {
        "TimeStamp": "1772442000.000000", "Path": "\\device\\a.exe", "UserSid": "S-1-5-21-1-2-3-1001",
        "BytesSent": 70_000_000, "BytesRecvd": 1,
    }  # fmt: skip
    assert (ole_time(b""), sid(b"\x01\x05")) == (None, "0105")


def test_an_ese_database_that_cannot_be_read_is_unread() -> None:
    data = struct.pack("<I4s", 0, b"\xef\xcd\xab\x89").ljust(8192, b"\0")
    assert Srum().claims(data)
    rows, unread = read(Srum(), data)
    assert (rows, len(unread)) == ([], 1)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8"])
def test_a_task_tells_every_program_it_starts(encoding: str) -> None:
    data = TASK.encode(encoding)
    assert ScheduledTaskXml().claims(data)
    assert told(ScheduledTaskXml(), data, "Name", "Author", "Hidden", "Triggers", "Command", "Path") == [
        (
            "\\Up",
            "EXAMPLE\\mei",
            "true",
            "LogonTrigger",
            r"C:\ProgramData\up.exe -q",
            r"C:\ProgramData\up.exe",
        ),
        (
            "\\Up",
            "EXAMPLE\\mei",
            "true",
            "LogonTrigger",
            r'"C:\Program Files\b.exe"',
            r"C:\Program Files\b.exe",
        ),
    ]


def test_a_task_without_a_name_has_that_of_its_file() -> None:
    data = TASK.replace("<URI>\\Up</URI>", "").encode()
    path = "Collection-WS01-2026-03-03T09_12_00Z.zip!uploads/auto/C%3A/Windows/System32/Tasks/Ours/Up"
    names = told(ScheduledTaskXml(), data, "Computer", "Name", path=path)
    assert names == [("WS01", "\\Ours\\Up")] * 2


def test_a_task_that_is_broken_and_one_that_holds_a_bomb_are_unread() -> None:
    for text in (TASK.replace("</Exec>", ""), TASK.replace("</Task>", "")):
        rows, unread = read(ScheduledTaskXml(), text.encode())
        assert (rows, len(unread)) == ([], 1)


def test_the_file_table_tells_paths_times_and_origins() -> None:
    data = table(FILES)
    assert MasterFileTable().claims(data)
    rows = told(MasterFileTable(), data, "log", "Path", "Action", "Deleted", "HostUrl")[2:]
    assert rows == [
        ("mft", r"C:\Users", "created", "false", None),
        ("mft", r"C:\Users\mei", "created", "false", None),
        ("mft", r"C:\Users\mei\a.exe", "created", "false", None),
        ("mft_origin", r"C:\Users\mei\a.exe", None, None, "https://files.example.com/a.exe"),
        ("mft", r"C:\Users\mei\b.dll", "created", "true", None),
        ("mft", r"C:\Users\mei\b.dll", "modified", "true", None),
        ("mft", r"C:\?\c.txt", "created", "false", None),
    ]


def test_folders_that_lie_in_each_other_end_and_damaged_records_are_counted() -> None:
    data = bytearray(table({30: File("a", 31, True), 31: File("b", 30, True), 32: File("c", 30)}))
    data[32 * 1024 + 510] = 9
    rows, unread = read(MasterFileTable(), bytes(data))
    assert len(rows) == 4
    assert [one.reason for one in unread] == ["1 damaged file records"]


def test_the_journal_tells_changes_that_were_closed() -> None:
    closed = 0x80000000
    records = [
        change("a.exe", 0x100, 1), change("a.exe", 0x102 | closed, 2), change("b", 0x2000 | closed, 3),
        change("c", 0x200 | closed, 4), change("d", 0x8000 | closed, 5), change("e", 0x2 | closed, 6),
    ]  # fmt: skip
    page = b"".join(records).ljust(4096, b"\0")
    data = bytes(8192) + page + change("f", 0x100 | closed, 7)
    assert ChangeJournal().claims(data)
    assert told(ChangeJournal(), data, "Path", "Action") == [
        ("a.exe", "created"), ("b", "renamed"), ("c", "deleted"), ("e", "modified"), ("f", "created"),
    ]  # fmt: skip


def test_a_journal_that_begins_with_zeros_is_told_by_its_name_alone() -> None:
    assert ChangeJournal().claims_at("C/$Extend/$J", bytes(65_536))
    assert ChangeJournal().claims_at("uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J", bytes(65_536))
    assert not ChangeJournal().claims(bytes(65_536))
    assert not ChangeJournal().claims_at("C/zeros.bin", bytes(65_536))
    assert not ChangeJournal().claims_at("C/$J", b"text")


def test_a_body_file_tells_when_files_were_made_and_changed() -> None:
    assert Bodyfile().claims(BODY.encode())
    path = "uac-db01-linux-20260303091200.tar.gz!bodyfile/bodyfile.txt"
    assert told(Bodyfile(), BODY.encode(), "Computer", "Path", "Action", "clock", path=path) == [
        ("db01", "/home/mei/.ssh/config", "created", 1772355600000000),
        ("db01", "/home/mei/.ssh/config", "modified", 1772442000000000),
        ("db01", "/tmp/a|b", "modified", 1772442000000000),
    ]


def test_a_line_that_is_no_body_file_is_unread() -> None:
    _, unread = read(Bodyfile(), (BODY + "a|b|c\n").encode())
    assert [one.record for one in unread] == [3]


TRIAGE_PS = b"  PID USER  STARTED COMMAND\n    1 root  Mon Mar  2 08:00:00 2026 /sbin/init\n"
TRIAGE_NETSTAT = b"tcp 0 0 192.0.2.7:50000 203.0.113.9:443 ESTABLISHED 4711/a\n"
SAMPLES = {
    "mft": (MasterFileTable(), table(FILES)),
    "usn": (ChangeJournal(), change("a", 0x80000100, 1) * 9),
    "task": (ScheduledTaskXml(), TASK.encode("utf-16")),
    "body": (Bodyfile(), BODY.encode()),
    "prefetch": (Prefetch(), RAN),
    "ps": (ProcessListing(), TRIAGE_PS),
    "netstat": (SocketListing(), TRIAGE_NETSTAT),
}


@pytest.mark.parametrize("name", SAMPLES)
@given(st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 255)), max_size=20), st.integers(0, 5000))
def test_no_bytes_raise(name: str, flips: list[tuple[int, int]], cut: int) -> None:
    reader, sample = SAMPLES[name]
    data = bytearray(sample)
    for at, value in flips:
        data[at % len(data)] = value
    read(reader, bytes(data[: max(1, len(data) - cut)]))

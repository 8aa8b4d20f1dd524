"""What lies on Macs and Linux machines: databases, property lists, histories, Santa's log."""

from __future__ import annotations

import plistlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sakimori.evidence.btm_dump import BackgroundItems
from sakimori.evidence.described import joined
from sakimori.evidence.property_lists import Plain, PropertyList
from sakimori.evidence.reader import Reader, Source
from sakimori.evidence.readers import READERS
from sakimori.evidence.santa import SantaLog, fields
from sakimori.evidence.shell_commands import told, unmetafied
from sakimori.evidence.shell_history import ShellHistory, named
from sakimori.evidence.sqlite.database import SqliteDatabase
from sakimori.evidence.sqlite.question import questions, secrets
from sakimori.evidence.tasks import reader_of
from tests.evidence.endpoint_samples import ENDPOINT_SAMPLES, database, quarantine
from tests.evidence.reading import read, source

OWN: dict[str, Reader] = {
    reader.name: reader
    for reader in (SqliteDatabase(), PropertyList(), BackgroundItems(), SantaLog(), ShellHistory())
}


def at(path: str, data: bytes) -> Source:
    whole = source(data)
    return Source(path=path, stream=whole.stream, head=whole.head)


# Any bytes


@pytest.mark.parametrize("name", OWN)
@settings(deadline=None)
@given(data=st.data())
def test_no_bytes_raise(name: str, data: st.DataObject) -> None:
    sample = bytearray(ENDPOINT_SAMPLES[name])
    for _ in range(data.draw(st.integers(0, 6))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(sample[: data.draw(st.integers(0, len(sample)))])
    OWN[name].claims(cut)
    read(OWN[name], cut)


@pytest.mark.parametrize("name", OWN)
@settings(deadline=None)
@given(noise=st.binary(max_size=400))
def test_no_noise_raises(name: str, noise: bytes) -> None:
    read(OWN[name], noise)
    OWN[name].record(source(noise), 1, 0)


# Places


def test_a_plain_history_is_told_by_its_name_alone() -> None:
    plain = b"id\nuname -a\n"
    asked = [reader_of(plain, READERS, path) for path in ("x.zip!home/mei/.bash_history", "notes.txt", "")]
    assert [reader and reader.name for reader in asked] == ["shell_history", None, None]


def test_names_of_histories() -> None:
    paths = (
        "/Users/mei/.zsh_sessions/A-1.history", r"C:\x\PSReadLine\ConsoleHost_history.txt",
        "/home/mei/.python_history", "/home/mei/history.csv",
    )  # fmt: skip
    assert [named(path) for path in paths] == ["zsh", "powershell", "python", None]


# Histories


def test_a_history_with_times_is_told_by_its_content() -> None:
    assert told(b": 1772413200:0;ls\n") == "zsh"
    assert told(b"#1772413200\nls\n#1772413201\n") == "bash"
    assert told(b"- cmd: ls\n  when: 1772413200\n") == "fish"
    assert told(b"#!/bin/sh\n# a comment\nls\n") is None


def test_zsh_bytes_are_as_they_were_typed() -> None:
    typed = "cd 資料".encode()
    coded = b"".join(bytes((0x83, byte ^ 0x20)) if byte >= 0x83 else bytes((byte,)) for byte in typed)
    rows, _ = read(ShellHistory(), at("MAC01/Users/mei/.zsh_history", b": 1772413200:0;" + coded + b"\n"))
    assert unmetafied(coded) == typed
    assert rows[0]["command"] == "cd 資料"


def test_a_command_of_several_lines_comes_back_whole() -> None:
    data = b": 1772413200:0;a \\\nb\n: 1772413201:0;c\n"
    rows, unread = read(ShellHistory(), data)
    assert [row["record"] for row in rows] == [1, 3]
    assert ShellHistory().record(source(data), 1, 0) == ": 1772413200:0;a \\\nb"
    assert unread == []


# Databases


def test_a_row_is_shown_again_by_its_place() -> None:
    data = quarantine(2)
    rows, unread = read(SqliteDatabase(), data)
    assert [row["record"] for row in rows] == [1, 2]
    assert unread == []
    shown = SqliteDatabase().record(source(data), 2, rows[1]["offset"]) or ""
    assert '"LSQuarantineEventIdentifier":"E-1"' in shown
    assert SqliteDatabase().record(source(data), 9, rows[1]["offset"]) is None


def test_a_damaged_database_gives_what_sqlite_can_read_and_says_that_there_was_more() -> None:
    data = bytearray(quarantine(200))
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    rows, unread = read(SqliteDatabase(), bytes(data))
    assert len(rows) < 200
    assert [one.reason.startswith(("Table LSQuarantineEvent", "SQLite cannot")) for one in unread] == [True]


@pytest.mark.parametrize("secret", secrets(), ids=lambda secret: next(iter(secret.needs)))
def test_secrets_are_named_and_not_read(secret: object) -> None:
    tables = "; ".join(
        f"CREATE TABLE {table} ({', '.join(sorted(columns))})"
        for table, columns in secret.needs.items()  # type: ignore[attr-defined]
    )
    rows, unread = read(SqliteDatabase(), database(tables, []))
    assert rows == []
    assert [one.reason for one in unread] == [secret.why]  # type: ignore[attr-defined]


def test_a_view_under_the_name_of_a_table_is_not_asked() -> None:
    columns = "1 AS service, 2 AS client, 0 AS client_type, 2 AS auth_value, 3 AS last_modified"
    view = database(f"CREATE VIEW access AS SELECT {columns}", [])
    assert read(SqliteDatabase(), view) == ([], [])


def test_every_question_gives_its_record_first() -> None:
    assert all(" AS record, " in question.query.splitlines()[0] for question in questions())


# Property lists


def test_a_list_that_grows_without_end_is_cut() -> None:
    bomb: list[object] = ["x"]
    for _ in range(60):
        bomb = [bomb, bomb]
    rows, unread = read(PropertyList(), plistlib.dumps({"a": bomb}, fmt=plistlib.FMT_BINARY))
    assert [row["log"] for row in rows] == ["macos_plist"]
    assert unread == []
    assert len(rows[0]["text"]) < 1 << 20


def test_data_and_numbers_of_a_list_are_plain() -> None:
    assert Plain().of({"a": b"\x01\xff", "b": [1, True], "c": plistlib.UID(3)}) == {
        "a": "01ff",
        "b": [1, True],
        "c": 3,
    }


def test_a_broken_list_is_unread_with_its_reason() -> None:
    rows, unread = read(PropertyList(), b'<?xml version="1.0"?><plist><dict><key>a</key>')
    assert rows == []
    assert "no whole property list" in unread[0].reason


# Santa


def test_a_bar_within_a_value_is_no_end_of_it() -> None:
    line = "[2026-03-02T01:00:00.123Z] I santad: action=EXEC|args=a<pipe>b|c|path=/x"
    assert fields(line) == {
        "timestamp": "2026-03-02T01:00:00.123Z",
        "action": "EXEC",
        "args": "a|b|c",
        "path": "/x",
    }


# Described logs


def test_arguments_become_a_command_line() -> None:
    row = {"plain": ["ls", "-l", 3], "coded": ["bHM=", "LWw=", "no base64"], "text": "ls"}
    columns = {"a": "plain", "b": "coded@base64", "c": "text", "d": "absent"}
    assert joined(row, columns) == {"a": "ls -l 3", "b": "ls -l no base64", "c": "ls"}

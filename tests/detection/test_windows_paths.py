"""Windows paths as expressions, asked through the engine they run on."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import ibis
import pytest

from sakimori.detection.windows_paths import (
    command_of,
    file_name,
    folder,
    in_anyones_folder,
    in_windows_folder,
    program_in,
    shape,
)


def value(make: Callable[..., object], text: str) -> object:
    """What an expression makes of one text."""
    table = ibis.table({"text": "string"}, name="given")
    sql = str(ibis.to_sql(table.select(made=make(table.text)), dialect="duckdb"))
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE given AS SELECT ? AS text", [text])
        return connection.execute(sql).fetchall()[0][0]


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("C:\\Users\\Mei\\A.exe", ("c:\\users\\mei", "a.exe")),
        ("\\\\srv\\share\\a.exe", ("\\\\srv\\share", "a.exe")),
        ("/usr/bin/ls", ("/usr/bin", "ls")),
        ("a.exe", ("", "a.exe")),
        ("", ("", "")),
        ("C:\\Users\\名前\\職務.exe", ("c:\\users\\名前", "職務.exe")),
    ],
)
def test_folder_and_file_name(path: str, parts: tuple[str, str]) -> None:
    assert (value(folder, path), value(file_name, path)) == parts


@pytest.mark.parametrize(
    ("path", "open_to_all"),
    [
        ("C:\\Users\\mei\\AppData\\Local\\a.exe", True),
        ("c:\\programdata\\a.exe", True),
        ("C:\\Windows\\Temp\\a.exe", True),
        ("E:\\setup.exe", True),
        ("\\\\10.0.0.5\\c$\\a.exe", True),
        ("C:\\$Recycle.Bin\\a.exe", True),
        ("C:\\Windows\\System32\\spool\\drivers\\color\\a.exe", True),
        ("C:\\Windows\\System32\\a.exe", False),
        ("C:\\Program Files\\Users\\a.exe", False),
        ("C:\\ProgramDataBase\\a.exe", False),
        ("E:\\Apps\\a.exe", False),
        ("/home/mei/a", False),
    ],
)
def test_folders_anyone_can_write_to(path: str, open_to_all: bool) -> None:
    assert value(in_anyones_folder, path) is open_to_all


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("C:\\Windows\\SysWOW64\\a.dll", True),
        ("D:\\windows\\winsxs\\x\\a.dll", True),
        ("C:\\Windows\\a.dll", False),
        ("C:\\Fake\\Windows\\System32\\a.dll", False),
    ],
)
def test_folders_of_windows(path: str, own: bool) -> None:
    assert value(in_windows_folder, path) is own


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C:\\Users\\mei\\AppData\\Local\\Chat\\up.exe", "c:\\users\\KEN\\appdata\\local\\chat\\UP.EXE"),
        ("%LocalAppData%\\Chat\\up.exe", "C:\\Users\\aya\\AppData\\Local\\Chat\\up.exe"),
        ("\\Sync-S-1-5-21-1-2-3-1001", "\\Sync-S-1-5-21-9-8-7-500"),
        ("{01234567-89ab-cdef-0123-456789abcdef} x", "{FEDCBA98-89ab-cdef-0123-456789abcdef}  x"),
        ("C:\\app-1.2.3\\a.exe", "C:\\app-10.20.30\\a.exe"),
    ],
)
def test_the_same_thing_on_two_hosts_has_one_shape(one: str, other: str) -> None:
    assert value(shape, one) == value(shape, other)


def test_other_programs_have_other_shapes() -> None:
    assert value(shape, "C:\\Users\\mei\\a.exe") != value(shape, "C:\\Users\\mei\\b.exe")


@pytest.mark.parametrize(
    ("content", "command"),
    [
        (
            "<Actions><Exec><Command>C:\\a.exe</Command><Arguments>-x\n-y</Arguments></Exec>",
            "C:\\a.exe -x\n-y",
        ),
        ("&lt;Command&gt;&quot;C:\\a b.exe&quot;&lt;/Command&gt;", '"C:\\a b.exe"'),
        ("C:\\plain.exe -x", "C:\\plain.exe -x"),
        ("<Actions><ComHandler/></Actions>", "<Actions><ComHandler/></Actions>"),
    ],
)
def test_what_a_job_runs(content: str, command: str) -> None:
    assert value(command_of, content) == command


@pytest.mark.parametrize(
    ("command", "program"),
    [
        ('"C:\\Program Files\\A B\\c.exe" -x', "c:\\program files\\a b\\c.exe"),
        ("%windir%\\system32\\cmd.exe /c C:\\ProgramData\\a.bat", "c:\\programdata\\a.bat"),
        ("C:\\Windows\\System32\\defrag.exe -c", "c:\\windows\\system32\\defrag.exe"),
        ("cmd /c echo", ""),
    ],
)
def test_the_program_in_a_command(command: str, program: str) -> None:
    assert value(program_in, command) == program

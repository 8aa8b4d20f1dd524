"""Programs that start by themselves from places where nobody installs any."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.autostart_from_anyones_folder import autostart_from_anyones_folder
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard


def entry(host: str, command: str, **more: object) -> dict[str, object]:
    return at(1, host=host, kind="run key", name="Up", command=command, **more)


def fleet(hosts: int = 6) -> list[dict[str, object]]:
    return [
        at(0, host=f"pc{n}", kind="run key", name="Sync", command=r"C:\Program Files\s.exe")
        for n in range(hosts)
    ]


def test_an_entry_that_starts_a_program_from_a_public_folder_is_found(tmp_path: Path) -> None:
    rows = [*fleet(), entry("pc3", r'"C:\Users\Public\up.exe" -q', account="mei")]
    (found,) = heard(tmp_path, autostart_from_anyones_folder, persistence=rows).findings
    assert found.subjects == (
        Subject("host", "pc3"),
        Subject("account", "mei"),
        Subject("file", r"c:\users\public\up.exe"),
    )
    assert found.because == (
        r'Up (run key) starts "C:\Users\Public\up.exe" -q; 1 of 6 hosts start something like it.'
    )


@pytest.mark.parametrize(
    "command",
    [
        r"C:\Users\mei\AppData\Local\Chat\chat.exe",
        r"C:\Windows\System32\cmd.exe /c exit",
        r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18\MsMpEng.exe",
        "explorer.exe",
    ],
)
def test_programs_that_live_where_they_lie_say_nothing(tmp_path: Path, command: str) -> None:
    rows = [*fleet(), entry("pc3", command)]
    assert heard(tmp_path, autostart_from_anyones_folder, persistence=rows).findings == ()


@pytest.mark.parametrize(("hosts", "found"), [(2, 2), (3, 0)])
def test_what_more_hosts_start_is_the_houses_own(tmp_path: Path, hosts: int, found: int) -> None:
    rows = [*fleet(), *(entry(f"pc{n}", rf"C:\Users\u{n}\Downloads\up.exe") for n in range(hosts))]
    assert len(heard(tmp_path, autostart_from_anyones_folder, persistence=rows).findings) == found


def test_what_an_interpreter_is_told_to_run_counts_and_a_disabled_entry_does_not(tmp_path: Path) -> None:
    command = r"C:\Windows\System32\wscript.exe //B C:\Users\Public\a.vbs"
    rows = [entry("pc1", command, enabled="true"), {**entry("pc2", command, enabled="false")}]
    said = heard(tmp_path, autostart_from_anyones_folder, persistence=rows)
    assert [one.subjects[0] for one in said.findings] == [Subject("host", "pc1")]


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("/Users/Shared/.cache/agent", 1),
        ("/bin/sh -c '/tmp/.x/run.sh'", 1),
        ("/usr/bin/python3 /Users/mei/.npl", 1),
        ("/Users/mei/.local/bin/sync", 0),
        ("/usr/libexec/agent --config /tmp/a.conf", 0),
        ("/Applications/Chat.app/Contents/MacOS/Chat", 0),
    ],
)
def test_on_macs_and_linux_it_is_other_folders(tmp_path: Path, command: str, found: int) -> None:
    rows = [at(1, host="mac1", kind="launch agent", name="com.example.up", command=command)]
    assert len(heard(tmp_path, autostart_from_anyones_folder, persistence=rows).findings) == found

"""Services and jobs that nobody else has."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.rare_service_or_job import rare_service_or_job
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard


def fleet(hosts: int = 6) -> list[dict[str, object]]:
    """An ordinary service on every host."""
    return [
        at(
            0,
            host=f"pc{n}",
            name="Printing",
            image_path="C:\\Windows\\System32\\spoolsv.exe",
            action="install",
        )
        for n in range(hosts)
    ]


def job(
    day: float, host: str, content: str, action: str = "create", name: str = "\\Update"
) -> dict[str, object]:
    return at(day, host=host, name=name, content=content, action=action, account="EXAMPLE\\mei")


ODD = "<Exec>\r\n<Command>C:\\ProgramData\\Oracle\\javac.exe</Command><Arguments>-q</Arguments></Exec>"


def test_a_job_of_one_host_that_runs_from_an_odd_folder_is_found(tmp_path: Path) -> None:
    said = heard(tmp_path, rare_service_or_job, service=fleet(), scheduled_job=[job(1, "PC3", ODD)])
    (found,) = said.findings
    assert found.subjects == (
        Subject("host", "pc3"),
        Subject("account", "example\\mei"),
        Subject("task", "\\update"),
    )
    assert found.because == (
        "\\Update was set up by EXAMPLE\\mei to run C:\\ProgramData\\Oracle\\javac.exe -q; "
        "1 of 7 hosts have one like it, "
        "and it was met over 0.0 hours."
    )


@pytest.mark.parametrize(
    "content",
    [
        "C:\\Program Files\\Backup\\agent.exe",
        "%windir%\\system32\\defrag.exe -c",
        "<Command>%SystemRoot%\\System32\\cleanmgr.exe</Command>",
    ],
)
def test_a_job_that_runs_where_programs_live_says_nothing(tmp_path: Path, content: str) -> None:
    said = heard(tmp_path, rare_service_or_job, service=fleet(), scheduled_job=[job(1, "pc3", content)])
    assert said.findings == ()


@pytest.mark.parametrize(("hosts", "found"), [(1, 1), (2, 0)])
def test_a_job_like_it_on_another_host_makes_it_common(tmp_path: Path, hosts: int, found: int) -> None:
    jobs = [
        job(1, f"pc{n}", f"C:\\Users\\user{n}\\AppData\\Local\\Chat\\up.exe", name=f"\\Chat-{n}")
        for n in range(hosts)
    ]
    assert len(heard(tmp_path, rare_service_or_job, service=fleet(), scheduled_job=jobs).findings) == found


@pytest.mark.parametrize(
    "content",
    [
        "cmd.exe /c C:\\ProgramData\\run.bat",
        "C:\\Windows\\System32\\wscript.exe //B C:\\Users\\Public\\a.vbs",
        '%windir%\\system32\\rundll32.exe "%programdata%\\Oracle\\x.dll",Start',
        "&lt;Command&gt;&quot;C:\\PerfLogs\\a.exe&quot;&lt;/Command&gt;",
        "C:\\Windows\\xkqz.exe",
    ],
)
def test_what_an_interpreter_is_told_to_run_is_what_counts(tmp_path: Path, content: str) -> None:
    said = heard(tmp_path, rare_service_or_job, service=fleet(), scheduled_job=[job(1, "pc3", content)])
    assert len(said.findings) == 1


def test_a_program_that_other_hosts_run_is_common_though_set_up_once(tmp_path: Path) -> None:
    running = [at(n, host=f"pc{n}", image=f"C:\\Users\\u{n}\\AppData\\Local\\Chat\\up.exe") for n in range(3)]
    new = job(1, "pc4", "%localappdata%\\Chat\\up.exe")
    said = heard(tmp_path, rare_service_or_job, service=fleet(), scheduled_job=[new], process=running)
    assert said.findings == ()


@pytest.mark.parametrize(("hours", "found"), [(0.9, 1), (1.1, 0), (None, 0)])
def test_in_a_small_fleet_only_what_is_soon_removed_speaks(
    tmp_path: Path, hours: float | None, found: int
) -> None:
    jobs = [job(1, "pc1", ODD)] + ([job(1 + hours / 24, "pc1", ODD, "delete")] if hours else [])
    assert len(heard(tmp_path, rare_service_or_job, service=fleet(2), scheduled_job=jobs).findings) == found


@pytest.mark.parametrize(("name", "found"), [("xkqz", 1), ("PSEXESVC", 0)])
def test_a_service_dropped_beside_windows_own_programs_is_found(
    tmp_path: Path, name: str, found: int
) -> None:
    dropped = at(2, host="pc4", name=name, image_path=f"%SystemRoot%\\{name}.exe", action="install")
    said = heard(tmp_path, rare_service_or_job, service=[*fleet(), dropped], scheduled_job=[])
    assert [f.subjects for f in said.findings] == [(Subject("host", "pc4"), Subject("service", name))] * found

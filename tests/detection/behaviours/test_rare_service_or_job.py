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


ODD = "<Command>C:\\ProgramData\\Oracle\\javac.exe</Command>"


def test_a_job_of_one_host_that_runs_from_an_odd_folder_is_found(tmp_path: Path) -> None:
    said = heard(tmp_path, rare_service_or_job, service=fleet(), scheduled_job=[job(1, "PC3", ODD)])
    (found,) = said.findings
    assert found.subjects == (
        Subject("host", "pc3"),
        Subject("account", "example\\mei"),
        Subject("task", "\\update"),
    )
    assert found.because == (
        f"\\Update was set up by EXAMPLE\\mei to run {ODD}; 1 of 7 hosts have one like it, "
        "and it lived for 0.0 hours."
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


@pytest.mark.parametrize(("hours", "found"), [(0.9, 1), (1.1, 0), (None, 0)])
def test_in_a_small_fleet_only_what_is_soon_removed_speaks(
    tmp_path: Path, hours: float | None, found: int
) -> None:
    jobs = [job(1, "pc1", ODD)] + ([job(1 + hours / 24, "pc1", ODD, "delete")] if hours else [])
    assert len(heard(tmp_path, rare_service_or_job, service=fleet(2), scheduled_job=jobs).findings) == found


def test_a_service_dropped_beside_windows_own_programs_is_found(tmp_path: Path) -> None:
    dropped = at(2, host="pc4", name="xkqz", image_path="%systemroot%\\xkqz.exe", action="install")
    said = heard(tmp_path, rare_service_or_job, service=[*fleet(), dropped], scheduled_job=[])
    assert [f.subjects for f in said.findings] == [(Subject("host", "pc4"), Subject("service", "xkqz"))]

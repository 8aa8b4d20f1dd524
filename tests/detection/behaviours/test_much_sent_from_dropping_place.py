"""Programs in odd places that sent much."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.much_sent_from_dropping_place import much_sent_from_dropping_place
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

ODD = r"\Device\HarddiskVolume3\Users\Public\up.exe"


def hour(day: float, host: str, path: str, megabytes: float) -> dict[str, object]:
    sent = round(megabytes * 1_000_000)
    return at(day, host=host, path=path, trace="srum", account="S-1-5-21-1-2-3-1001", bytes_out=sent)


def test_a_program_in_a_public_folder_that_sent_much_is_found(tmp_path: Path) -> None:
    rows = [hour(1, "pc1", ODD, 30), hour(2, "pc1", ODD, 25), hour(2, "pc2", r"C:\Windows\explorer.exe", 900)]
    (found,) = heard(tmp_path, much_sent_from_dropping_place, program_execution=rows).findings
    assert found.subjects[0] == Subject("host", "pc1")
    assert found.because == (rf"{ODD} sent 55 MB in the hours that Windows counted; it is on 1 of 2 hosts.")


def test_programs_where_programs_live_say_nothing(tmp_path: Path) -> None:
    places = (
        r"\Device\HarddiskVolume3\Program Files\b.exe",
        r"C:\Users\mei\AppData\Local\Chat\chat.exe",
        "Chat",
    )
    rows = [hour(1, "pc1", place, 900) for place in places]
    assert heard(tmp_path, much_sent_from_dropping_place, program_execution=rows).findings == ()


@pytest.mark.parametrize(("megabytes", "hosts", "found"), [(50, 1, 1), (49.9, 1, 0), (50, 2, 2), (50, 3, 0)])
def test_just_beside_the_thresholds(tmp_path: Path, megabytes: float, hosts: int, found: int) -> None:
    rows = [hour(1, f"pc{n}", ODD, megabytes) for n in range(hosts)]
    assert len(heard(tmp_path, much_sent_from_dropping_place, program_execution=rows).findings) == found

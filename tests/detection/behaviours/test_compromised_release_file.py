"""Files of compromised releases by their hash."""

from __future__ import annotations

from pathlib import Path

from sakimori.detection.behaviours.compromised_release_file import compromised_release_file
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

INSTALLER = "AA124A4B4DF12B34E74EE7F6C683B2EBEC4CE9A8EDCF9BE345823B4FDCF5D868"
LIBRARY = "74bc2d0b6680faa1a5a76b27e5479cbc"


def start(hashes: str | None, day: float = 0) -> dict[str, object]:
    return at(day, host="ws01", account="EXAMPLE\\mei", image="C:\\Temp\\setup.exe", hashes=hashes)


def test_an_installer_is_known_by_its_hash_among_others(tmp_path: Path) -> None:
    rows = [start(f"MD5=00,SHA256={INSTALLER}"), start(f"MD5=00,SHA256={INSTALLER}", 0.5)]
    (found,) = heard(tmp_path, compromised_release_file, process=rows).findings
    assert found.because == (
        f"C:\\Temp\\setup.exe has the hash {INSTALLER.lower()}; it was met 2 times on ws01, first on "
        "2026-03-02T00:00:00Z. Publicly reported since 2023-03-29: 3CX Desktop App for Windows; "
        "https://www.3cx.com/blog/news/desktopapp-security-alert/"
    )
    assert (found.subjects[0], len(found.places)) == (Subject("host", "ws01"), 2)


def test_a_library_is_known_where_it_is_loaded_and_where_it_is_written(tmp_path: Path) -> None:
    said = heard(
        tmp_path,
        compromised_release_file,
        image_load=[at(0, host="ws01", image="a.exe", loaded="C:\\x\\ffmpeg.dll", hashes=LIBRARY)],
        file_event=[at(0, host="ws02", path="C:\\x\\ffmpeg.dll", hashes=LIBRARY)],
    )
    assert sorted(f.subjects[0].value for f in said.findings) == ["ws01", "ws02"]


def test_other_files_and_files_without_hashes_say_nothing(tmp_path: Path) -> None:
    rows = [start(None), start("MD5=74bc2d0b6680faa1a5a76b27e5479cbd"), start(f"SHA256={INSTALLER[:-1]}")]
    assert heard(tmp_path, compromised_release_file, process=rows).findings == ()

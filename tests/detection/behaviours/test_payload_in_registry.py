"""Programs, scripts and enciphered data in the registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.payload_in_registry import payload_in_registry
from sakimori.findings import Subject
from tests.detection.behaviours.told import at, heard

KEY = r"Software\Odd\Cache"
POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"


def value(host: str, looks: str, size: int, key: str = KEY) -> dict[str, object]:
    return at(1, host=host, account="mei", hive="NTUSER", key=key, name="data", bytes=size, looks=looks)


def event(
    host: str, data: str, image: str = POWERSHELL, key: str = "HKU\\S-1-5-21-1\\" + KEY
) -> dict[str, object]:
    return at(1, host=host, image=image, key=key, data=data, action="SetValue")


def hives(hosts: int) -> list[dict[str, object]]:
    return [at(0, host=f"pc{n}", kind="run key", name="Sync", data_bytes=40) for n in range(hosts)]


def test_a_program_in_a_hive_is_found(tmp_path: Path) -> None:
    said = heard(
        tmp_path,
        payload_in_registry,
        registry_value=[value("PC1", "MZ in base64", 90_000)],
        persistence=hives(4),
    )
    (found,) = said.findings
    assert found.subjects[0] == Subject("host", "pc1")
    assert found.because == (
        r"90000 bytes that look like MZ in base64 stand in the registry at Software\Odd\Cache (data); "
        "1 of 5 hosts have such a value there."
    )


@pytest.mark.parametrize(
    ("looks", "size", "key"),
    [
        ("script", 5000, r"Software\Microsoft\Windows\CurrentVersion\Explorer\Taskband"),
        ("random", 90_000, r"Software\Microsoft\Windows\CurrentVersion\CloudStore\Store"),
        ("base64", 5000, r"Microsoft\SystemCertificates\ROOT\Certificates"),
    ],
)
def test_large_data_where_windows_keeps_its_own_says_nothing(
    tmp_path: Path, looks: str, size: int, key: str
) -> None:
    said = heard(
        tmp_path, payload_in_registry, registry_value=[value("pc1", looks, size, key)], persistence=hives(4)
    )
    assert (said.findings, said.notes) == ((), ())


@pytest.mark.parametrize(
    ("looks", "size", "fleet", "found"),
    [
        ("base64", 2000, 1, 1), ("base64", 1999, 1, 0), ("random", 16_384, 3, 1), ("random", 16_383, 3, 0),
        ("random", 16_384, 2, 0),
    ],
)  # fmt: skip
def test_just_beside_the_thresholds(tmp_path: Path, looks: str, size: int, fleet: int, found: int) -> None:
    said = heard(
        tmp_path, payload_in_registry, registry_value=[value("pc0", looks, size)], persistence=hives(fleet)
    )
    assert len(said.findings) == found


def test_what_three_hosts_have_is_a_products_own(tmp_path: Path) -> None:
    rows = [value(f"pc{n}", "script", 5000) for n in range(3)]
    assert heard(tmp_path, payload_in_registry, registry_value=rows).findings == ()


def test_with_events_alone_size_and_content_cannot_be_told(tmp_path: Path) -> None:
    said = heard(tmp_path, payload_in_registry, registry_event=[event("PC1", "Binary Data")])
    assert said.findings == ()
    (note,) = said.notes
    assert (note.kind, note.subjects) == ("cannot tell", (Subject("host", "pc1"),))
    assert "size and content cannot be told" in note.reason


def test_where_there_is_the_hive_it_has_answered(tmp_path: Path) -> None:
    said = heard(
        tmp_path, payload_in_registry, registry_event=[event("pc0", "Binary Data")], persistence=hives(1),
        registry_value=[value("pc9", "script", 10)],
    )  # fmt: skip
    assert (said.findings, said.notes) == ((), ())


def test_windows_own_programs_and_short_texts_raise_no_question(tmp_path: Path) -> None:
    rows = [event("pc1", "Binary Data", r"C:\Windows\explorer.exe"), event("pc2", "aGVsbG8=")]
    said = heard(tmp_path, payload_in_registry, registry_event=rows)
    assert (said.findings, said.notes) == ((), ())


def test_encoded_text_that_an_event_shows_is_found(tmp_path: Path) -> None:
    said = heard(tmp_path, payload_in_registry, registry_event=[event("pc1", "TVqQ" + "Aa09" * 300)])
    assert [one.subjects[0] for one in said.findings] == [Subject("host", "pc1")]

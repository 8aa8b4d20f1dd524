"""Side-loading by its shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.library_beside_program import library_beside_program
from sakimori.findings import Place, Subject
from tests.detection.behaviours.told import at, heard

SIGNED = {"signed": "true", "signature": "Example Software", "signature_status": "Valid"}
UNSIGNED = {"signed": "false", "signature": None, "signature_status": "Unavailable"}


def loads(host: str, folder: str, library: str, **sign: object) -> list[dict[str, object]]:
    """A signed program starts in a folder and loads a library that lies beside it."""
    image = f"{folder}\\viewer.exe"
    common = {"host": host, "image": image, "account": "EXAMPLE\\mei"}
    return [
        at(1.0, **common, loaded=image, **SIGNED),
        at(1.1, **common, loaded=f"{folder}\\{library}", **(sign or UNSIGNED)),
    ]


def test_a_signed_program_with_an_unsigned_library_in_an_open_folder_is_found(tmp_path: Path) -> None:
    rows = loads("PC7.corp.example.com", "C:\\ProgramData\\Camera", "duser.dll")
    (found,) = heard(tmp_path, library_beside_program, image_load=rows).findings
    assert found.subjects == (
        Subject("host", "pc7"),
        Subject("account", "example\\mei"),
        Subject("file", "c:\\programdata\\camera\\duser.dll"),
        Subject("process", "c:\\programdata\\camera\\viewer.exe"),
    )
    assert found.places == (Place("evidence.json", 2, 100),)
    assert found.because == (
        "C:\\ProgramData\\Camera\\viewer.exe loaded C:\\ProgramData\\Camera\\duser.dll from its own folder; "
        "the program's maker is Example Software, the library's signer -, "
        "and this pair of names is on 1 of 1 hosts."
    )


def test_a_library_of_the_programs_own_maker_says_nothing(tmp_path: Path) -> None:
    rows = loads("pc7", "C:\\ProgramData\\Camera", "camera.dll", **SIGNED)
    assert heard(tmp_path, library_beside_program, image_load=rows).findings == ()


@pytest.mark.parametrize("folder", ["C:\\Program Files\\Camera", "C:\\Windows\\System32"])
def test_the_same_pair_where_programs_live_says_nothing(tmp_path: Path, folder: str) -> None:
    rows = loads("pc7", folder, "camera.dll")
    assert heard(tmp_path, library_beside_program, image_load=rows).findings == ()


@pytest.mark.parametrize(("hosts", "found"), [(2, 2), (3, 0)])
def test_a_pair_that_many_hosts_have_is_the_houses_own(tmp_path: Path, hosts: int, found: int) -> None:
    rows = [
        row
        for n in range(hosts)
        for row in loads(f"pc{n}", f"C:\\Users\\u{n}\\AppData\\Local\\Camera", "c.dll")
    ]
    assert len(heard(tmp_path, library_beside_program, image_load=rows).findings) == found


def test_without_signatures_only_a_name_of_windows_own_speaks(tmp_path: Path) -> None:
    def bare(image: str, loaded: str) -> dict[str, object]:
        return at(1, host="pc7", image=image, loaded=loaded)

    rows = [
        bare("C:\\Windows\\System32\\svchost.exe", "C:\\Windows\\System32\\version.dll"),
        bare("C:\\Users\\mei\\Downloads\\job\\viewer.exe", "C:\\Users\\mei\\Downloads\\job\\version.dll"),
        bare("C:\\Users\\mei\\Downloads\\job\\viewer.exe", "C:\\Users\\mei\\Downloads\\job\\own.dll"),
    ]
    (found,) = heard(tmp_path, library_beside_program, image_load=rows).findings
    assert found.facts["field.loaded"] == "C:\\Users\\mei\\Downloads\\job\\version.dll"


def named(image: str, company: str, *libraries: str, **sign: object) -> dict[str, list[dict[str, object]]]:
    """A program that bears its maker's name, and the libraries it loads from its own folder."""
    folder = image.rpartition("\\")[0]
    loads = [
        at(1, host="pc7", image=image, loaded=f"{folder}\\{name}", **(sign or UNSIGNED)) for name in libraries
    ]
    return {"image_load": loads, "process": [at(1, host="pc7", image=image, company=company)]}


@pytest.mark.parametrize(
    ("image", "company", "libraries", "found"),
    [
        ("C:\\Users\\mei\\Desktop\\colorcpl.exe", "Microsoft Corporation", ["a.dll"], 1),
        ("C:\\Users\\mei\\Desktop\\viewer.exe", "Example Software", ["a.dll"], 0),
        ("C:\\Users\\Public\\viewer.exe", "Example Software", ["a.dll", "b.dll"], 1),
        ("C:\\Users\\Public\\viewer.exe", "Example Software", ["a.dll", "b.dll", "c.dll"], 0),
        ("C:\\Users\\Public\\viewer.exe", "-", ["a.dll"], 0),
        ("C:\\Windows \\System32\\winsat.exe", "Microsoft Corporation", ["a.dll"], 1),
    ],
)
def test_a_maker_named_in_the_file_counts_where_nobody_keeps_programs(
    tmp_path: Path, image: str, company: str, libraries: list[str], found: int
) -> None:
    said = heard(tmp_path, library_beside_program, **named(image, company, *libraries))
    assert len(said.findings) == found


@pytest.mark.parametrize(("signer", "found"), [("Example Trading Ltd", 1), ("Microsoft Windows", 0)])
def test_a_program_of_microsoft_beside_what_another_signed_is_found(
    tmp_path: Path, signer: str, found: int
) -> None:
    rows = named(
        "C:\\Users\\mei\\AppData\\Roaming\\winword.exe", "Microsoft Corporation", "wwlib.dll",
        signed="true", signature=signer, signature_status="Valid",
    )  # fmt: skip
    assert len(heard(tmp_path, library_beside_program, **rows).findings) == found


def test_where_nothing_is_said_of_signatures_a_program_of_windows_is_not_enough(tmp_path: Path) -> None:
    image = "C:\\Users\\mei\\AppData\\Local\\Microsoft\\Teams\\Teams.exe"
    started = at(1, host="pc7", image=image, company="Microsoft Corporation")
    load = at(
        1, host="pc7", image=image, loaded="C:\\Users\\mei\\AppData\\Local\\Microsoft\\Teams\\ffmpeg.dll"
    )
    assert heard(tmp_path, library_beside_program, image_load=[load], process=[started]).findings == ()

"""Tools made to steer a machine from afar."""

from __future__ import annotations

from pathlib import Path

import pytest

from sakimori.detection.behaviours.remote_tool_first_seen import remote_tool_first_seen
from sakimori.findings import Place, Subject
from tests.detection.behaviours.told import at, heard

VIEWER = "C:\\Program Files\\TightVNC\\tvnviewer.exe"


def fortnight(*rows: dict[str, object]) -> list[dict[str, object]]:
    """The rows within two weeks of ordinary life on ten hosts."""
    life = [at(day, host=f"pc{n}", image="C:\\Windows\\explorer.exe") for day in (0, 14) for n in range(10)]
    return [*life, *rows]


def start(day: float, host: str, image: str = VIEWER, **more: object) -> dict[str, object]:
    return at(day, host=host, image=image, account="EXAMPLE\\mei", **more)


def test_a_tool_that_comes_to_a_host_is_found_with_who_and_when(tmp_path: Path) -> None:
    rows = fortnight(start(9, "pc3"), start(9.5, "pc3"))
    (found,) = heard(tmp_path, remote_tool_first_seen, process=rows).findings
    assert found.because == (
        f"TightVNC was first started on 2026-03-11T00:00:00Z by EXAMPLE\\mei ({VIEWER}); "
        "from a folder like this it is on 1 of 10 hosts."
    )
    assert (found.count, found.subjects[0]) == (2, Subject("host", "pc3"))
    assert found.places == (Place("evidence.json", 21, 2000), Place("evidence.json", 22, 2100))


def test_the_help_desks_own_tool_says_nothing(tmp_path: Path) -> None:
    rows = fortnight(*(start(day, f"pc{n}") for day in (6, 9) for n in range(3)))
    assert heard(tmp_path, remote_tool_first_seen, process=rows).findings == ()


def test_the_house_tool_from_a_strange_folder_is_found(tmp_path: Path) -> None:
    strange = start(9, "pc8", "C:\\Users\\mei\\Downloads\\job\\tvnviewer.exe")
    rows = fortnight(*(start(6, f"pc{n}") for n in range(3)), strange)
    assert [f.subjects[0].value for f in heard(tmp_path, remote_tool_first_seen, process=rows).findings] == [
        "pc8"
    ]


@pytest.mark.parametrize(("day", "found"), [(4.1, 0), (4.3, 1)])
def test_a_tool_in_use_since_the_evidence_begins_says_nothing(tmp_path: Path, day: float, found: int) -> None:
    rows = fortnight(start(day, "pc3"))
    assert len(heard(tmp_path, remote_tool_first_seen, process=rows).findings) == found


def test_in_a_day_of_evidence_everything_is_new(tmp_path: Path) -> None:
    rows = [start(0, "pc1"), at(1, host="pc1", image="C:\\Windows\\explorer.exe")]
    assert len(heard(tmp_path, remote_tool_first_seen, process=rows).findings) == 1


def test_a_renamed_tool_is_known_by_the_name_compiled_into_it(tmp_path: Path) -> None:
    rows = fortnight(start(9, "pc3", "C:\\ProgramData\\svc.exe", original_file_name="AnyDesk.exe"))
    (found,) = heard(tmp_path, remote_tool_first_seen, process=rows).findings
    assert found.facts["field.tool"] == "AnyDesk"

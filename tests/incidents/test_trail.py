"""The records around an incident: its processes and what they started, its own outer addresses."""

from __future__ import annotations

from pathlib import Path

from sakimori.pipeline import hunt
from sakimori.response.case import Case
from sakimori.response.report.write import page
from sakimori.response.trail import write_trail
from sakimori.setting import Setting
from tests.small_evidence import lines, rules, started

FAR = "198.51.100.7"


def called(number: int, guid: int, address: str = FAR, host: str = "ws-01.example.com") -> dict[str, object]:
    """Sysmon's network connection of a process."""
    return started(number, host, DestinationIp=address, SourceIp="10.0.0.5", DestinationPort="443") | {
        "EventID": 3,
        "ProcessGuid": name(guid),
    }


def name(number: int) -> str:
    """The GUID that `started(number)` has."""
    return f"{{00000000-0000-0000-0000-{number:012}}}"


def hunted(folder: Path, *events: dict[str, object]) -> Case:
    """A hunt in these events, with a rule that speaks of notepad started by wscript."""
    (folder / "evidence").mkdir()
    (folder / "evidence" / "a.json").write_bytes(lines(events))
    pack = rules(folder / "rules")
    setting = Setting(evidence=(folder / "evidence",), case=folder / "case", rules=(pack,), workers=1)
    return hunt(setting, lambda *_: None, lambda _: None)


def trail(case: Case) -> list[tuple[int, str]]:
    """(record, tie) of the only incident."""
    [incident] = case.incidents
    found = case.trails[incident.id]
    assert found.records == len(found.rows)
    return [(row.record, row.tie) for row in found.rows]


def other(number: int, parent: int, image: str = "calc.exe") -> dict[str, object]:
    """A process that no rule speaks of."""
    return started(
        number, image=image, ParentGuid=None, ParentProcessGuid=name(parent), ParentImage="C:\\x.exe"
    )


def test_what_it_started_and_whom_it_called_belongs_to_it(tmp_path: Path) -> None:
    case = hunted(
        tmp_path, started(1), other(2, parent=1), other(3, parent=2), other(4, parent=90), called(5, guid=3),
        called(6, guid=77), called(7, guid=77, address="203.0.113.9"),
    )  # fmt: skip
    # 6 is another process that spoke with the same address.
    assert trail(case) == [
        (1, "process_instance"),
        (2, "process_instance"),
        (3, "process_instance"),
        (5, "address"),
        (6, "address"),
    ]


def test_what_a_shell_started_besides_does_not(tmp_path: Path) -> None:
    case = hunted(
        tmp_path, started(1, ParentProcessGuid=name(9)), other(2, parent=9), started(9, image="explorer.exe")
    )
    assert trail(case) == [(1, "process_instance")]


def test_an_address_that_many_hosts_call_is_not_the_incidents(tmp_path: Path) -> None:
    others = [called(10 + n, guid=50 + n, host=f"ws-1{n}.example.com") for n in range(4)]
    case = hunted(tmp_path, started(1), called(2, guid=1), *others)
    assert trail(case) == [(1, "process_instance"), (2, "process_instance")]


def test_without_an_incident_there_is_no_trail(tmp_path: Path) -> None:
    assert hunted(tmp_path, other(1, parent=2)).trails == {}


def test_it_is_written_whole_and_the_report_says_so(tmp_path: Path) -> None:
    case = hunted(tmp_path, started(1), called(2, guid=1))
    text = write_trail(case, tmp_path / "case").read_text("utf-8-sig").splitlines()
    assert len(text) == 3
    assert text[2].split(",")[2:6] == [
        '"2026-03-02T09:02:00Z"',
        '"windows_sysmon_3"',
        '"address"',
        f'"{FAR}"',
    ]
    assert "2 records name what acted in this evidence" in page(case)

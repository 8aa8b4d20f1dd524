"""A whole hunt in evidence that was tampered with, and in the same evidence that was not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sakimori.pipeline import hunt
from sakimori.response.case import Case
from sakimori.setting import Setting
from tests.evidence.evtx_writer import CHUNK, Event, evtx
from tests.small_evidence import lines, started

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ABOUT = (
    "clock_was_set",
    "clock_went_back",
    "evidence_damaged",
    "log_began_anew",
    "log_cleared_or_gap",
    "log_was_cleared",
    "log_went_silent",
)


def event(hour: float, channel: str, number: int, event_id: int = 1, **fields: object) -> dict[str, object]:
    """An event so many hours after the beginning."""
    return {
        "TimeCreated": (MONDAY + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "EventID": event_id,
        "Channel": channel,
        "Hostname": "ws-01.example.com",
        "SourceName": "Microsoft-Windows-Security-Auditing",
        "RecordNumber": number,
        **fields,
    }


def hourly(channel: str, first: int) -> list[dict[str, object]]:
    """An event an hour over four days."""
    return [event(hour, channel, first + hour, 4672) for hour in range(96)]


def security_evtx() -> bytes:
    return evtx([Event(4624, (("TargetUserName", f"user{n}"),)) for n in range(8)], per_chunk=4)


def hunted(tmp_path: Path, events: list[dict[str, object]], log: bytes) -> Case:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "ws-01.json").write_bytes(lines(events))
    (folder / "Security.evtx").write_bytes(log)
    setting = Setting(evidence=(folder,), case=tmp_path / "case", workers=1, cache=None)
    return hunt(setting, lambda *_: None, lambda _: None)


def about(case: Case) -> dict[str, set[str]]:
    """What was found about the evidence itself, and in which files."""
    named = {f"behaviour:{name}": name for name in ABOUT}
    found = [finding for finding in case.findings if finding.detector in named]
    return {named[one.detector]: {place.file for place in one.places} for one in found}


def test_what_was_done_to_the_evidence_becomes_findings(tmp_path: Path) -> None:
    events = [row for row in hourly("Security", 1) if not 30 < row["RecordNumber"] <= 50]  # type: ignore[operator]
    events += hourly("System", 7000)
    events += [event(96 + n, "System", 1 + n) for n in range(3)]
    events += [event(20 + n / 60, "Setup", 1 + n) for n in range(9)]
    events += [event(10.4 + n / 60, "Setup", 10 + n) for n in range(9)]
    events += [
        event(97, "Security", 97, 1102, SourceName="Microsoft-Windows-Eventlog", SubjectUserName="mei")
    ]
    clock = {
        "PreviousTime": "2026-03-06T02:00:00Z",
        "NewTime": "2026-03-05T02:00:00Z",
        "ProcessName": "C:\\t.exe",
    }
    events += [event(98, "Security", 98, 4616, **clock)]
    log = bytearray(security_evtx())
    log[4096 + CHUNK - 40_000] ^= 0xFF  # behind the records: nobody vouches for it, and nothing is lost
    name = log.index("user5".encode("utf-16-le"))
    log[name : name + 2] = b"U\0"
    case = hunted(tmp_path, events, bytes(log))
    assert about(case) == {
        "clock_was_set": {"ws-01.json"},
        "clock_went_back": {"ws-01.json"},
        "evidence_damaged": {"Security.evtx"},
        "log_began_anew": {"ws-01.json"},
        "log_was_cleared": {"ws-01.json"},
        "log_went_silent": {"ws-01.json"},
    }
    assert [(row.file, row.record, row.reason) for row in case.manifest.unread] == [
        ("Security.evtx", 5, "The records of this chunk were read, but do not match its checksum.")
    ]
    assert case.manifest.totals["unread"] == 0


def test_of_evidence_as_it_was_written_nothing_is_said(tmp_path: Path) -> None:
    case = hunted(tmp_path, hourly("Security", 1) + hourly("System", 7000), security_evtx())
    assert (about(case), case.manifest.unread) == ({}, ())


@pytest.mark.parametrize(
    ("second", "said"),
    [("2026-03-02 09:01:00", ""), ("2026-03-02 03:41:07", "1 records with two times that disagree")],
)
def test_two_times_of_a_record_that_disagree_stand_beside_its_file(
    tmp_path: Path, second: str, said: str
) -> None:
    case = hunted(tmp_path, [started(1, EventTime=second)], security_evtx())
    (file,) = [file for file in case.manifest.files if file.path == "ws-01.json"]
    assert file.clock.partition("; ")[2].partition(" (")[0] == said

"""Collections as responders bring them: a KAPE zip and a Velociraptor zip, hunted from end to end."""

from __future__ import annotations

import codecs
import json
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from sakimori.pipeline import hunt
from sakimori.response.case import Case
from sakimori.setting import Setting
from tests.evidence.hive_writer import hive
from tests.evidence.mft_writer import File, change, table
from tests.evidence.prefetch_writer import compressed
from tests.evidence.test_registry_hives import AMCACHE, SOFTWARE, SYSTEM, USER
from tests.evidence.test_triage_traces import RAN, TASK

PROGRAM = b"TVqQ" + codecs.encode(random.Random(5).randbytes(9000), "base64").replace(b"\n", b"")
INFECTED = {**USER, "Software\\Odd\\Cache": {"data": PROGRAM.decode()}}
# https://ericzimmerman.github.io/KapeDocs/: a time, the host, then the drive as it is.
KAPE = {
    "C/Windows/System32/config/SYSTEM": hive(SYSTEM),
    "C/Windows/System32/config/SOFTWARE": hive(SOFTWARE, dirty=True),
    "C/Windows/appcompat/Programs/Amcache.hve": hive(AMCACHE),
    "C/Users/mei/NTUSER.DAT": hive(INFECTED),
    "C/Windows/Prefetch/A.EXE-1234ABCD.pf": compressed(RAN),
    "C/Windows/System32/Tasks/Up": TASK.encode("utf-16"),
    "C/$MFT": table(
        {30: File("a.exe", origin="[ZoneTransfer]\r\nHostUrl=https://files.example.com/a.exe\r\n")}
    ),
    "C/$Extend/$J": bytes(65_536 * 2) + change("a.exe", 0x80000100, 1),
}
# https://docs.velociraptor.app/docs/offline_triage/: results as JSON lines, files under uploads/.
PSLIST = {
    "Pid": 4711, "Ppid": 900, "TokenIsElevated": False, "Name": "a.exe", "CommandLine": "a.exe -k",
    "Exe": "C:\\Users\\mei\\a.exe", "Username": "EXAMPLE\\mei",
}  # fmt: skip
AUTORUN = {
    "Time": "2026-03-01 10:15:00",
    "Entry Location": "HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run",
    "Entry": "Sync", "Enabled": "enabled", "Category": "Logon", "Profile": "WS02\\ken", "Signer": "",
    "Image Path": "c:\\users\\public\\sync.exe", "Launch String": "c:\\users\\public\\sync.exe",
}  # fmt: skip
VELOCIRAPTOR = {
    "results/Windows.System.Pslist.json": f"{json.dumps(PSLIST)}\n".encode(),
    "results/Windows.Sysinternals.Autoruns.json": f"{json.dumps(AUTORUN)}\n".encode(),
    "uploads/auto/C%3A/Users/ken/NTUSER.DAT": hive(USER),
}


def packed(path: Path, members: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Both collections hunted together, with our own rules out of the way."""
    folder = tmp_path_factory.mktemp("triage")
    (folder / "evidence").mkdir()
    packed(folder / "evidence" / "2026-03-02T091200_WS01.zip", KAPE)
    packed(folder / "evidence" / "Collection-WS02-2026-03-03T09_12_00Z.zip", VELOCIRAPTOR)
    setting = Setting(evidence=(folder / "evidence",), case=folder / "case", rules=(), workers=1, cache=None)
    return hunt(setting, lambda *_: None, lambda _: None)


def test_every_member_has_its_reader(case: Case) -> None:
    inside = (file for file in case.manifest.files if "!" in file.path)
    readers = {file.path.partition("!")[2]: file.format for file in inside}
    assert readers == {
        **dict.fromkeys((name for name in KAPE if "config" in name), "registry_hive"),
        "C/Windows/appcompat/Programs/Amcache.hve": "registry_hive",
        "C/Users/mei/NTUSER.DAT": "registry_hive",
        "C/Windows/Prefetch/A.EXE-1234ABCD.pf": "windows_prefetch",
        "C/Windows/System32/Tasks/Up": "windows_task_xml",
        "C/$MFT": "ntfs_mft",
        "C/$Extend/$J": "ntfs_usn",
        "results/Windows.System.Pslist.json": "ndjson",
        "results/Windows.Sysinternals.Autoruns.json": "ndjson",
        "uploads/auto/C%3A/Users/ken/NTUSER.DAT": "registry_hive",
    }


def test_a_hive_that_was_in_use_says_that_its_last_changes_may_be_missing(case: Case) -> None:
    unread = [(row.file.partition("!")[2], row.reason) for row in case.manifest.unread]
    assert unread == [
        (
            "C/Windows/System32/config/SOFTWARE",
            "the hive was in use when it was copied: changes in its transaction logs are not replayed",
        )
    ]


def test_what_starts_from_odd_places_and_what_hides_in_the_registry_is_found(case: Case) -> None:
    told = {(one.detector, one.subjects[0].value) for one in case.findings}
    assert told >= {
        ("behaviour:payload_in_registry", "ws01"),
        ("behaviour:autostart_from_anyones_folder", "ws01"),
        ("behaviour:autostart_from_anyones_folder", "ws02"),
    }

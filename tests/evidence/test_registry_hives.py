"""Registry hives: told by their keys, read without their secrets, and never the end of a hunt."""

from __future__ import annotations

import codecs
import random
import struct
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from regipy.registry import RegistryHive as SecondOpinion

from sakimori.evidence.reader import Source
from sakimori.evidence.registry.hives import RegistryHive
from sakimori.evidence.registry.large_values import looks_like
from sakimori.evidence.registry.regf import Hive
from tests.evidence.hive_writer import Tree, filetime, hive
from tests.evidence.reading import read, source

RAN = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
NOISE = random.Random(7).randbytes(40_000)


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def counted(text: str) -> bytes:
    return struct.pack("<I", len(wide(text))) + wide(text)


def assisted(runs: int) -> bytes:
    return struct.pack("<II", 0, runs).ljust(60, b"\0") + struct.pack("<QI", filetime(RAN), 0)


def cached(path: str) -> bytes:
    entry = struct.pack("<H", len(wide(path))) + wide(path) + struct.pack("<QI", filetime(RAN), 0)
    return struct.pack("<I", 0x34).ljust(0x34, b"\0") + struct.pack("<4sII", b"10ts", 0, len(entry)) + entry


ACTIONS = (
    struct.pack("<H", 3) + counted("Author") + struct.pack("<H", 0x6666) + counted("")
    + counted(r"C:\ProgramData\up.exe") + counted("-q") + counted("") + b"\0\0"
)  # fmt: skip
SYSTEM: Tree = {
    "Select": {"Current": 1},
    "ControlSet001\\Control\\ComputerName\\ComputerName": {"ComputerName": "WS01"},
    "ControlSet001\\Control\\Session Manager\\AppCompatCache": {"AppCompatCache": cached(r"C:\Temp\a.exe")},
    "ControlSet001\\Control\\Lsa": {"Authentication Packages": ("REG_MULTI_SZ", wide("msv1_0\0evil\0\0"))},
    "ControlSet001\\Control\\Print\\Monitors\\Odd": {"Driver": "odd.dll"},
    "ControlSet001\\Services\\Updater": {
        "ImagePath": r'"C:\ProgramData\up.exe" -k', "Start": 2, "Type": 16, "ObjectName": "LocalSystem",
    },
    "ControlSet001\\Services\\Tcpip\\Parameters": {"Hostname": "ws01", "Domain": "example.com"},
    "ControlSet001\\Services\\Tcpip\\Parameters\\Interfaces\\{1}": {
        "DhcpIPAddress": "192.0.2.7", "LeaseObtainedTime": 1772442000, "LeaseTerminatesTime": 1772528400,
    },
    "ControlSet001\\Services\\bam\\State\\UserSettings\\S-1-5-21-1-2-3-1001": {
        r"\Device\HarddiskVolume3\Users\mei\a.exe": struct.pack("<QQQ", filetime(RAN), 0, 0)
    },
    "ControlSet001\\Enum\\USBSTOR\\Disk&Ven_Example&Prod_Stick\\4711&0": {"FriendlyName": "Example Stick"},
}  # fmt: skip
SOFTWARE: Tree = {
    "Classes": {"x": 1},
    "Microsoft\\Windows\\CurrentVersion\\Run": {"Up": r"C:\Users\Public\up.exe /s"},
    "Microsoft\\Windows\\CurrentVersion\\Uninstall\\Chat": {
        "DisplayName": "Chat", "DisplayVersion": "1.2", "Publisher": "Example", "InstallDate": "20260301",
    },
    "Microsoft\\Windows NT\\CurrentVersion": {"ProductName": "Windows 11 Pro", "CurrentBuild": "22631"},
    "Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe": {"Debugger": "cmd.exe"},
    "Microsoft\\Windows NT\\CurrentVersion\\ProfileList\\S-1-5-21-1-2-3-1001": {
        "ProfileImagePath": r"C:\Users\mei"
    },
    "Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tasks\\{1}": {
        "Path": "\\Up", "Author": "EXAMPLE\\mei", "Actions": ACTIONS,
        "DynamicInfo": struct.pack("<IQQ", 3, filetime(RAN), 0),
    },
}  # fmt: skip
USER: Tree = {
    "Environment": {"UserInitMprLogonScript": r"C:\Users\mei\a.bat"},
    "Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\UserAssist\\{1}\\Count": {
        codecs.encode(r"{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\cmd.exe", "rot13"): assisted(5)
    },
    "Software\\Microsoft\\Terminal Server Client\\Servers\\203.0.113.9": {"UsernameHint": "EXAMPLE\\admin"},
}
AMCACHE: Tree = {
    "Root\\InventoryApplicationFile\\a.exe|1": {
        "LowerCaseLongPath": r"c:\users\mei\a.exe", "FileId": "0000" + "a" * 40, "Publisher": "example",
    },
    "Root\\InventoryDriverBinary\\c:/windows/system32/drivers/d.sys": {"DriverId": "0000" + "b" * 40},
}  # fmt: skip


def of(data: bytes, path: str = "e") -> Source:
    whole = source(data)
    return Source(path=path, stream=whole.stream, head=whole.head)


def told(tree: Tree, *names: str, path: str = "e") -> list[tuple[Any, ...]]:
    rows, unread = read(RegistryHive(), of(hive(tree), path))
    assert unread == []
    return [tuple(row.get(name) for name in ("log", *names)) for row in rows]


def test_the_system_hive_tells_services_libraries_programs_and_devices() -> None:
    assert told(SYSTEM, "Computer", "Kind", "Name", "Path") == [
        ("hive_autostart", "WS01", "lsa package", "Authentication Packages", None),
        ("hive_autostart", "WS01", "print monitor", "Driver", "odd.dll"),
        ("hive_program", "WS01", None, None, r"\Device\HarddiskVolume3\Users\mei\a.exe"),
        ("hive_service", "WS01", None, "Updater", r"C:\ProgramData\up.exe"),
        ("hive_program", "WS01", None, None, r"C:\Temp\a.exe"),
        ("hive_device", "WS01", None, "WS01", None),
        ("hive_address", "WS01", None, None, None),
        ("hive_usb", "WS01", None, None, None),
    ]


def test_a_program_in_the_shimcache_was_there_and_one_of_bam_ran() -> None:
    programs = [row for row in told(SYSTEM, "Trace", "Ran", "clock") if row[0] == "hive_program"]
    assert programs == [
        ("hive_program", "bam", "yes", 1772353800000000),
        ("hive_program", "shimcache", "present", None),
    ]


def test_older_forms_of_the_shimcache_are_read() -> None:
    path = wide(r"C:\Temp\a.exe")
    eight = struct.pack("<H", len(path)) + path + struct.pack("<HIIQI", 0, 0, 0, filetime(RAN), 0)
    of_eight = (
        struct.pack("<I", 0x80).ljust(0x80, b"\0") + struct.pack("<4sII", b"10ts", 0, len(eight)) + eight
    )
    seven = struct.pack("<HHIQQIIQQ", len(path), len(path), 0, 0x80 + 48, filetime(RAN), 0, 0, 0, 0)
    of_seven = struct.pack("<II", 0xBADC0FEE, 1).ljust(0x80, b"\0") + seven + path
    for data in (of_eight, of_seven):
        key = "ControlSet001\\Control\\Session Manager\\AppCompatCache"
        tree: Tree = {"Select": {"Current": 1}, key: {"AppCompatCache": data}}
        assert told(tree, "Path", "FileModified") == [("hive_program", r"C:\Temp\a.exe", "1772353800.000000")]


def test_a_cache_of_a_still_older_windows_is_named() -> None:
    tree: Tree = {
        "Select": {"Current": 1},
        "ControlSet001\\Control\\Session Manager\\AppCompatCache": {"AppCompatCache": bytes(500)},
    }
    _, unread = read(RegistryHive(), hive(tree))
    assert [one.reason for one in unread] == ["the cache of applications has the form of an older Windows"]


def test_the_software_hive_tells_what_starts_and_what_is_installed() -> None:
    path = "Collection-WS01-2026-03-03T09_12_00Z.zip!uploads/auto/C%3A/Windows/System32/config/SOFTWARE"
    assert told(SOFTWARE, "Computer", "Kind", "Name", "Data", "Command", path=path) == [
        ("hive_autostart", "WS01", "run key", "Up", r"C:\Users\Public\up.exe /s", None),
        ("hive_autostart", "WS01", "ifeo debugger", "sethc.exe", "cmd.exe", None),
        ("hive_product", "WS01", None, "Chat", None, None),
        ("hive_task", "WS01", None, "\\Up", None, r"C:\ProgramData\up.exe -q"),
        ("hive_account", "WS01", None, "mei", None, None),
        ("hive_device", "WS01", None, None, None, None),
    ]


def test_a_users_hive_is_of_the_user_in_whose_folder_it_lay() -> None:
    path = "2026-03-02T091200_WS01/C/Users/mei/NTUSER.DAT"
    assert told(USER, "Computer", "User", "Path", "Runs", path=path) == [
        ("hive_autostart", "WS01", "mei", r"C:\Users\mei\a.bat", None),
        ("hive_program", "WS01", "mei", r"C:\Windows\System32\cmd.exe", "5"),
        ("hive_remote", "WS01", "mei", None, None),
    ]


def test_amcache_gives_hashes_and_claims_no_run() -> None:
    assert told(AMCACHE, "Trace", "Ran", "Path", "Hashes") == [
        ("hive_program", "amcache", "present", r"c:\users\mei\a.exe", "SHA1=" + "a" * 40),
        (
            "hive_program",
            "amcache driver",
            "present",
            r"c:\windows\system32\drivers\d.sys",
            "SHA1=" + "b" * 40,
        ),
    ]


def test_of_the_sam_hive_only_names_are_read() -> None:
    tree: Tree = {"SAM\\Domains\\Account\\Users": {"Names\\mei": {"": (1001, b"")}, "000003E9": {"V": NOISE}}}
    assert told(tree, "Name", "Rid") == [("hive_account", "mei", "1001")]


def test_values_that_hold_more_than_a_setting_are_told_by_what_they_look_like() -> None:
    script = "powershell -w hidden " + "$a = 1; " * 200
    tree: Tree = {
        "Select": {"Current": 1},
        "ControlSet001\\Odd": {"a": NOISE, "b": script, "c": "plain " * 400, "d": b"\x89PNG" + NOISE, "e": 7},
    }
    assert told(tree, "ValueName", "Looks", "DataBytes") == [
        ("hive_value", "a", "random", "40000"),
        ("hive_value", "b", "script", str(2 * (len(script) + 1))),
    ]


def test_what_data_looks_like() -> None:
    program = b"MZ".ljust(60, b"\0") + (64).to_bytes(4, "little") + b"PE\0\0"
    letters = codecs.encode(NOISE[:3000], "base64").replace(b"\n", b"")
    assert looks_like(program) == "MZ"
    assert looks_like(b"MZ" + bytes(100)) is None
    assert looks_like(b"TVqQ" + letters) == "MZ in base64"
    assert looks_like(letters) == "base64"
    assert looks_like(wide(letters.decode())) == "base64"
    assert looks_like(NOISE[:600].hex().encode()) == "hex"
    assert looks_like(b"4D5A" + NOISE[:600].hex().encode()) == "MZ in hex"
    assert looks_like(b"a plain sentence, as a setting may hold one. " * 40) is None


def test_a_hive_in_use_and_a_transaction_log_say_what_is_missing() -> None:
    _, unread = read(RegistryHive(), hive(USER, dirty=True))
    assert [one.reason for one in unread] == [
        "the hive was in use when it was copied: changes in its transaction logs are not replayed"
    ]
    log = bytearray(hive(USER))
    log[28] = 6
    rows, unread = read(RegistryHive(), bytes(log))
    assert (rows, len(unread)) == ([], 1)


def test_our_keys_are_those_another_parser_finds(tmp_path: Path) -> None:
    for tree in (SYSTEM, SOFTWARE, USER, AMCACHE):
        file = tmp_path / "hive"
        file.write_bytes(hive(tree))
        other = SecondOpinion(str(file))
        theirs = {key.path.lstrip("\\") for key in other.recurse_subkeys(other.root, fetch_values=False)}
        assert {key.path for key in Hive(hive(tree)).walk()} - {""} == theirs - {""}


@given(st.lists(st.tuples(st.integers(4096, 9000), st.integers(0, 255)), max_size=40), st.integers(0, 9000))
def test_no_bytes_raise(flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(hive(SYSTEM))
    for at, value in flips:
        data[at % len(data)] = value
    read(RegistryHive(), bytes(data[: max(512, len(data) - cut)]))


def test_a_key_that_is_its_own_child_ends() -> None:
    data = bytearray(hive({"a": {"b": {"c": 1}}}))
    (root,) = struct.unpack_from("<I", data, 36)
    (listed,) = struct.unpack_from("<I", data, 4096 + root + 4 + 28)
    struct.pack_into("<I", data, 4096 + listed + 8, root)
    _, unread = read(RegistryHive(), bytes(data))
    assert len(unread) == 1


def test_lists_that_name_one_key_again_and_again_end() -> None:
    children = {f"a{n:04d}": {f"v{m}": "x" for m in range(3)} for n in range(3000)}
    data = bytearray(hive({"Select": {"Current": 1}, "ControlSet001": {"Services": children}}))
    hives = Hive(bytes(data))
    services = hives.find("ControlSet001\\Services")
    assert services is not None
    (listed,) = struct.unpack_from("<I", services.cell, 28)
    for n in range(3000):  # every key under Services is Services itself
        struct.pack_into("<I", data, 4096 + listed + 8 + 8 * n, services.offset)
    _, unread = read(RegistryHive(), bytes(data))
    assert "the cells lead back to themselves: the rest is left out" in [one.reason for one in unread]

"""Containers: nested in any way, streamed, bounded, and honest about what was not read."""

from __future__ import annotations

import bz2
import gc
import gzip
import hashlib
import io
import lzma
import random
import struct
import sys
import tarfile
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import py7zr
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sakimori.errors import EvidenceError
from sakimori.evidence.containers import container, open_member, walk
from sakimori.evidence.discover import EvidenceFile
from sakimori.evidence.limits import Limits
from sakimori.evidence.member import Member
from sakimori.records.manifest import Refused

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LINE = b'{"Channel":"Security","EventID":4624}\n'
NOISE = random.Random(7).randbytes(300_000)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes], style: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=style) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sevenzipped(files: dict[str, bytes], password: str | None = None) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return out.getvalue()


def evidence(folder: Path, data: bytes, name: str = "e") -> EvidenceFile:
    file = folder / name
    file.write_bytes(data)
    return EvidenceFile(file, name, len(data))


def seen(file: EvidenceFile, limits: Limits | None = None) -> tuple[dict[str, bytes], dict[str, str]]:
    """Members with their bytes, and what was refused or ended early with the reason."""
    members: dict[str, bytes] = {}
    told: dict[str, str] = {}
    for found in walk(file, limits):
        if isinstance(found, Refused):
            told[found.name] = found.reason
            continue
        members[found.path] = found.stream.read()
        assert found.sha256() == hashlib.sha256(members[found.path]).hexdigest()
        assert found.length == len(members[found.path])
        assert members[found.path].startswith(found.head)
        if found.problem:
            told[found.path] = found.problem
    return members, told


def reopened(file: EvidenceFile, path: str) -> bytes:
    with closing(open_member(file, path)) as member:
        return member.stream.read()


def test_a_plain_file_is_its_own_only_member(tmp_path: Path) -> None:
    assert seen(evidence(tmp_path, LINE * 100_000)) == ({"e": LINE * 100_000}, {})
    assert seen(evidence(tmp_path, b"")) == ({"e": b""}, {})


COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstd.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


@pytest.mark.parametrize("kind", COMPRESSED)
def test_a_compressed_file_keeps_its_name(tmp_path: Path, kind: str) -> None:
    pack = COMPRESSED[kind]
    assert seen(evidence(tmp_path, pack(LINE * 5_000 + NOISE))) == ({"e": LINE * 5_000 + NOISE}, {})


@pytest.mark.parametrize("kind", COMPRESSED)
def test_frames_one_after_another_are_one_file(tmp_path: Path, kind: str) -> None:
    pack = COMPRESSED[kind]
    assert seen(evidence(tmp_path, pack(LINE) + pack(NOISE) + pack(LINE))) == ({"e": LINE + NOISE + LINE}, {})


def test_zeros_after_gzip_and_skippable_zstandard_frames_are_passed_over(tmp_path: Path) -> None:
    skippable = b"\x50\x2a\x4d\x18" + struct.pack("<I", 4) + b"abcd"
    assert seen(evidence(tmp_path, gzip.compress(LINE) + bytes(100))) == ({"e": LINE}, {})
    assert seen(evidence(tmp_path, skippable + zstd.compress(LINE) + skippable)) == ({"e": LINE}, {})


@pytest.mark.parametrize("kind", COMPRESSED)
def test_a_truncated_stream_gives_what_can_be_read_and_says_so(tmp_path: Path, kind: str) -> None:
    whole = LINE * 20_000 + NOISE
    packed = COMPRESSED[kind](whole)
    members, told = seen(evidence(tmp_path, packed[: len(packed) * 3 // 4]))
    assert whole.startswith(members["e"])
    assert (len(members["e"]) > len(whole) // 2) or kind in ("bz2", "zst")
    assert told == {"e": "It was not read to its end: the end of the compressed data is missing."}


ARCHIVED: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "zip": zipped,
    "stored zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "bz2 zip": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "tar": tarred,
    "gnu tar": lambda files: tarred(files, tarfile.GNU_FORMAT),
    "ustar": lambda files: tarred(files, tarfile.USTAR_FORMAT),
    "tar.gz": lambda files: gzip.compress(tarred(files)),
    "tar.zst": lambda files: zstd.compress(tarred(files)),
    "7z": sevenzipped,
}
FILES = {"a.json": LINE * 50_000, "deep/b.log": NOISE, "empty.log": b"", "c.log": LINE}
LONG = "/".join(["a-long-folder-name-that-does-not-fit"] * 5) + "/" + "n" * 90 + ".log"


@pytest.mark.parametrize("kind", ARCHIVED)
def test_every_member_of_an_archive_is_read(tmp_path: Path, kind: str) -> None:
    members, told = seen(evidence(tmp_path, ARCHIVED[kind](FILES)))
    assert (members, told) == ({f"e!{name}": data for name, data in FILES.items()}, {})


@pytest.mark.parametrize("kind", [k for k in ARCHIVED if k != "ustar"])
def test_long_and_japanese_names_are_kept(tmp_path: Path, kind: str) -> None:
    files = {LONG: LINE, "証跡/記録.log": LINE}
    assert set(seen(evidence(tmp_path, ARCHIVED[kind](files)))[0]) == {f"e!{name}" for name in files}


@pytest.mark.parametrize("outer", ARCHIVED)
@pytest.mark.parametrize("inner", ARCHIVED)
def test_archives_nest_in_any_combination(tmp_path: Path, outer: str, inner: str) -> None:
    nested = ARCHIVED[outer]({"x": ARCHIVED[inner]({"a": LINE, "b": NOISE}), "y": LINE})
    assert seen(evidence(tmp_path, nested)) == ({"e!x!a": LINE, "e!x!b": NOISE, "e!y": LINE}, {})


@pytest.mark.parametrize("outer", ARCHIVED)
@pytest.mark.parametrize("inner", ["zip", "7z"])
def test_a_nested_archive_too_large_to_hold_is_read_again(tmp_path: Path, outer: str, inner: str) -> None:
    nested = ARCHIVED[outer]({"y": LINE, "x": ARCHIVED[inner]({"a": NOISE, "b": NOISE[::-1]}), "z": LINE})
    members, told = seen(evidence(tmp_path, nested), Limits(held=1000))
    assert told == {}
    assert members == {"e!y": LINE, "e!x!a": NOISE, "e!x!b": NOISE[::-1], "e!z": LINE}


def test_members_may_be_left_unread(tmp_path: Path) -> None:
    for kind, pack in ARCHIVED.items():
        file = evidence(tmp_path, pack({"a": NOISE * 10, "b": LINE, "c": NOISE * 10}))
        heads = [(m.path, m.head[:20]) for m in walk(file) if isinstance(m, Member)]
        assert heads == [("e!a", NOISE[:20]), ("e!b", LINE[:20]), ("e!c", NOISE[:20])], kind


def test_leaving_the_walk_early_ends_it(tmp_path: Path) -> None:
    files = [
        evidence(tmp_path, pack({"a": NOISE * 8, "b": NOISE * 8}), kind) for kind, pack in ARCHIVED.items()
    ]
    started = time.monotonic()
    for file in files:
        members = walk(file)
        assert isinstance(next(members), Member)
        members.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 5


def test_what_desktops_pack_along_is_not_evidence(tmp_path: Path) -> None:
    members, told = seen(evidence(tmp_path, zipped({"a.log": LINE, "__MACOSX/._a.log": b"x"})))
    assert list(members) == ["e!a.log"]
    assert told == {"e!__MACOSX/._a.log": "It was left by a desktop, not written as a log."}


@pytest.mark.parametrize("name", ["../../etc/x.log", "/etc/x.log", "C:\\etc\\x.log", "./etc//x.log"])
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_name_that_climbs_out_is_only_shown_tamed(
    tmp_path: Path, name: str, pack: Callable[[dict[str, bytes]], bytes]
) -> None:
    before = sorted(tmp_path.parent.rglob("*"))
    assert seen(evidence(tmp_path, pack({name: LINE}))) == ({"e!etc/x.log": LINE}, {})
    assert sorted(tmp_path.parent.rglob("*")) == sorted([*before, tmp_path / "e"])


def test_equal_names_in_one_archive_are_told_apart(tmp_path: Path) -> None:
    file = evidence(tmp_path, tarred({"a": LINE, "./a": NOISE, "a (2)": NOISE[:5], "/a": NOISE[:7]}))
    expected = {"e!a": LINE, "e!a (2)": NOISE, "e!a (2) (2)": NOISE[:5], "e!a (3)": NOISE[:7]}
    assert seen(file)[0] == expected
    for path, content in expected.items():
        assert reopened(file, path) == content


def test_a_member_without_a_name_is_read(tmp_path: Path) -> None:
    assert seen(evidence(tmp_path, _nameless()))[0] == {"e!unnamed": LINE}


def _nameless() -> bytes:
    crc, count = zlib.crc32(LINE), len(LINE)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 0, crc, count, count, 0, 0)
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, crc, count, count, 0, 0, 0, 0, 0, 0, 0
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local) + count, 0)
    return local + LINE + entry + end


def test_links_in_archives_are_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    link = zipfile.ZipInfo("soft")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as zip_archive:
        zip_archive.writestr(link, "/etc/passwd")
    assert seen(evidence(tmp_path, out.getvalue())) == (
        {},
        {
            "e!soft": "It was not read: it is a link, and links are never followed.",
            "e!hard": "It was not read: it is a link, and links are never followed.",
            "e!pipe": "It was not read: it is a named pipe, not a file.",
        },
    )
    assert list(seen(evidence(tmp_path, packed.getvalue()))[1]) == ["e!soft"]


def test_encrypted_members_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    data = bytearray(zipped({"secret.log": LINE, "open.log": LINE}))
    data[6] |= 1  # the first local header, then the first entry of the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    reason = "It was not read: it is encrypted; unpack it with its password and hunt in the folder."
    assert seen(evidence(tmp_path, bytes(data))) == ({"e!open.log": LINE}, {"e!secret.log": reason})
    assert seen(evidence(tmp_path, sevenzipped({"a": LINE}, password="example"))) == ({}, {"e": reason})


@pytest.mark.parametrize("magic", [b"Rar!\x1a\x07\x01\x00", b"MSCF" + bytes(4), b"\x04\x22\x4d\x18"])
def test_formats_without_a_reader_are_named(tmp_path: Path, magic: bytes) -> None:
    _, told = seen(evidence(tmp_path, zipped({"x": magic + NOISE[:100]})))
    assert told["e!x"].endswith("is not supported; unpack it and hunt in the folder.")


def test_a_zip_directory_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFE, 0xFFFE, 20 << 20, 0, 0)
    _, told = seen(evidence(tmp_path, b"PK\x03\x04" + bytes(20 << 20) + end))
    assert told["e"].startswith("It was not read: its directory cannot be read (it takes 21.0 MB")


def test_a_small_zip_that_declares_ten_gigabytes_is_refused_at_once(tmp_path: Path) -> None:
    started = time.monotonic()
    members, told = seen(evidence(tmp_path, _overlapping()))
    assert members == {}
    assert told == {"e": "It was not read: 57 kB would unfold to 10.0 GB, more than the limit of 1:200."}
    assert time.monotonic() - started < 2


def _overlapping() -> bytes:
    """A zip of 57 kB whose 500 directory entries share one member of 20 MB."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(20_000_000)) + kernel.flush()
    crc = zlib.crc32(bytes(20_000_000))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), 20_000_000, 1, 0) + b"a"
    entry = struct.pack(
        "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), 20_000_000, 1, 0, 0, 0, 0, 0, 0
    )
    body = local + packed
    body += bytes(57_000 - len(body) - 500 * (len(entry) + 1)) if len(body) + 500 * 47 < 57_000 else b""
    directory = (entry + b"a") * 500
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 500, 500, len(directory), len(body), 0)
    return body + directory + end


def test_members_that_share_bytes_are_refused_whatever_they_declare(tmp_path: Path) -> None:
    small = zipped({"a": LINE})
    start = small.index(b"PK\x01\x02")
    directory = small[start : small.index(b"PK\x05\x06")]
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, 2 * len(directory), start, 0)
    file = evidence(tmp_path, small[:start] + directory * 2 + end)
    assert seen(file) == ({}, {"e": "It was not read: its members overlap, as they do in a zip bomb."})


@pytest.mark.parametrize("kind", COMPRESSED)
def test_a_stream_that_unfolds_too_far_ends_as_it_streams(tmp_path: Path, kind: str) -> None:
    file = evidence(tmp_path, COMPRESSED[kind](bytes(40 << 20)))
    members, told = seen(file, Limits(ratio_from=8 << 20))
    assert len(members["e"]) <= 10 << 20
    assert "more than the limit of 1:200" in told["e"]


@pytest.mark.parametrize("kind", COMPRESSED)
def test_frames_without_content_end_the_stream(tmp_path: Path, kind: str) -> None:
    file = evidence(tmp_path, COMPRESSED[kind](LINE) + COMPRESSED[kind](b"") * 30_000)
    assert seen(file)[0] == {"e": LINE}
    assert "frames that hold nothing" in seen(file)[1]["e"]


def test_a_zip_that_lies_about_its_sizes_is_caught_as_it_streams(tmp_path: Path) -> None:
    honest = zipped({"a": bytes(40 << 20), "b": LINE})
    lying = honest.replace(struct.pack("<I", 40 << 20), struct.pack("<I", 1000))
    members, told = seen(evidence(tmp_path, lying), Limits(ratio_from=8 << 20))
    assert len(members["e!a"]) <= 10 << 20
    assert "more than the limit of 1:200" in told["e!a"]


def test_bombs_in_bombs_are_bounded_by_what_the_outer_file_is(tmp_path: Path) -> None:
    bomb = gzip.compress(gzip.compress(gzip.compress(bytes(64 << 20))))
    members, told = seen(evidence(tmp_path, bomb), Limits(ratio_from=8 << 20))
    assert sum(map(len, members.values())) <= 9 << 20
    assert told


def test_total_members_and_depth_are_limited(tmp_path: Path) -> None:
    file = evidence(tmp_path, zipped({"a": gzip.compress(NOISE), "b": gzip.compress(NOISE), "c": LINE}))
    members, told = seen(file, Limits(total=1_000_000))
    assert list(members) == ["e!a", "e!b"]
    assert told["e"].startswith("It was not read: the rest was left unread")
    file = evidence(tmp_path, tarred({"a": NOISE, "b": NOISE, "c": NOISE}))
    members, told = seen(file, Limits(members=2))
    assert list(members) == ["e!a", "e!b"]
    assert "more than 2 members" in told["e"]
    deep = LINE
    for _ in range(5):
        deep = zipped({"x": deep})
    assert seen(evidence(tmp_path, deep)) == (
        {},
        {"e!x!x!x!x": "It was not read: it stands more than 4 containers deep."},
    )


def test_a_damaged_member_gives_its_bytes_and_the_reason(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": NOISE, "b": LINE}, zipfile.ZIP_STORED))
    data[1000] ^= 1
    members, told = seen(evidence(tmp_path, bytes(data)))
    assert len(members["e!a"]) == len(NOISE)
    assert members["e!b"] == LINE
    assert told == {"e!a": "It was not read to its end: its checksum or size is not what the zip declares."}


def test_a_truncated_tar_gives_what_can_be_read(tmp_path: Path) -> None:
    data = tarred({"a": LINE, "b": NOISE})
    members, told = seen(evidence(tmp_path, data[:200_000]))
    assert members["e!a"] == LINE
    assert NOISE.startswith(members["e!b"])
    assert len(members["e!b"]) > 190_000
    assert told["e!b"] == "It was not read to its end: the end of the data is missing."


def test_a_truncated_7z_or_zip_is_told(tmp_path: Path) -> None:
    for pack in (zipped, sevenzipped):
        data = pack({"a": NOISE, "b": NOISE[::-1]})
        _, told = seen(evidence(tmp_path, data[:-100]))
        assert "its directory cannot be read" in told["e"]


def test_a_damaged_7z_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    data = bytearray(sevenzipped({"a": NOISE, "b": NOISE[::-1]}))
    data[len(data) // 2 + 50_000] ^= 0xFF
    members, told = seen(evidence(tmp_path, bytes(data)))
    assert members["e!a"] == NOISE
    assert told


def test_a_member_is_opened_again_by_its_path(tmp_path: Path) -> None:
    inner = gzip.compress(tarred({"x": LINE, "y.gz": gzip.compress(NOISE)}))
    file = evidence(tmp_path, zipped({"a": LINE, "b.tar.gz": inner}))
    assert reopened(file, "e!b.tar.gz!y.gz") == NOISE
    with pytest.raises(EvidenceError, match="is no longer in"):
        open_member(file, "e!b.tar.gz!z")
    with pytest.raises(EvidenceError, match="would unfold to"):
        open_member(evidence(tmp_path, _overlapping()), "e!a")


def test_files_are_closed_with_the_member(tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        for _ in range(3):
            nested = zipped({"x": zipped({"a": NOISE, "b": NOISE[::-1]}), "y": tarred({"c": LINE})})
            file = evidence(tmp_path, nested)
            seen(file, Limits(held=1000))
            assert reopened(file, "e!y!c") == LINE
            assert open_member(file, "e!x!b", Limits(held=1000)).sha256()
            gc.collect()
    assert [str(warning.message) for warning in heard] == []


def test_content_decides_what_a_container_is() -> None:
    assert container(zipped({"a": b""})) == "zip"
    assert container(zipped({})) == "zip"
    assert container(tarred({"a": b""})) == "tar"
    assert container(sevenzipped({"a": LINE})) == "7z"
    assert container(gzip.compress(b"")) == "compressed"
    assert container(LINE * 100) is None
    assert container(bytes(10_000)) is None
    assert container(b"") is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted({**ARCHIVED, **COMPRESSED})),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=4),
    kept=st.floats(0, 1),
)
def test_bits_may_flip_and_ends_may_be_missing(
    tmp_path: Path, kind: str, flips: list[tuple[float, int]], kept: float
) -> None:
    packed = bytearray(_sample(kind))
    for where, bit in flips:
        packed[int(where * len(packed))] ^= 1 << bit
    del packed[round(kept * len(packed)) :]
    started = time.monotonic()
    members, _ = seen(evidence(tmp_path, bytes(packed)), Limits(ratio_from=1 << 20))
    assert time.monotonic() - started < 5
    assert sum(map(len, members.values())) < 20 << 20


@cache
def _sample(kind: str) -> bytes:
    files = {"a": LINE * 40, "b": NOISE[:3000], "c": LINE}
    return ARCHIVED[kind](files) if kind in ARCHIVED else COMPRESSED[kind](b"".join(files.values()))

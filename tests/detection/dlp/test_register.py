"""A register, its key, and what may be put into it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from sakimori.detection.dlp.key import make_key, read_key
from sakimori.detection.dlp.register import empty, read_register, write_register
from sakimori.detection.dlp.registering import Registering
from sakimori.errors import UsageError
from sakimori.masking import check_digit


@pytest.fixture
def key(tmp_path: Path) -> bytes:
    make_key(tmp_path / "key")
    return read_key(tmp_path / "key")


@pytest.fixture
def make(key: bytes) -> Registering:
    return Registering(key=key, label="minutes", owner="Mori", day="2026-03-02")


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(text)
    return path


def test_a_key_is_the_owner_s_alone_and_never_written_over(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="never written over"):
        make_key(path)
    path.chmod(0o640)
    with pytest.raises(UsageError, match="may be read by others"):
        read_key(path)


@pytest.mark.parametrize("text", ["", "abc", "zz" * 32, "ab" * 31])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = file(tmp_path, text)
    path.chmod(0o600)
    with pytest.raises(UsageError, match="is no key"):
        read_key(path)


def test_a_register_is_read_with_its_own_key_alone(tmp_path: Path, key: bytes, make: Registering) -> None:
    path = tmp_path / "dlp.json"
    register = type(empty(key))(**{**_fields(empty(key)), "entries": (make.classes(["*.kdbx"]),)})
    write_register(path, register)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_register(path, key) == register
    with pytest.raises(UsageError, match="another key"):
        read_register(path, bytes(32))
    path.write_text("{}")
    with pytest.raises(UsageError, match="is no register"):
        read_register(path, key)


def _fields(register: object) -> dict[str, object]:
    return {name: getattr(register, name) for name in ("schema", "check", "entries")}


def test_nothing_that_is_registered_stands_in_the_register(
    tmp_path: Path, key: bytes, make: Registering
) -> None:
    text = "the quarterly minutes of the audit committee of march"
    path = tmp_path / "dlp.json"
    secret = file(tmp_path, text)
    values = tmp_path / "values.txt"
    values.write_text("CUST-0012345\nCUST-0099999\n")
    entries = (make.documents([secret]), make.texts([secret]), make.values(values))
    write_register(path, type(empty(key))(schema=empty(key).schema, check=empty(key).check, entries=entries))
    written = path.read_text().casefold()
    assert [word for word in (*text.split(), "cust-0012345") if word in written.replace('"minutes"', "")] == [
        "of"
    ] or not [word for word in ("quarterly", "committee", "cust-0012345", "march") if word in written]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("short", "one word of 6 to 40 signs"),
        ("two words", "one word"),
        ("5a17" * 16, "one word of 6 to 40 signs"),
        ("12345678901" + str(check_digit("12345678901")), "never looked for"),
        ("PRIVATE_KEY=" + "5a17" * 16, "never looked for"),
    ],
)
def test_what_is_never_looked_for_is_refused_and_not_repeated(
    tmp_path: Path, make: Registering, value: str, problem: str
) -> None:
    with pytest.raises(UsageError, match=problem) as refused:
        make.values(file(tmp_path, f"CUST-0012345\n{value}\n"))
    assert "line 2" in str(refused.value)
    assert value not in str(refused.value)


def test_a_seed_phrase_is_no_text_to_be_known_again(tmp_path: Path, make: Registering) -> None:
    ends = ("ora", "umb", "ezo", "isk", "ord", "elv", "int", "alb", "irv", "ast", "omb", "ult")
    words = " ".join(f"qav{end}" for end in ends)
    with pytest.raises(UsageError, match="never looked for"):
        make.texts([file(tmp_path, words)])


@pytest.mark.parametrize("pattern", ["*", "*.*", "?", "a*"])
def test_a_name_that_every_file_has_is_refused(make: Registering, pattern: str) -> None:
    with pytest.raises(UsageError, match="fits nearly every file"):
        make.classes([pattern])


def test_an_empty_file_and_a_short_text_are_refused(tmp_path: Path, make: Registering) -> None:
    with pytest.raises(UsageError, match="is empty"):
        make.documents([file(tmp_path, "")])
    with pytest.raises(UsageError, match="no run of words"):
        make.texts([file(tmp_path, "too short")])
    with pytest.raises(UsageError, match="My Numbers are not looked for"):
        make.identifiers(["my-number"])

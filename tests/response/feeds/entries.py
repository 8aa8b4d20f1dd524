"""Entries for tests of feeds, and the programs from Debian that read feeds."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from sakimori.response.feeds.published import BLOCK, WATCH, Published, Stamp
from sakimori.response.respond.entry import entry
from sakimori.response.respond.proposal import proposal_id

SINCE, UNTIL = 1_790_000_000, 1_799_000_000
STAMP = Stamp(1_790_000_100, "f" * 64)

BLOCKED = (
    ("address", "198.51.100.7"),
    ("address", "2001:db8::7"),
    ("domain", "c2.example.net"),
    ("domain", "deep.c2.example.net"),
    ("domain", "_under-score.example.org"),
    ("url", "http://files.example.org/a;b/c.sh?x=1&y='2'"),
    ("url", "http://198.51.100.9:8080/p/(1)*+$^|.sh"),
    ("hash", "a" * 64),
    ("hash", "b" * 32),
    ("hash", "c" * 40),
)
WATCHED = (
    ("address", "203.0.113.9"),
    ("domain", "w.example.com"),
    ("url", "http://w.example.com/abc"),
    ("hash", "d" * 64),
)


def published(
    type_: str, value: str, use: str = BLOCK, reason: str = "seen on two hosts", owner: str = "M. Sato"
) -> Published:
    """An entry as it is published."""
    return Published(
        id=proposal_id("", type_, value), entry=entry(type_, value), use=use, owner=owner,
        reason=reason, since=SINCE, until=UNTIL,
    )  # fmt: skip


def everything() -> list[Published]:
    """Entries of all types, to block and to watch; their ids are in order."""
    both = [(*one, BLOCK) for one in BLOCKED] + [(*one, WATCH) for one in WATCHED]
    return [
        Published(
            id=f"p-{number:010x}", entry=entry(type_, value), use=use, owner="M. Sato",
            reason="seen on two hosts", since=SINCE, until=UNTIL,
        )
        for number, (type_, value, use) in enumerate(both)
    ]  # fmt: skip


def program(name: str) -> str:
    """The program's path; the test skips where the machine has none."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed; make debian installs it where that is allowed")
    return found


def ran(command: Sequence[str], folder: Path) -> tuple[int, str]:
    """Exit code of a command and all it said; at most a minute."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, check=False, errors="replace"
    )
    return done.returncode, done.stdout + done.stderr


def written(files: dict[str, bytes], folder: Path) -> Path:
    """The folder, with the files in it."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder

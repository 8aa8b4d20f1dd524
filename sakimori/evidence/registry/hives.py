"""Registry hives: SYSTEM, SOFTWARE, SAM, NTUSER.DAT, UsrClass.dat, Amcache.hve, and values of any other."""

from __future__ import annotations

import mmap
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import orjson

from sakimori.evidence.collected import account_of, host_of
from sakimori.evidence.found import Found, TooLarge, batches, on_disk
from sakimori.evidence.reader import Source
from sakimori.evidence.registry import accounts, amcache, software, system, user
from sakimori.evidence.registry.large_values import large_values
from sakimori.evidence.registry.regf import Hive
from sakimori.evidence.registry.said import Said
from sakimori.records.batch import Batch, Unread
from sakimori.records.plan import Plan

MOST_ROWS = 500_000
MOST_SECONDS = 300.0
_LOGS = frozenset({1, 2, 6})  # types of a base block that belongs to a transaction log
_LOG = "a transaction log: changes that stand only there are not replayed into the hive"
_DIRTY = "the hive was in use when it was copied: changes in its transaction logs are not replayed"
# A hive is told by keys under its root.
_KINDS: tuple[tuple[str, frozenset[str], Callable[[Hive], Iterator[Said]] | None], ...] = (
    ("SYSTEM", frozenset({"select", "controlset001"}), system.said),
    ("SAM", frozenset({"sam"}), accounts.said),
    ("SECURITY", frozenset({"policy", "rxact"}), None),
    ("Amcache", frozenset({"root"}), amcache.said),
    ("SOFTWARE", frozenset({"microsoft", "classes"}), software.said),
    ("NTUSER", frozenset({"software", "environment"}), user.said_of_user),
    ("NTUSER", frozenset({"software", "control panel"}), user.said_of_user),
    ("UsrClass", frozenset({"local settings"}), user.said_of_classes),
    ("COMPONENTS", frozenset({"deriveddata", "canonicaldata"}), None),
)
_USERS = frozenset({"NTUSER", "UsrClass", "other"})
_SECRET = frozenset({"SAM", "SECURITY", "COMPONENTS"})  # keys and secrets are random by nature


class RegistryHive:
    """Registry hives: what starts by itself, ran, is installed; devices, names of accounts, odd values.

    Watch: a hive copied from a running machine lacks what stands in its transaction logs (.LOG1, .LOG2): they
    are not replayed, and the report says so. No password, hash or secret is read.
    """

    name = "registry_hive"
    version = 1
    lines = False

    def claims(self, head: bytes) -> bool:
        """The mark of a base block."""
        return head.startswith(b"regf") and len(head) >= 512

    def read(self, source: Source, plan: Plan) -> Iterator[Batch | Unread]:
        """Rows in order of what they say; damaged cells are Unread with how many there were."""
        yield from batches(_found(source), source, plan)

    def record(self, source: Source, number: int, offset: int) -> str | None:
        """The row as JSON: a cell is no text."""
        found = (one for one in _found(source) if isinstance(one, Found))
        one = next(islice(found, number - 1, None), None)
        return None if one is None else one.raw.decode()


def _found(source: Source) -> Iterator[Found | Unread]:
    if int.from_bytes(source.head[28:32], "little") in _LOGS:
        yield Unread(0, 0, _LOG)
        return
    try:
        with on_disk(source) as path, mapped(path) as data:
            yield from _rows(Hive(data), source.path)
    except TooLarge as problem:
        yield Unread(0, 0, f"the hive is {problem}")


@contextmanager
def mapped(path: Path) -> Iterator[mmap.mmap]:
    """The bytes of a file as they are asked for."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _rows(hive: Hive, path: str) -> Iterator[Found | Unread]:
    if hive.dirty:
        yield Unread(0, 0, _DIRTY)
    ends = time.monotonic() + MOST_SECONDS
    shared = {"Computer": host_of(path), "User": account_of(path)}
    number = 0
    for number, said in enumerate(_said(hive, shared), 1):
        if number > MOST_ROWS or time.monotonic() > ends:
            yield Unread(number, said.offset, "more than can be read of one hive: the rest is left out")
            break
        row = {**shared, **said.row}
        yield Found(said.log, number, said.offset, row, orjson.dumps(row))
    for reason, count in hive.problems.items():
        yield Unread(number, 0, reason if count == 1 else f"{reason} ({count} times)")


def _said(hive: Hive, shared: dict[str, str | None]) -> Iterator[Said]:
    kind, say = kind_of(hive)
    shared["Hive"] = kind
    # Hives of two users of whom we do not know which is whose may be alike, and must both count.
    shared["Owner"] = shared["User"] or (None if kind in _USERS else "machine")
    if kind == "SYSTEM":
        shared["Computer"] = system.computer_name(hive) or shared["Computer"]
    if say:
        yield from say(hive)
    if kind not in _SECRET:
        yield from large_values(hive.walk())


def kind_of(hive: Hive) -> tuple[str, Callable[[Hive], Iterator[Said]] | None]:
    """Which hive it is, and what is read of it besides its values."""
    names = _names(hive)
    for kind, asked, say in _KINDS:
        if asked <= names.keys():
            return kind, say
    return "other", None


def _names(hive: Hive) -> Mapping[str, None]:
    root = next(hive.walk(), None)
    return {} if root is None else {key.name.lower(): None for key in root.children()}

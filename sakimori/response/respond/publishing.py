"""Approved entries become files that any web server can serve; what is withdrawn or over is in none."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from sakimori.errors import UsageError
from sakimori.response.contract import document
from sakimori.response.feeds import FEEDS
from sakimori.response.feeds.published import BLOCK, Published, Stamp, instant
from sakimori.response.respond.entry import entry
from sakimori.response.respond.guard import BLOCK as FREE
from sakimori.response.respond.guard import SPARED, Guard
from sakimori.response.respond.journal import PUBLISH, writing
from sakimori.response.respond.standing import published, standing
from sakimori.response.sentences import Sentence, sentence

INDEX = "index.json"
_PUBLIC_FOLDER, _PUBLIC_FILE = 0o755, 0o644


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An approved entry that was not published, and why."""

    id: str
    value: str
    because: Sentence


@dataclass(frozen=True, slots=True)
class Publication:
    """What was written, what was left out, and the head of the log to write down."""

    entries: tuple[Published, ...]
    left_out: tuple[LeftOut, ...]
    files: tuple[str, ...]
    head: str


def publish(case: Path, folder: Path, by: str, reason: str, guard: Guard, now: int) -> Publication:
    """Write every feed into the folder and the log; `now` in seconds since the epoch.

    Each file is replaced whole, the index last; files of an earlier publication that are no longer made are
    removed, others are never touched. Raises UsageError where the folder holds a stranger's file of the same
    name, or is the case itself.
    """
    folder = folder.resolve()
    if folder == case.resolve() or case.resolve() in folder.parents:
        raise UsageError(f"{folder} lies in the case, which is private: name a folder outside of it.")
    with writing(case) as log:
        kept, left_out = checked(published(standing(log.acts), now), guard)
        files = feed_files(kept, Stamp(now))
        _make(folder)
        earlier = _earlier(folder)
        _refuse_strangers(folder, files, earlier)
        _write_all(folder, files)
        for name in sorted(earlier - set(files) - {INDEX}):
            (folder / name).unlink(missing_ok=True)
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
        what = {"to": str(folder), "entries": [one.id for one in kept], "files": hashes}
        act = log.add(PUBLISH, by, reason, {**what, "left_out": [one.id for one in left_out]}, now)
        _write(folder, INDEX, document(index(kept, hashes, Stamp(now, act.hash))))
    return Publication(tuple(kept), tuple(left_out), (*sorted(files), INDEX), act.hash)


def checked(entries: Iterable[Published], guard: Guard) -> tuple[list[Published], list[LeftOut]]:
    """Entries that may still be published, and those that are no longer: the guard has the last word."""
    kept: list[Published] = []
    left: list[LeftOut] = []
    for one in entries:
        because = _refusal(one, guard)
        if because is None:
            kept.append(one)
        else:
            left.append(LeftOut(one.id, one.entry.value, because))
    return kept, left


def _refusal(one: Published, guard: Guard) -> Sentence | None:
    try:
        # The log may have been written by another hand than ours.
        if entry(one.entry.type, one.entry.value) != one.entry:
            return sentence("It is not written as lists hold it.")
    except (KeyError, ValueError):
        return sentence("It is not written as lists hold it.")
    verdict = guard.judge(one.entry)
    too_strict = verdict.use == SPARED or (verdict.use != FREE and one.use == BLOCK)
    return verdict.because if too_strict else None


def feed_files(entries: list[Published], stamp: Stamp) -> dict[str, bytes]:
    """All files of all feeds, by name."""
    return {name: data for writer in FEEDS.values() for name, data in writer(entries, stamp).items()}


def index(entries: Iterable[Published], hashes: Mapping[str, str], stamp: Stamp) -> dict[str, object]:
    """What stands in `index.json`: each entry with owner, reason and end, and the SHA-256 of each file."""
    return {
        "published": instant(stamp.at),
        "log_head": stamp.head,
        "entries": [
            {"id": one.id, "use": one.use, "type": one.entry.type, "value": one.entry.value,
             "owner": one.owner, "reason": one.reason,
             "since": instant(one.since), "until": instant(one.until)}
            for one in entries
        ],
        "files": dict(hashes),
    }  # fmt: skip


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=_PUBLIC_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}. Name another with --to.") from error


def _earlier(folder: Path) -> set[str]:
    """Names that our last publication wrote here; none where there was none."""
    try:
        data = orjson.loads((folder / INDEX).read_bytes())
        names = {str(name) for name in data["files"]} if "log_head" in data else set()
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError):
        return set()
    return {INDEX, *(name for name in names if Path(name).name == name)}


def _refuse_strangers(folder: Path, files: Mapping[str, bytes], earlier: set[str]) -> None:
    for name in (*sorted(files), INDEX):
        if name not in earlier and os.path.lexists(folder / name) and not _unfinished(folder):
            raise UsageError(f"{folder / name} was not written by an earlier publication; move it away.")


def _unfinished(folder: Path) -> bool:
    """Whether a first publication stopped before its index: all else that lies here has our names."""
    ours = set(feed_files([], Stamp(0)))
    return not (folder / INDEX).exists() and all(one.name in ours for one in folder.iterdir())


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in sorted(files.items()):
        _write(folder, name, data)


def _write(folder: Path, name: str, data: bytes) -> None:
    draft = folder / f".{name}.{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PUBLIC_FILE), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(_PUBLIC_FILE)
        draft.replace(folder / name)
    except OSError as error:
        raise UsageError(f"{folder / name} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)

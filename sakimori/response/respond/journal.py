"""The log of decisions: who approved, withdrew or published what, why and when; each line sealed to the last.

`respond.jsonl` in the case folder has one act a line. `hash` is the SHA-256 of the act as canonical JSON
without it, and `previous` is the hash of the line before, 64 zeros for the first. `respond.head` says how
many lines there are and the last hash, so that a log that was cut short is found too. A chain proves nothing
against somebody who can write it all anew: the head must also stand where he cannot reach (on paper, or
signed).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from sakimori.errors import UsageError
from sakimori.records.lock import Lock
from sakimori.response.contract import json_line
from sakimori.response.feeds.published import instant
from sakimori.response.folder import write_file
from sakimori.response.sentences import Sentence, sentence

LOG, HEAD, LOCK = "respond.jsonl", "respond.head", "respond.lock"
BEGINNING = "0" * 64
APPROVE, WITHDRAW, PUBLISH = "approve", "withdraw", "publish"
_SAYS = {APPROVE: ("id", "kind", "type", "value", "owner", "until"), WITHDRAW: ("id",)}
_SOME_DAY, _MOMENT = "2026-01-01T00:00:00Z", re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ")
_KEYS = frozenset({"n", "at", "act", "by", "reason", "what", "previous", "hash"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of the log. `at` is RFC 3339 in UTC; `what` depends on `act`."""

    n: int
    at: str
    act: str
    by: str
    reason: str
    what: Mapping[str, Any]
    previous: str
    hash: str = ""

    def plain(self) -> dict[str, Any]:
        """The act as it is written, without its hash."""
        return {
            "n": self.n,
            "at": self.at,
            "act": self.act,
            "by": self.by,
            "reason": self.reason,
            "what": self.what,
            "previous": self.previous,
        }


@dataclass(frozen=True, slots=True)
class Log:
    """The acts that can be relied upon, what is wrong with the log, and the hash to write down."""

    acts: tuple[Act, ...] = ()
    wrong: tuple[Sentence, ...] = field(default=())

    @property
    def head(self) -> str:
        """The hash of the last act; 64 zeros where there is none."""
        return self.acts[-1].hash if self.acts else BEGINNING


def seal(act: Act) -> str:
    """The hash that an act must have: 64 hex digits of SHA-256 over its canonical JSON."""
    return hashlib.sha256(orjson.dumps(act.plain(), option=orjson.OPT_SORT_KEYS)).hexdigest()


def read_log(case: Path) -> Log:
    """The log of a case; an empty one where nothing was decided yet. It is checked line by line."""
    file, mark = case / LOG, case / HEAD
    lines = file.read_bytes().splitlines() if file.is_file() else []
    acts, wrong = _checked(lines)
    stated = _stated(mark)
    return Log(tuple(acts), (*wrong, *_against_head(acts, lines, stated)))


def _checked(lines: Sequence[bytes]) -> tuple[list[Act], list[Sentence]]:
    acts: list[Act] = []
    wrong: list[Sentence] = []
    parsed = [_act(line) for line in lines]
    places = {act.hash: number for number, act in reversed([*enumerate(parsed, 1)]) if act is not None}
    for number, act in enumerate(parsed, 1):
        if act is None:
            wrong.append(sentence("Line {n} is no entry of this log.", n=number))
            continue
        wrong += _of_line(number, act, acts[-1] if acts else None, places)
        acts.append(act)
    return acts, wrong


def _of_line(number: int, act: Act, last: Act | None, places: Mapping[str, int]) -> Iterator[Sentence]:
    if seal(act) != act.hash:
        yield sentence("Line {n} was changed: its words do not give its hash.", n=number)
        return
    expected = (1, BEGINNING) if last is None else (last.n + 1, last.hash)
    if (act.n, act.previous) == expected:
        return
    if places[act.hash] != number:
        yield sentence("Line {n} repeats line {m}.", n=number, m=places[act.hash])
    elif act.previous != BEGINNING and act.previous not in places:
        told = act.n == expected[0]
        yield sentence("Line {n} was replaced by another one.", n=number - 1) if told else _gap(number)
    elif act.n != number:
        yield sentence("Line {n} is out of order: it was written as entry {m}.", n=number, m=act.n)


def _gap(number: int) -> Sentence:
    return sentence("Before line {n} an entry is missing.", n=number)


def _against_head(
    acts: Sequence[Act], lines: Sequence[bytes], stated: tuple[int, str] | None
) -> Iterator[Sentence]:
    if stated is None:
        if lines:
            yield sentence("The file that says where the log ends ({file}) is missing.", file=HEAD)
        return
    count, head = stated
    if len(lines) < count:
        yield sentence("{m} entries were written, {n} are left.", n=len(lines), m=count)
    elif len(lines) > count:
        yield sentence(
            "The log has {n} entries, but {m} were finished: the last was interrupted, or added by hand.",
            n=len(lines),
            m=count,
        )
    elif (acts[-1].hash if acts else BEGINNING) != head:
        yield sentence("The log does not end with the entry it ended with when it was last written.")


def _act(line: bytes) -> Act | None:
    try:
        data = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(data, dict) or set(data) != _KEYS or not isinstance(data["what"], dict):
        return None
    texts = ("at", "act", "by", "reason", "previous", "hash")
    if not isinstance(data["n"], int) or not all(isinstance(data[key], str) for key in texts):
        return None
    return Act(**data) if _speaks(data["act"], data["what"]) else None


def _speaks(act: str, what: Mapping[str, Any]) -> bool:
    """Whether an act says what its kind must say; an unknown kind of a later version may say anything."""
    needed = _SAYS.get(act, ())
    dated = what.get("until", _SOME_DAY)
    told = all(isinstance(what.get(key), str) for key in needed)
    return told and isinstance(dated, str) and _MOMENT.fullmatch(dated) is not None


def _stated(mark: Path) -> tuple[int, str] | None:
    try:
        count, head = mark.read_text("ascii").split()
        return int(count), head
    except (OSError, ValueError):
        return None


@contextmanager
def writing(case: Path) -> Iterator[Writing]:
    """The log, held against other writers until the block ends.

    Raises UsageError where it is damaged, EngineError where somebody else is writing.
    """
    lock = Lock(case / LOCK)
    lock.acquire()
    try:
        log = read_log(case)
        if log.wrong and not _interrupted(case, log):
            raise UsageError(
                f"{case / LOG} is damaged: `sakimori respond verify {case}` says how. Nothing was written."
            )
        yield Writing(case, list(log.acts))
    finally:
        lock.release()


def _interrupted(case: Path, log: Log) -> bool:
    """Whether all that is wrong is a head one entry behind: the machine stopped between two files."""
    stated = _stated(case / HEAD)
    behind = log.acts[-2].hash if len(log.acts) > 1 else BEGINNING
    return len(log.wrong) == 1 and bool(log.acts) and stated in (None, (len(log.acts) - 1, behind))


class Writing:
    """A log that is held; what is added stands on disk when `add` returns."""

    def __init__(self, case: Path, acts: list[Act]) -> None:
        self._case = case
        self.acts = acts

    def add(self, act: str, by: str, reason: str, what: Mapping[str, Any], now: int) -> Act:
        """The act, sealed and written; `now` in seconds since the epoch."""
        previous = self.acts[-1].hash if self.acts else BEGINNING
        new = Act(
            n=len(self.acts) + 1, at=instant(now), act=act, by=whole(by), reason=whole(reason),
            what=what, previous=previous,
        )  # fmt: skip
        sealed = Act(**new.plain(), hash=seal(new))
        self.acts.append(sealed)
        lines = [json_line({**one.plain(), "hash": one.hash}) for one in self.acts]
        write_file(self._case, LOG, lines)
        write_file(self._case, HEAD, [f"{sealed.n} {sealed.hash}\n".encode()])
        return sealed


def whole(text: str) -> str:
    """The text without halves of characters, which the command line may carry and JSON may not."""
    return text.encode("utf-8", "replace").decode()


def without(log: Log, head: str) -> tuple[Sentence, ...]:
    """What is wrong where a hash that was written down is asked for and no entry has it."""
    known = {act.hash for act in log.acts} | {BEGINNING}
    if not head or head in known:
        return ()
    return (sentence("No entry has the hash that was written down: the log was made anew, or cut."),)

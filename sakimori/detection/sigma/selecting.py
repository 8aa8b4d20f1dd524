"""What many hits of a rule share and others do not: conditions for a filter, the ones that take most first.

A filter is only as good as it is narrow. One field alone is never enough, and neither host, address, session,
time nor number of a process is ever among them: an intruder comes from the same machines, and the next number
is another one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sakimori.detection.sigma.bind import columns_of, text_of_field
from sakimori.records.catalogue import Log

Row = Mapping[str, str]  # a hit under Sigma's field names

FIELDS = 3  # in one filter, at most
CANDIDATES = 10  # fields that are looked at in pairs
LONGEST, SHORTEST = 300, 4
PREFIX = 8
SHARE = 0.1  # of the hits; less is not worth a filter
_SIGMAS = (
    "Image", "ParentImage", "CommandLine", "ParentCommandLine", "TargetFilename",
    "TargetObject", "Details", "ImageLoaded", "SourceImage", "TargetImage", "ServiceName", "ServiceFileName",
    "TaskName", "User",
)  # fmt: skip
_NO_REASON = re.compile(
    r"(?:^|[_.])(?:Channel|Provider\w*|EventID|EventType|Computer\w*|Level|Keywords|Task|Opcode|Version|RuleName"
    r"|Host\w*|Qualifiers)$|(?:Pid|Guid|ProcessId|ThreadId|SessionId|LogonId|RecordID|Time|Date|Timestamp|Hash\w*"
    r"|Port|Count|Uuid|Sid)$",
    re.IGNORECASE,
)
# True of very many programs, and of an intruder's too: never one of the two that a filter stands on.
_WEAK = re.compile(
    r"(?:Subject|Target|Source|Parent)?(?:User|Account|Domain|Logon)\w*|MandatoryLabel|IntegrityLevel|Token\w*"
    r"|OriginalFileName|Company|Description|Product|FileVersion|Signed|Signature\w*|CurrentDirectory",
    re.IGNORECASE,
)
# Programs that start whatever they are told to.
_STARTERS = re.compile(
    r"(?:^|[\\/])(?:cmd|powershell|pwsh|svchost|services|explorer|wmiprvse|rundll32|conhost|taskhostw|msiexec)\.exe$"
    r"|/(?:ba|z|da)?sh$|/(?:launchd|systemd|init|cron|sudo)$",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"\.(?:exe|com|scr)$", re.IGNORECASE)
_NOT_ANOTHERS = ("host", "address", "session", "process_instance", "hash")
# A home folder, and a path that begins like very many.
_HOME = re.compile(r"[A-Z]:\\Users\\[^\\\"]+(?=\\)|/(?:Users|home)/[^/\"]+(?=/)", re.IGNORECASE)
_ROOT = re.compile(r"\"?(?:[A-Z]:)?(?:[\\/][^\\/]*){0,3}", re.IGNORECASE)
_ENDS = " \"'\\/,;=:"


@dataclass(frozen=True, slots=True)
class Condition:
    """A field and what it is, or with `how` (startswith, endswith) a part of it."""

    field: str
    value: str
    how: str = ""

    @property
    def key(self) -> str:
        """As a Sigma rule names it: `Image|endswith`."""
        return f"{self.field}|{self.how}" if self.how else self.field

    def holds(self, row: Row) -> bool:
        """Whether a hit has it."""
        text, wanted = row.get(self.field, "").casefold(), self.value.casefold()
        if self.how == "startswith":
            return text.startswith(wanted)
        return text.endswith(wanted) if self.how else text == wanted


def row_of(log: Log, fields: Mapping[str, str], asked: Iterable[str]) -> Row:
    """A hit's fields that may stand in a filter; where one column has several names the first of `asked`."""
    left = {column for kind in _NOT_ANOTHERS for column in log.subjects.get(kind, ())} | {*log.identity}
    found: dict[str, str] = {}
    taken: set[tuple[str, ...]] = set()
    for name in dict.fromkeys((*asked, *_SIGMAS, *log.columns, *fields)):
        columns = columns_of(log, name)
        if columns in taken or _NO_REASON.search(name) or left & {*columns}:
            continue
        value = text_of_field(log, name, fields)
        if value:
            taken.add(columns)
            found[name] = value
    return found


def selections(rows: Sequence[Row], asked: Iterable[str]) -> Iterator[tuple[Condition, ...]]:
    """Sets of conditions, those that hold of most hits first, then those that say most.

    In each is one that is neither a program that starts whatever it is told to nor the program that the rule,
    by the fields it asks for, is about anyway.
    """
    own = frozenset(asked)
    groups = [group for names in _pairs(rows) for group in _groups(rows, names)]
    enough = max(2, SHARE * len(rows))
    groups.sort(key=lambda group: (-group[1], -sum(len(one.value) for one in group[0]), group[0][0].field))
    seen: set[tuple[Condition, ...]] = set()
    for base, n in groups:
        if n >= enough:
            found = _narrowed(base, [row for row in rows if all(one.holds(row) for one in base)])
            if found not in seen and not all(_broad(one, rows, own) for one in found):
                seen.add(found)
                yield found


def _broad(one: Condition, rows: Sequence[Row], own: frozenset[str]) -> bool:
    if one.how != "startswith" and _STARTERS.search(one.value):
        return True
    return one.field in own and bool(_PROGRAM.search(one.value)) and all(map(one.holds, rows))


def _pairs(rows: Sequence[Row]) -> Iterator[tuple[str, str]]:
    met = Counter(name for row in rows for name, value in row.items() if _strong(name, value))
    order = {name: at for at, name in enumerate(_SIGMAS)}
    names = sorted(met, key=lambda name: (-met[name], order.get(name, len(order)), name))[:CANDIDATES]
    return combinations(sorted(names, key=lambda name: (order.get(name, len(order)), name)), 2)


def _strong(name: str, value: str) -> bool:
    return SHORTEST <= len(value) <= LONGEST and not _WEAK.fullmatch(name.rpartition(".")[2])


def _groups(rows: Sequence[Row], names: tuple[str, str]) -> Iterator[tuple[tuple[Condition, ...], int]]:
    """The commonest pairs of conditions on two fields, as first written, and how often they hold."""
    counted: Counter[tuple[tuple[str, str], ...]] = Counter()
    first: dict[tuple[tuple[str, str], ...], tuple[Condition, ...]] = {}
    for row in rows:
        found = tuple(_condition(name, row.get(name, "")) for name in names)
        if all(_strong(one.field, one.value) for one in found):
            key = tuple((one.how, one.value.casefold()) for one in found)
            counted[key] += 1
            first.setdefault(key, found)
    for key, n in counted.most_common(3):
        yield first[key], n


def _condition(name: str, value: str) -> Condition:
    """The whole value; of a path in somebody's home the part that is the same in everybody's."""
    home = _HOME.match(value)
    return Condition(name, value[home.end() :], "endswith") if home else Condition(name, value)


def _narrowed(base: tuple[Condition, ...], rows: Sequence[Row]) -> tuple[Condition, ...]:
    """The conditions and what else all of these hits share, the longest first: it costs nothing."""
    taken = {one.field for one in base}
    names = {name for row in rows for name in row if name not in taken}
    more = [found for name in names if (found := _shared(name, rows))]
    more.sort(key=lambda one: (-len(one.value), one.field))
    return (*base, *more[: FIELDS - len(base)])


def _shared(name: str, rows: Sequence[Row]) -> Condition | None:
    values = {one.value.casefold() for row in rows if (one := _condition(name, row.get(name, "")))}
    first = _condition(name, rows[0].get(name, ""))
    if len(values) == 1:
        return first if _strong(name, first.value) and all(map(first.holds, rows)) else None
    prefix = _beginning(*(pick(row.get(name, "").casefold() for row in rows) for pick in (min, max)))
    # Up to the end of a word, so that it is the same thing that begins and not a like one.
    length = max((at + 1 for at, letter in enumerate(prefix) if letter in _ENDS), default=0)
    found = rows[0].get(name, "")[:length]
    wide = length < PREFIX or bool(_ROOT.fullmatch(found))
    return Condition(name, found, "startswith") if not wide and _strong(name, found) else None


def _beginning(one: str, other: str) -> str:
    """What both begin with."""
    end = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    return min(one, other, key=len) if end is None else one[:end]


def written(value: str) -> str:
    """A text so that Sigma reads it letter by letter."""
    return re.sub(r"\\+(?=([*?])?)|[*?]", _escaped, value)


def _escaped(found: re.Match[str]) -> str:
    text = found[0]
    if text in ("*", "?"):
        return f"\\{text}"
    # A backslash before anything but a backslash or a wildcard is itself.
    return text * 2 if len(text) > 1 or found[1] else text

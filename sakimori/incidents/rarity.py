"""How rare detectors and entities are in this very data: what is met everywhere says little anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.context import Context, home
from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.places import Places

# An intrusion touches a few hosts with the same means; up to here nothing is discounted.
FEW_HOSTS = 3
FEW_DAYS = 2
# With this many hosts more, the share of all hosts counts in full.
A_CROWD = 6
# What spoke already in the first third of a week or more is settled here.
A_WHILE = 6
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Habit:
    """How a detector behaves here: hosts and host-days on which it spoke, and how rare that is (0-1)."""

    hosts: int
    host_days: int
    rarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rarity:
    """What this data teaches: each detector's habit, on how many hosts each entity is met.

    `reaches` counts, for a host, how many other hosts its findings name: many for a scanner or a proxy.
    `mentions` counts the findings that name an entity.
    `stock` are hashes of programs of the system, and what everybody in the house shares.
    """

    hosts: int
    habits: Mapping[str, Habit]
    met_on: Mapping[Subject, int]
    reaches: Mapping[Subject, int]
    mentions: Mapping[Subject, int]
    stock: frozenset[Subject]
    places: Places

    def of(self, finding: Finding) -> float:
        """1 for a detector that spoke on a few hosts and days, towards 0 for one that speaks everywhere."""
        return self.habits[finding.detector].rarity

    def tells(self, finding: Finding) -> bool:
        """Whether a finding can found an incident: serious enough for how often its detector speaks here.

        What the organisation expects of itself founds none, nor what it suppresses.
        """
        if "expected" in finding.facts or "suppressed" in finding.facts:
            return False
        need = _NEED.get(finding.severity)
        return need is not None and self.of(finding) >= need

    def wide(self, subject: Subject, room: float) -> float:
        """1 for an entity on a few hosts; half where it is met on `room` hosts more, and so on."""
        return _few(self.met_on.get(subject, 0), room)

    def narrow(self, place: Subject) -> float:
        """1 for a host whose findings name few other hosts, towards 0 for one that speaks with everybody."""
        return _few(self.reaches.get(place, 0), max(4.0, 0.05 * self.hosts))


_NEED = {Severity.MEDIUM: 0.5, Severity.HIGH: 0.3, Severity.CRITICAL: 0.1}


def learn(findings: Sequence[Finding], context: Context) -> Rarity:
    """Counts hosts and days per detector and hosts per entity; the order of the findings does not matter."""
    places = Places(findings, context)
    tally = _Tally(places)
    for finding in findings:
        tally.count(finding)
    days = sorted({day for pairs in tally.spoke.values() for _, day in pairs})
    hosts = max(context.hosts, len(tally.reached))
    return Rarity(
        hosts=hosts,
        habits={detector: _habit(pairs, days, hosts) for detector, pairs in tally.spoke.items()},
        met_on={
            subject: max(len(tally.met[number]), context.seen_on.get(subject, 0))
            for subject, number in tally.numbers.items()
            if number in tally.met
        },
        reaches=tally.reaches(),
        mentions={subject: tally.mentions[number] for subject, number in tally.numbers.items()},
        stock=frozenset(tally.stock) | context.common,
        places=places,
    )


class _Tally:
    """Counts by number: an entity is looked at once and then known by a small integer."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.numbers: dict[Subject, int] = {}
        self.mentions: list[int] = []
        self.spoke: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
        self.met: defaultdict[int, set[int]] = defaultdict(set)
        self.reached: defaultdict[int, set[int]] = defaultdict(set)
        self.stock: set[Subject] = set()
        self._resolved: list[int] = []
        self._everybodys: list[bool] = []
        self._inside: list[bool] = []

    def count(self, finding: Finding) -> None:
        """One finding more."""
        place = self._resolved[self._number(home(finding))]
        self.spoke[finding.detector].add((place, (finding.first_seen or 0) // _DAY))
        reached = self.reached[place]
        for subject in finding.subjects:
            number = self._number(subject)
            self.mentions[number] += 1
            number = self._resolved[number]
            if number != place and not self._everybodys[number]:
                self.met[number].add(place)
                if self._inside[number]:
                    reached.add(number)
        self._shelve(finding)

    def _number(self, subject: Subject) -> int:
        number = self.numbers.get(subject)
        return self._new(subject) if number is None else number

    def _new(self, subject: Subject) -> int:
        number = self.numbers[subject] = len(self.numbers)
        self.mentions.append(0)
        self._resolved.append(number)
        self._everybodys.append(everybodys(subject))
        self._inside.append(subject.type == "host")
        if subject.type in ("address", "domain"):
            self._inside[number] = self.places.inside(subject)
            resolved = self.places.resolve(subject)
            self._resolved[number] = number if resolved is subject else self._number(resolved)
        return number

    def _shelve(self, finding: Finding) -> None:
        """Hashes in a finding that names only programs and files of the system are those programs'."""
        hashes = [subject for subject in finding.subjects if subject.type == "hash"]
        files = [subject for subject in finding.subjects if subject.type in ("process", "file")]
        if hashes and files and all(self._everybodys[self.numbers[file]] for file in files):
            self.stock.update(hashes)

    def reaches(self) -> dict[Subject, int]:
        """How many other hosts that have findings a host's findings name."""
        subjects = list(self.numbers)
        return {subjects[place]: len(named & self.reached.keys()) for place, named in self.reached.items()}


def _few(number: int, room: float) -> float:
    return room / (room + max(0, number - FEW_HOSTS))


def _habit(pairs: Iterable[tuple[int, int]], days: Sequence[int], hosts: int) -> Habit:
    spoken = list(pairs)
    homes = len({place for place, _ in spoken})
    wide = _few(homes, max(4.0, 0.1 * hosts)) * _share(homes, hosts)
    # A beacon speaks daily too, so daily speech halves a detector's word only after a week.
    lasting = 5 / (5 + max(0.0, len(spoken) / homes - FEW_DAYS))
    return Habit(homes, len(spoken), wide * lasting * _new(spoken, days))


def _share(homes: int, hosts: int) -> float:
    """What most hosts do is how this firm works; the fewer they are, the less a share says."""
    sure = min(1.0, max(0.0, (homes - FEW_HOSTS) / A_CROWD))
    return max(0.2, 1 - sure * homes / hosts)


def _new(spoken: Sequence[tuple[int, int]], days: Sequence[int]) -> float:
    """1 for a detector that began to speak late, less for one that spoke from the first days on."""
    if len(days) < A_WHILE or len(spoken) < 4:
        return 1.0
    early = sum(1 for _, day in spoken if day < days[len(days) // 3])
    return 2 / (1 + early) if early else 1.0

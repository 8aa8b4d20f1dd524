"""How rare detectors and entities are in this very data: what is met everywhere says little anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.common import everybodys
from sakimori.incidents.context import Context
from sakimori.incidents.places import Places

# An intrusion touches a few hosts with the same means; up to here nothing is discounted.
FEW_HOSTS = 3
FEW_DAYS = 2
# From this many hosts on, the share of all hosts counts too: what half of them do is how this firm works.
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


@dataclass(frozen=True, slots=True)
class Rarity:
    """What this data teaches: each detector's habit, on how many hosts each entity is met.

    `reaches` counts, for a host, how many other hosts its findings name: many for a scanner or a proxy.
    `stock` are hashes of programs of the system.
    """

    hosts: int
    habits: Mapping[str, Habit]
    met_on: Mapping[Subject, int]
    reaches: Mapping[Subject, int]
    stock: frozenset[Subject]
    places: Places

    def of(self, finding: Finding) -> float:
        """1 for a detector that spoke on a few hosts and days, towards 0 for one that speaks everywhere."""
        return self.habits[finding.detector].rarity

    def tells(self, finding: Finding) -> bool:
        """Whether a finding can found an incident: serious enough for how often its detector speaks here."""
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
    spoke: defaultdict[str, set[tuple[Subject, int]]] = defaultdict(set)
    met: defaultdict[Subject, set[Subject]] = defaultdict(set)
    named: defaultdict[Subject, set[Subject]] = defaultdict(set)
    stock: set[Subject] = set()
    for finding in findings:
        place = places.of(finding)
        spoke[finding.detector].add((place, (finding.first_seen or 0) // _DAY))
        reached = named[place]
        for subject in map(places.resolve, finding.subjects):
            if subject != place and not everybodys(subject):
                met[subject].add(place)
                if places.inside(subject) or subject.type == "host":
                    reached.add(subject)
        stock.update(_stock(finding))
    days = sorted({day for pairs in spoke.values() for _, day in pairs})
    hosts = max(context.hosts, len(named))
    return Rarity(
        hosts,
        {detector: _habit(pairs, days, hosts) for detector, pairs in spoke.items()},
        {subject: max(len(where), context.seen_on.get(subject, 0)) for subject, where in met.items()},
        {place: len(reached & named.keys()) for place, reached in named.items()},
        frozenset(stock),
        places,
    )


def _few(number: int, room: float) -> float:
    return room / (room + max(0, number - FEW_HOSTS))


def _habit(pairs: Iterable[tuple[Subject, int]], days: Sequence[int], hosts: int) -> Habit:
    spoken = list(pairs)
    homes = len({place for place, _ in spoken})
    wide = _few(homes, max(4.0, 0.1 * hosts))
    if homes >= A_CROWD:
        wide *= max(0.2, 1 - homes / hosts)
    # A beacon speaks daily too, so daily speech halves a detector's word only after a week.
    lasting = 5 / (5 + max(0.0, len(spoken) / homes - FEW_DAYS))
    return Habit(homes, len(spoken), wide * lasting * _new(spoken, days))


def _new(spoken: Sequence[tuple[Subject, int]], days: Sequence[int]) -> float:
    """1 for a detector that began to speak late, less for one that spoke from the first days on."""
    if len(days) < A_WHILE or len(spoken) < 4:
        return 1.0
    early = sum(1 for _, day in spoken if day < days[len(days) // 3])
    return 2 / (2 + early) if early >= 2 else 1.0


def _stock(finding: Finding) -> Iterable[Subject]:
    """Hashes in a finding that names only programs and files of the system: they are those programs'."""
    hashes = [subject for subject in finding.subjects if subject.type == "hash"]
    files = [subject for subject in finding.subjects if subject.type in ("process", "file")]
    return hashes if files and all(map(everybodys, files)) else ()

"""How rare detectors and entities are in this very data: what is met everywhere says little anywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sakimori.findings import Finding, Severity, Subject
from sakimori.incidents.common import everybodys
from sakimori.incidents.context import Context, home

# An intrusion touches a few hosts with the same means; up to here nothing is discounted.
FEW_HOSTS = 3
FEW_DAYS = 2
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
    """

    hosts: int
    habits: Mapping[str, Habit]
    met_on: Mapping[Subject, int]
    reaches: Mapping[Subject, int]

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


_NEED = {Severity.MEDIUM: 0.3, Severity.HIGH: 0.15, Severity.CRITICAL: 0.05}


def learn(findings: Iterable[Finding], context: Context) -> Rarity:
    """Counts hosts and days per detector and hosts per entity; the order of the findings does not matter."""
    homes: defaultdict[str, set[Subject]] = defaultdict(set)
    host_days: defaultdict[str, set[tuple[Subject, int]]] = defaultdict(set)
    met: defaultdict[Subject, set[Subject]] = defaultdict(set)
    named: defaultdict[Subject, set[Subject]] = defaultdict(set)
    for finding in findings:
        place = home(finding)
        others = named[place]
        homes[finding.detector].add(place)
        host_days[finding.detector].add((place, (finding.first_seen or 0) // _DAY))
        for subject in finding.subjects:
            if subject != place and not everybodys(subject):
                met[subject].add(place)
                if subject.type in ("host", "address"):
                    others.add(subject)
    hosts = max(context.hosts, len(named))
    return Rarity(
        hosts,
        {detector: _habit(len(homes[detector]), len(days), hosts) for detector, days in host_days.items()},
        {subject: max(len(places), context.seen_on.get(subject, 0)) for subject, places in met.items()},
        {place: len(others & named.keys()) for place, others in named.items()},
    )


def _few(number: int, room: float) -> float:
    return room / (room + max(0, number - FEW_HOSTS))


def _habit(homes: int, host_days: int, hosts: int) -> Habit:
    room = max(4.0, 0.1 * hosts)
    # A beacon speaks daily too, so daily speech halves a detector's word only after a week.
    lasting = 5 / (5 + max(0.0, host_days / homes - FEW_DAYS))
    return Habit(homes, host_days, _few(homes, room) * lasting)

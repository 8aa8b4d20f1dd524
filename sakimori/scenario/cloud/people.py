"""Who works at Kitaura Exchange, where they sign in from and with what: one world for every log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from random import Random

from sakimori.scenario.cloud.places import Place, Places
from sakimori.scenario.data import toml, words
from sakimori.scenario.estate import Estate
from sakimori.scenario.world import REALM, Account, Host, Person

_FEWEST_MORE = 2  # two developers with Macs are always there
BEYOND = 5000  # hosts of people without a machine in the estate are numbered from here
_ROLES = ("office",) * 5 + ("people",) * 2 + ("trading",) * 4 + ("sales",) * 3 + ("developer",) * 6


def identity(*parts: object) -> str:
    """A GUID that follows from its parts."""
    text = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"


@dataclass(frozen=True, slots=True)
class Device:
    """What somebody signs in with; only devices the firm manages have a name and an id."""

    name: str
    id: str
    system: str
    browser: str
    agent: str
    managed: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """From where and with what something is done, and in which session."""

    place: Place
    device: Device
    session: str


@dataclass(slots=True, eq=False)
class Worker:
    """A member of staff as the services know them. `host` gives the working day."""

    host: Host
    person: Person
    home: Place
    mobile: Place
    desk: Device
    phone: Device
    home_days: frozenset[int]
    github: str
    id: str = ""
    away: Place | None = None
    away_days: frozenset[int] = frozenset()
    twin: str = ""  # what makes the person's ordinary life look like something else

    @property
    def upn(self) -> str:
        """The name everything in the cloud goes by."""
        return f"{self.person.account.name}@{REALM}"

    @property
    def name(self) -> str:
        """As shown to people."""
        return f"{self.person.first} {self.person.last}"

    @property
    def role(self) -> str:
        """What the person's habits are."""
        return self.person.role

    def session(self, day: int) -> str:
        """The browser's session of that day: the morning's sign-in begins it; it lives on where copied."""
        return identity("session", self.upn, day)


def workers(estate: Estate, seed: int, count: int) -> list[Worker]:
    """The people of the estate's machines first, then so many more that there are `count`, at least two."""
    rng = Random(f"workers/{seed}")
    places = Places(rng)
    seats = [host for host in estate.hosts if host.owner]
    more = _more(rng, estate, max(_FEWEST_MORE, count - len(seats)))
    found = [_worker(rng, places, host) for host in [*seats, *more]]
    _look_alikes(places, found[len(seats) :])
    return found


def _look_alikes(places: Places, staff: list[Worker]) -> None:
    """A contractor behind a rented server that was agreed upon, and two people who share a home."""
    away = [worker for worker in staff[2:] if worker.role == "developer"]
    for worker in away[:1]:
        worker.home, worker.home_days = places.rented(), frozenset(range(7))
        worker.twin = "contractor-behind-agreed-vpn"
    pair = [worker for worker in staff if worker.role in ("office", "people") and not worker.away][:2]
    for worker in pair:
        worker.home, worker.twin = pair[0].home, "household-shares-address"


def _more(rng: Random, estate: Estate, count: int) -> list[Host]:
    taken = {(person.first, person.last) for person in estate.people}
    names = [(f, n) for f in words("first_names") for n in words("last_names") if (f, n) not in taken]
    logins = {person.account.name for person in estate.people}
    found = []
    for number, (first, last) in enumerate(rng.sample(names, count)):
        login = f"{first[0]}.{last}".lower()
        login = f"{login}{number}" if login in logins else login
        logins.add(login)
        role = "developer" if number < 2 else rng.choice(_ROLES)
        person = Person(first, last, Account(login, ""), role, 0, rng.gauss(0, 0.6))
        if role == "developer" and number >= 2:
            person.offset = rng.choice((0, 0, 0, 0, 0, 1, 8))
        mac = role == "developer" or rng.random() < 0.3
        name = f"KTR-{'MB' if mac else 'LT'}{500 + number}"
        found.append(Host(BEYOND + number, name, "", "seat", True, person))
    return found


def _worker(rng: Random, places: Places, host: Host) -> Worker:
    person = host.owner
    assert person is not None
    home, remote = places.home(person.offset), person.offset != 0
    days = frozenset(range(7)) if remote else frozenset(rng.sample(range(5), rng.choice((0, 1, 1, 2, 3))))
    first, last = person.first.lower(), person.last.lower()
    worker = Worker(
        host, person, home, places.mobile(), _desk(host), _phone(rng, host), days, f"{first}-{last}-kx"
    )
    worker.id = identity("user", worker.upn)
    if person.role == "sales" and rng.random() < 0.5:
        begins = rng.randrange(1, 9)
        worker.away, worker.away_days = places.abroad(), frozenset(range(begins, begins + 3))
    return worker


def _desk(host: Host) -> Device:
    kind = "mac" if "-MB" in host.name else "windows"
    data = toml("cloud.toml")["device"][kind]
    return Device(
        host.name, identity("device", host.name), data["system"], data["browser"], data["agent"], True
    )


def _phone(rng: Random, host: Host) -> Device:
    """A telephone; most are enrolled with the firm."""
    data, owned = (
        toml("cloud.toml")["device"][rng.choice(("iphone", "iphone", "android"))],
        rng.random() < 0.9,
    )
    name = f"{host.name}-phone" if owned else ""
    return Device(name, identity("phone", host.name), data["system"], data["browser"], data["agent"], owned)

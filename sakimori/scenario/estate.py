"""The machines of Kitaura Exchange and who sits where."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sakimori.errors import UsageError
from sakimori.scenario.internet import Internet
from sakimori.scenario.people import administrator, staff
from sakimori.scenario.world import Account, Host, Person

# name, role; one of each always exists.
_SERVERS = (
    ("KTR-DC01", "dc"),
    ("KTR-FS01", "files"),
    ("KTR-BLD01", "build"),
    ("KTR-SGN01", "signing"),
    ("KTR-JMP01", "jump"),
)
_MORE_SERVERS = ("app", "sql", "app", "web")
FEWEST_HOSTS = 8


@dataclass(slots=True)
class Estate:
    """All machines and people; `accounts` are the privileged second accounts of administrators."""

    hosts: list[Host]
    people: list[Person]
    internet: Internet
    admins: dict[str, Account]
    servers: list[Host]

    def one(self, role: str) -> Host:
        """The first machine with that role."""
        return next(host for host in self.hosts if host.role == role)

    def seats(self, *roles: str) -> list[Host]:
        """Machines at which a person of one of the roles sits."""
        return [host for host in self.hosts if host.owner and host.owner.role in roles]


def build(seed: int, hosts: int) -> Estate:
    """The estate of a seed. Raises UsageError below the fewest machines a believable firm has."""
    if hosts < FEWEST_HOSTS:
        raise UsageError(
            f"a scenario needs {FEWEST_HOSTS} hosts, not {hosts}: give --hosts {FEWEST_HOSTS} or more"
        )
    rng = Random(f"estate/{seed}")
    servers = _servers(rng, hosts)
    people = staff(rng, hosts - len(servers))
    seats = [_seat(rng, len(servers) + n, person) for n, person in enumerate(people)]
    admins = {p.account.name: administrator(p) for p in people if p.role in ("admin", "helpdesk")}
    return Estate([*servers, *seats], people, Internet(rng), admins, servers)


def _servers(rng: Random, hosts: int) -> list[Host]:
    more = [
        (f"KTR-{kind.upper()}{n + 1:02d}", kind) for n, kind in enumerate(_MORE_SERVERS * (hosts // 80 + 1))
    ]
    chosen = [*_SERVERS, *more[: hosts // 20]]
    return [
        Host(index, name, f"10.20.{1 + index // 200}.{10 + index % 200}", role, guid_head=_head(rng))
        for index, (name, role) in enumerate(chosen)
    ]


def _seat(rng: Random, index: int, person: Person) -> Host:
    laptop = person.role == "developer" or rng.random() < 0.35
    kind, net = ("LT", 20) if laptop else ("WS", 10)
    address = f"10.20.{net + index // 200}.{20 + index % 200}"
    return Host(index, f"KTR-{kind}{index:03d}", address, "seat", laptop, person, _head(rng))


def _head(rng: Random) -> str:
    return f"{{{rng.randrange(1 << 28, 1 << 32):08X}"

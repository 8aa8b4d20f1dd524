"""The staff of Kitaura Exchange: invented names, roles and working days."""

from __future__ import annotations

from random import Random

from sakimori.scenario.data import words
from sakimori.scenario.world import Account, Person

SID = "S-1-5-21-1004336348-1177238915-682003330"


# Shares of the seats that are not kept for administrators and the help desk.
_ROLES = (("developer", 0.34), ("trading", 0.26), ("office", 0.28), ("people", 0.12))
REMOTE_HOURS = (0, 0, 0, 0, 0, 0, 0, 1, 3, 8)


def staff(rng: Random, seats: int) -> list[Person]:
    """One person a seat, names unique; the first two are an administrator and the help desk."""
    names = rng.sample(
        [(first, last) for first in words("first_names") for last in words("last_names")], seats
    )
    roles = ["admin", "helpdesk", "developer", *(_role(rng) for _ in range(seats))][:seats]
    return [
        _person(rng, index, name, role) for index, (name, role) in enumerate(zip(names, roles, strict=True))
    ]


def _role(rng: Random) -> str:
    draw = rng.random()
    for role, share in _ROLES:
        draw -= share
        if draw < 0:
            return role
    return "admin"


def _person(rng: Random, index: int, name: tuple[str, str], role: str) -> Person:
    first, last = name
    login = f"{first[0]}.{last}".lower() + (str(index) if index > 60 else "")
    offset = rng.choice(REMOTE_HOURS) if role == "developer" else 0
    account = Account(login, f"{SID}-{1100 + index}")
    return Person(first, last, account, role, offset, rng.gauss(0, 0.6))


def administrator(person: Person) -> Account:
    """The second, privileged account of an administrator."""
    return Account(f"adm-{person.account.name}", person.account.sid + "9", admin=True)


SERVICE_ACCOUNTS = {
    name: Account(name, f"{SID}-{9000 + index}", admin=name in ("svc-build", "svc-backup", "svc-mgmt"))
    for index, name in enumerate(("svc-build", "svc-backup", "svc-mgmt", "svc-sql", "svc-signer", "svc-scan"))
}

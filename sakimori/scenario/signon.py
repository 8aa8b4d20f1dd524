"""Signing on and off: sessions, the processes that live as long as they do, and what always runs."""

from __future__ import annotations

from random import Random
from typing import Any

from sakimori.scenario.data import toml
from sakimori.scenario.estate import Estate
from sakimori.scenario.people import SERVICE_ACCOUNTS
from sakimori.scenario.programs import known
from sakimori.scenario.rhythm import HOUR, Shift
from sakimori.scenario.scene import birth
from sakimori.scenario.telemetry import Telemetry
from sakimori.scenario.world import LOCAL_SERVICE, NETWORK_SERVICE, SYSTEM, Account, Host, Process, Session

_SHARES = ("\\\\*\\home$", "\\\\*\\dept$")


def populate(estate: Estate, t: int, seed: int) -> None:
    """Give every host the processes and service sessions it had before the evidence begins."""
    for host in estate.hosts:
        rng = Random(f"standing/{seed}/{host.index}")
        host.next_pid = 400 + int(rng.random() * 60) * 4
        host.services = _services(rng)
        for entry in toml("estate.toml")["standing"]:
            if "every" in entry["roles"] or host.role in entry["roles"]:
                _stand(host, entry, t - int(rng.random() * 40 * HOUR))
        host.next_pid = 4_000 + int(rng.random() * 2000) * 4


def _services(rng: Random) -> dict[str, Session]:
    built_in = {
        "system": Session(SYSTEM, 0x3E7, 5, 0),
        "local": Session(LOCAL_SERVICE, 0x3E5, 5, 0),
        "network": Session(NETWORK_SERVICE, 0x3E4, 5, 0),
    }
    named = {
        name: Session(account, rng.randrange(1 << 18, 1 << 26), 5, 0)
        for name, account in SERVICE_ACCOUNTS.items()
    }
    return {**built_in, **named}


def _stand(host: Host, entry: dict[str, Any], t: int) -> None:
    system = host.services["system"]
    for row in entry["programs"]:
        parent = host.system.get(row["parent"])
        host.system[row["program"]] = birth(host, known(row["program"]), row["command"], parent, system, t)
    for index, command in enumerate(entry.get("svchosts", ())):
        session = host.services[
            "system" if index % 2 == 0 or index == 1 else "network" if index == 3 else "local"
        ]
        host.svchosts.append(birth(host, known("svchost"), command, host.system["services"], session, t))


class Front:
    """Hears people come and go."""

    def __init__(self, estate: Estate, telemetry: Telemetry) -> None:
        self._estate, self._telemetry = estate, telemetry

    def arrive(self, host: Host, t: int, rng: Random) -> None:
        """The owner signs on, the controller is asked, the profile starts its programs."""
        person = host.owner
        assert person is not None
        session = Session(person.account, rng.randrange(1 << 17, 1 << 28), 11 if host.laptop else 2)
        host.session = session
        controller, files = self._estate.one("dc"), self._estate.one("files")
        for service, delay in (("krbtgt", 0), (f"{host.name}$", 40_000), ("KTR-FS01$", 9_000_000)):
            self._telemetry.ticket(t - 300_000 + delay, controller, person.account, host.address, service)
        self._telemetry.logged_on(t, host, session, "Negotiate")
        away = Session(
            person.account, rng.randrange(1 << 17, 1 << 28), 3, source=host.address, source_host=host.name
        )
        self._telemetry.logged_on(t + 9_100_000, files, away, "Kerberos")
        self._telemetry.shared(t + 9_150_000, files, away, _SHARES[int(rng.random() * 2)])
        self._telemetry.logged_off(t + 1_500_000_000, files, away)
        self._profile(host, session, t + 800_000, person.role, rng)

    def _profile(self, host: Host, session: Session, t: int, role: str, rng: Random) -> None:
        winlogon = host.system["winlogon"]
        userinit = self._begin(host, session, t, "userinit", "C:\\Windows\\system32\\userinit.exe", winlogon)
        explorer = self._begin(host, session, t + 400_000, "explorer", "C:\\Windows\\Explorer.EXE", userinit)
        self._telemetry.ended(t + 30_000_000, userinit)
        session.processes["explorer"] = explorer
        for entry in toml("estate.toml")["autostart"]:
            if "every" in entry["roles"] or role in entry["roles"]:
                for row in entry["programs"]:
                    t += int((0.5 + rng.random() * 4) * 1_000_000)
                    command = row["command"].replace("{user}", session.account.name)
                    session.processes[row["program"]] = self._begin(
                        host, session, t, row["program"], command, explorer
                    )

    def _begin(
        self, host: Host, session: Session, t: int, name: str, command: str, parent: Process
    ) -> Process:
        process = birth(host, known(name, session.account.name), command, parent, session, t)
        self._telemetry.started(t, process)
        return process

    def leave(self, host: Host, t: int) -> None:
        """The session ends, and with it all its processes."""
        session = host.session
        if session is None:
            return
        for number, process in enumerate(reversed(session.processes.values())):
            self._telemetry.ended(t + number * 200_000, process)
        self._telemetry.logged_off(t + 3_000_000, host, session)
        host.session = None

    def jump(self, host: Host, begin: int, shifts: dict[int, Shift | None]) -> None:
        """Administrators work on the jump host by remote desktop in the middle of their day."""
        if host.role != "jump":
            return
        seat = self._estate.seats("admin")[0]
        shift = shifts.get(seat.index)
        there = shift is not None and shift.begins + HOUR <= begin < shift.ends - HOUR
        if there and host.session is None:
            self._remote(host, seat, begin + 90_000_000)
        elif not there and host.session is not None:
            self.leave(host, begin + 45_000_000)

    def _remote(self, host: Host, seat: Host, t: int) -> None:
        account: Account = next(iter(self._estate.admins.values()))
        session = Session(account, 0x10000 + t % 0xFFFFFFF, 10, 2, seat.address, seat.name)
        host.session = session
        self._telemetry.ticket(t - 200_000, self._estate.one("dc"), account, seat.address, "krbtgt")
        self._telemetry.logged_on(t, host, session, "Negotiate")
        explorer = self._begin(
            host, session, t + 2_000_000, "explorer", "C:\\Windows\\Explorer.EXE", host.system["winlogon"]
        )
        session.processes["explorer"] = explorer

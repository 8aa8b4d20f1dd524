"""The intrusion: a variant's steps on the victim's working days, and implants that call home meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from sakimori.errors import UsageError
from sakimori.scenario.acts import acts
from sakimori.scenario.data import toml
from sakimori.scenario.estate import Estate
from sakimori.scenario.internet import kept_address
from sakimori.scenario.rhythm import Shift, shifts, weekday
from sakimori.scenario.scene import Act, Scene
from sakimori.scenario.telemetry import Telemetry
from sakimori.scenario.timing import timing
from sakimori.scenario.truth import Truth
from sakimori.scenario.world import Host, Process, Session, Site

_BEGINS_AT = 0.2  # the share of the scenario that is quiet before the way in
_FOOTHOLD_HOSTS = ("build", "signing", "dc")


def variants() -> tuple[str, ...]:
    """The names of all ways in."""
    return tuple(entry["name"] for entry in toml("attacks.toml")["variant"])


@dataclass(frozen=True, slots=True)
class Planned:
    """A step with its moment."""

    t: int
    entry: dict[str, Any]
    does: tuple[Act, ...]
    tag: int


@dataclass(slots=True, eq=False)
class Beacon:
    """A process that calls home: `due` is the next time, `every` the rest between in seconds."""

    host: Host
    does: tuple[Act, ...]
    every: float
    jitter: float
    due: int
    tag: int
    session: Session | None = None


class Attack:
    """`stretch` lets the part of the intrusion happen that falls between two moments."""

    def __init__(
        self,
        estate: Estate,
        telemetry: Telemetry,
        truth: Truth,
        seed: int,
        first: int,
        days: int,
        variant: str | None,
    ) -> None:
        if variant is not None and variant not in variants():
            raise UsageError(f"variant {variant!r} is unknown: choose one of {', '.join(variants())}")
        self._estate, self._telemetry, self._truth = estate, telemetry, truth
        self._rng = rng = Random(f"attack/{seed}")
        self.variant = variant or variants()[seed % len(variants())]
        chosen = next(entry for entry in toml("attacks.toml")["variant"] if entry["name"] == self.variant)
        victim, shifts_of = self._victim(chosen["victims"], seed, first, days)
        self._hosts = {"victim": victim, **{role: estate.one(role) for role in _FOOTHOLD_HOSTS}}
        self._bound = self._words(rng)
        self._sites = self._network(rng)
        self._sessions = self._stolen(rng)
        self._named: dict[int, dict[str, Process]] = {host.index: {} for host in self._hosts.values()}
        parts = [rng.choice(part) if isinstance(part, list) else part for part in chosen["parts"]]
        self._plan = self._place(parts, shifts_of)
        self._beacons: list[Beacon] = []
        self._persists = False
        truth.incident = {
            "variant": self.variant,
            "published_basis": chosen["published"],
            "victim": victim.name,
            "account": self._stolen_name(),
            "path": [self._hosts[role].name for role in ("victim", "build", "signing")],
            "parts": parts,
            "names": {key: site.name for key, site in sorted(self._sites.items())},
            "addresses": {key: list(site.addresses) for key, site in sorted(self._sites.items())},
        }

    def _victim(self, roles: list[str], seed: int, first: int, days: int) -> tuple[Host, list[Shift]]:
        """Someone at work on the first day of the intrusion, and that person's working days from then on."""
        seats = self._estate.seats(*roles) or [host for host in self._estate.hosts if host.owner]
        order = self._rng.sample(seats, len(seats))
        late = range(first + int(days * _BEGINS_AT), first + days)
        for day in sorted(late, key=lambda d: (weekday(d) >= 5, d)) or range(first, first + days):
            present = shifts(self._estate.hosts, seed, day)
            for host in order:
                if present.get(host.index):
                    rest = (shifts(self._estate.hosts, seed, d)[host.index] for d in range(day, first + days))
                    return host, [shift for shift in rest if shift]
        raise UsageError("nobody who could be the first victim works on these days: give more days or hosts")

    def _words(self, rng: Random) -> dict[str, str]:
        bound = {
            key: value
            for pick in toml("attacks.toml")["pick"]
            for key, value in rng.choice(pick["rows"]).items()
        }
        names = {role: host.name for role, host in self._hosts.items() if role != "victim"}
        return {**bound, **names, "stolen": self._stolen_name()}

    def _stolen_name(self) -> str:
        return next(iter(self._estate.admins.values())).name

    def _network(self, rng: Random) -> dict[str, Site]:
        web = {
            key: Site(self._bound[f"{key}_site"], (kept_address(rng),))
            for key in ("c2b", "exfil", "lure", "product")
        }
        plain = Site(self._bound["c2_site"], (kept_address(rng),), 80, "http")
        return {**web, "c2": plain}

    def _stolen(self, rng: Random) -> dict[str, Session]:
        account = next(iter(self._estate.admins.values()))
        return {role: Session(account, rng.randrange(1 << 20, 1 << 28), 3, 0) for role in _FOOTHOLD_HOSTS}

    def _place(self, parts: list[str], days: list[Shift]) -> list[Planned]:
        entries = [step for part in parts for step in toml("attacks.toml")["part"][part]["steps"]]
        when = timing(self._rng, sorted({step["day"] for step in entries}), len(days))
        planned = []
        for step in entries:
            t = when.moment(days, step["day"], step["at"])
            tag = self._truth.step(
                step["stage"], tuple(step["techniques"]), self._hosts[step["host"]].name, step["says"]
            )
            planned.append(Planned(t, step, acts(step["do"], self._bound), tag))
        return sorted(planned, key=lambda step: (step.t, step.tag))

    def stretch(self, begin: int, end: int) -> None:
        """What falls between the two moments."""
        while self._plan and self._plan[0].t < end:
            self._do(self._plan.pop(0))
        for beacon in self._beacons:
            self._call(beacon, begin, end)

    def _scene(self, host: Host, session: Session, t: int) -> Scene:
        return Scene(
            self._telemetry,
            self._estate,
            self._rng,
            host,
            session,
            t,
            named=self._named[host.index],
            sites=self._sites,
            hosts=self._hosts,
            accounts={"stolen": self._sessions["build"].account},
        )

    def _do(self, step: Planned) -> None:
        role = step.entry["host"]
        host = self._hosts[role]
        session = host.session or host.services["system"] if role == "victim" else self._sessions[role]
        scene = self._scene(host, session, step.t)
        self._telemetry.tag = step.tag
        for act in step.does:
            act(scene)
        self._telemetry.tag = 0
        self._mark(step, host, session, scene.t)

    def _mark(self, step: Planned, host: Host, session: Session, t: int) -> None:
        """What a step leaves running, or ends."""
        entry = step.entry
        if entry.get("implant"):
            self._beacons.append(self._beacon(host, "implant", t, session))
        if entry.get("persists"):
            self._persists = True
        if entry.get("stays"):
            self._beacons.append(self._beacon(host, "second", t, None))
        if entry.get("ends"):
            self._beacons.clear()

    def _beacon(self, host: Host, name: str, t: int, session: Session | None) -> Beacon:
        says = f"The implant on {host.name} calls home"
        tag = self._truth.step("command-and-control", ("T1071.001",), host.name, says)
        data = toml("attacks.toml")["beacon"][name]
        every, jitter = self._rng.choice(data["every"]), self._rng.choice(data["jitter"])
        does = acts(data["do"], self._bound)
        return Beacon(host, does, every, jitter, t + int(every * 1_000_000), tag, session)

    def _call(self, beacon: Beacon, begin: int, end: int) -> None:
        if (
            beacon.session is not None
            and beacon.session is not beacon.host.session
            and not self._again(beacon, begin)
        ):
            return
        while beacon.due < end:
            if beacon.due >= begin:
                session = beacon.session or beacon.host.services["system"]
                self._telemetry.tag = beacon.tag
                for act in beacon.does:
                    act(self._scene(beacon.host, session, beacon.due))
                self._telemetry.tag = 0
            beacon.due += int(beacon.every * (1 + beacon.jitter * (2 * self._rng.random() - 1)) * 1_000_000)

    def _again(self, beacon: Beacon, begin: int) -> bool:
        """The implant of a new session: its task starts it again some minutes after the owner signs on."""
        host = beacon.host
        if host.session is None or (not self._persists and beacon.session is None):
            return False
        beacon.session = host.session
        says = "The scheduled task starts the implant again after the owner signs on"
        tag = self._truth.step("persistence", ("T1053.005", "T1574.001"), host.name, says)
        self._telemetry.tag = tag
        scene = self._scene(
            host, host.session, max(begin, host.session.processes["explorer"].began) + 150_000_000
        )
        for act in acts(toml("attacks.toml")["again"]["do"], self._bound):
            act(scene)
        self._telemetry.tag = 0
        beacon.due = max(beacon.due, scene.t + 20_000_000)
        return True

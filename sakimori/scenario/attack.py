"""The intrusion: the steps of a plot on the victim's working days, and implants that call home meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from sakimori.scenario.acts import acts
from sakimori.scenario.cloud import Story
from sakimori.scenario.data import toml
from sakimori.scenario.estate import Estate
from sakimori.scenario.plot import Plot
from sakimori.scenario.scene import MICROS, Act, Scene
from sakimori.scenario.telemetry import Telemetry
from sakimori.scenario.timing import timing
from sakimori.scenario.truth import Truth
from sakimori.scenario.world import Host, Process, Session

_AFTER_SIGN_ON = 150 * MICROS


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
        plot: Plot,
        estate: Estate,
        telemetry: Telemetry,
        truth: Truth,
        rng: Random,
        story: Story | None = None,
    ) -> None:
        self._story = story
        self._plot, self._estate, self._telemetry, self._truth, self._rng = (
            plot,
            estate,
            telemetry,
            truth,
            rng,
        )
        self._sessions = {
            role: Session(plot.stolen, rng.randrange(1 << 20, 1 << 28), 3, 0)
            for role in plot.hosts
            if role != "victim"
        }
        self._named: dict[int, dict[str, Process]] = {host.index: {} for host in plot.hosts.values()}
        self._plan = self._place()
        self._beacons: list[Beacon] = []
        self._wakes = ""  # what starts the implant again in a new session
        truth.incident = plot.told()

    def _place(self) -> list[Planned]:
        plot = self._plot
        when = timing(self._rng, sorted({step["day"] for step in plot.steps}), len(plot.days))
        planned = []
        for step in plot.steps:
            t, role = when.moment(plot.days, step["day"], step["at"]), step["host"]
            tag = self._truth.step(step["stage"], tuple(step["techniques"]), plot.where(role), step["says"])
            does = acts(step["do"], plot.words) if role in plot.hosts else ()
            planned.append(Planned(t, step, does, tag))
        return sorted(planned, key=lambda step: (step.t, step.tag))

    def stretch(self, begin: int, end: int) -> None:
        """What falls between the two moments."""
        while self._plan and self._plan[0].t < end:
            self._do(self._plan.pop(0))
        for beacon in self._beacons:
            self._call(beacon, begin, end)

    def _play(self, host: Host, session: Session, t: int, does: tuple[Act, ...], tag: int) -> int:
        """Let acts happen as a step of the truth; when they are over."""
        scene = Scene(
            self._telemetry,
            self._estate,
            self._rng,
            host,
            session,
            t,
            named=self._named[host.index],
            sites=self._plot.sites,
            hosts=self._plot.hosts,
            accounts={"stolen": self._plot.stolen},
        )
        self._telemetry.tag = tag
        for act in does:
            act(scene)
        self._telemetry.tag = 0
        return scene.t

    def _do(self, step: Planned) -> None:
        role = step.entry["host"]
        if role not in self._plot.hosts:
            if self._story:
                self._story.play(step.entry["do"], step.t, step.tag, self._rng)
            return
        host = self._plot.hosts[role]
        session = host.session or host.services["system"] if role == "victim" else self._sessions[role]
        t = self._play(host, session, step.t, step.does, step.tag)
        if step.entry.get("implant"):
            self._beacons.append(self._beacon(host, "implant", t, session))
        if step.entry.get("stays"):
            self._beacons.append(self._beacon(host, "second", t, None))
        self._wakes = step.entry.get("again", self._wakes)
        if step.entry.get("ends"):
            self._beacons.clear()

    def _beacon(self, host: Host, name: str, t: int, session: Session | None) -> Beacon:
        says = f"The implant on {host.name} calls home"
        tag = self._truth.step("command-and-control", ("T1071.001",), host.name, says)
        data = toml("attacks.toml")["beacon"][name]
        every, jitter = self._rng.choice(data["every"]), self._rng.choice(data["jitter"])
        does = acts(data["do"], self._plot.words)
        return Beacon(host, does, every, jitter, t + every * MICROS, tag, session)

    def _call(self, beacon: Beacon, begin: int, end: int) -> None:
        """Call home as often as is due; an implant of a session rests while nobody has signed on."""
        lost = beacon.session is not None and beacon.session is not beacon.host.session
        if lost and not self._again(beacon, begin):
            return
        while beacon.due < end:
            if beacon.due >= begin:
                session = beacon.session or beacon.host.services["system"]
                self._play(beacon.host, session, beacon.due, beacon.does, beacon.tag)
            beacon.due += int(beacon.every * (1 + beacon.jitter * (2 * self._rng.random() - 1)) * MICROS)

    def _again(self, beacon: Beacon, begin: int) -> bool:
        """Whether the implant is started again, some minutes after the owner has signed on."""
        host = beacon.host
        if host.session is None or not self._wakes:
            return False
        beacon.session = host.session
        data = toml("attacks.toml")["again"][self._wakes]
        tag = self._truth.step("persistence", tuple(data["techniques"]), host.name, data["says"])
        t = max(begin, host.session.processes["explorer"].began) + _AFTER_SIGN_ON
        does = acts(data["do"], self._plot.words)
        beacon.due = max(beacon.due, self._play(host, host.session, t, does, tag) + 20 * MICROS)
        return True

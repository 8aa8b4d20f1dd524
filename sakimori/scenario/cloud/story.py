"""A day in the cloud of Kitaura Exchange: what people and robots do, and what the intruder does as them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sakimori.scenario.cloud.event import Event
from sakimori.scenario.cloud.logs import Logs
from sakimori.scenario.cloud.people import BEYOND, Device, Place, Seat, Worker, identity, workers
from sakimori.scenario.cloud.slots import Slots
from sakimori.scenario.data import toml
from sakimori.scenario.estate import Estate
from sakimori.scenario.journal import DAY
from sakimori.scenario.rhythm import Shift, shift, shifts, weekday
from sakimori.scenario.truth import Truth
from sakimori.scenario.world import Account, Host, Person

MICROS = 1_000_000
MACS = 2  # developers whose Macs were collected
_ORDINARY_RATE = 300
_NO_WORDS = frozenset({"log", "at", "wait", "repeat", "when"})
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Habit:
    """Something people of some roles do again and again; `tag` is not 0 for a benign twin."""

    entries: tuple[Entry, ...]
    per_day: float
    when: str
    tag: int


class Story:
    """`day` lets a UTC day happen, `play` a step of the intrusion; both speak to the same logs."""

    def __init__(
        self, root: Path, truth: Truth, estate: Estate, seed: int, people: int, rate: int, compress: str
    ) -> None:
        self._estate, self._seed, self._truth = estate, seed, truth
        self.staff = workers(estate, seed, people)
        self.macs = [worker for worker in self.staff if worker.host.index >= BEYOND][:MACS]
        self._robots = [_robot(entry) for entry in toml("cloud.toml")["robot"]]
        self._logs = Logs(root, truth.witness, compress, self.macs)
        self._habits = _habits(truth, min(2.0, rate / _ORDINARY_RATE))
        self._first: int | None = None
        self.bound: dict[str, str] = {}
        self.seats: dict[str, tuple[Worker, Seat]] = {}  # the intruder's

    @property
    def records(self) -> int:
        """Records written so far."""
        return self._logs.records

    def shift(self, worker: Worker, day: int) -> Shift | None:
        """The worker's working day; the same as on the Windows machine, where there is one."""
        if worker.host.index < BEYOND:
            return shifts(self._estate.hosts, self._seed, day)[worker.host.index]
        return shift(Random(f"shift/{self._seed}/{day}/{worker.host.index}"), worker.host, day)

    def seat(self, worker: Worker, day: int, at: str = "desk") -> Seat:
        """Where the worker is that day, with the desk's machine or the telephone."""
        if at == "phone":
            return Seat(worker.mobile, worker.phone, identity("session", worker.upn, "phone"))
        return Seat(self._place(worker, day), worker.desk, worker.session(day))

    def _place(self, worker: Worker, day: int) -> Place:
        if worker.away and day - (self._first or day) in worker.away_days:
            return worker.away
        home = weekday(day) >= 5 or weekday(day) in worker.home_days
        return worker.home if home else Place(**toml("cloud.toml")["places"]["office"], trusted=True)

    # ordinary life

    def day(self, day: int) -> None:
        """Everything ordinary of a UTC day."""
        self._first = day if self._first is None else self._first
        windows = shifts(self._estate.hosts, self._seed, day)
        for worker in self.staff:
            rng = Random(f"cloud/{self._seed}/{day}/{worker.upn}")
            own = worker.host.index < BEYOND
            present = windows[worker.host.index] if own else self.shift(worker, day)
            if present:
                self._live(worker, day, present, rng)
        for robot in self._robots:
            rng = Random(f"cloud/{self._seed}/{day}/{robot.role}")
            self._live(robot, day, Shift(day * DAY, (day + 1) * DAY), rng)

    def _live(self, worker: Worker, day: int, present: Shift, rng: Random) -> None:
        roles = [worker.role, *(("every",) if present.ends - present.begins < DAY else ())]
        roles += ["mac"] if worker in self.macs else []
        due = [
            (_moment(rng, present, habit.when), order, habit)
            for order, habit in enumerate(habit for role in roles for habit in self._habits.get(role, ()))
            for _ in range(_often(rng, habit.per_day))
        ]
        for t, _, habit in sorted(due, key=lambda one: one[:2]):
            self._do(worker, day, t, habit, rng)

    def _do(self, worker: Worker, day: int, t: int, habit: Habit, rng: Random) -> None:
        slots, tag = Slots(rng, worker, self.staff, {}), habit.tag or self._looks(worker, day)
        for entry in habit.entries:
            seat = self.seat(worker, day, entry.get("at", "desk"))
            t = self._entry(worker, seat, t, entry, slots, tag, rng)

    def _looks(self, worker: Worker, day: int) -> int:
        """The tag of a person whose ordinary life looks like something else."""
        away = worker.away and day - (self._first or day) in worker.away_days
        name = "travelling-salesperson" if away else worker.twin
        return self._truth.twin(name) if name else 0

    def _entry(
        self, who: Worker, seat: Seat, t: int, entry: Entry, slots: Slots, tag: int, rng: Random
    ) -> int:
        """The records of one entry; when the last one happened."""
        if rng.random() >= entry.get("when", 1):
            return t
        low, high = entry.get("repeat", (1, 1))
        for number in range(low + int(rng.random() * (high - low + 1))):
            t += int(rng.random() * entry.get("wait", 0.5) * MICROS) + 1000
            slots.number = number
            said = {
                key: text if "{" not in text or text[:2] == '{"' else text.format_map(slots)
                for key, text in entry.items()
                if key not in _NO_WORDS
            }
            self._logs.add(entry["log"], Event(t, who, seat, said, rng), tag)
        return t

    # the intrusion

    def play(self, entries: list[dict[str, Any]], t: int, tag: int, rng: Random) -> None:
        """A step of the intrusion; records without `at` of the intruder's are the victim's own."""
        victim, _ = self.seats["own"]
        slots = Slots(rng, victim, self.staff, self.bound)
        for entry in entries:
            at = entry.get("at", "desk")
            who, seat = self.seats.get(at) or (victim, self.seat(victim, t // DAY, at))
            tool = {"agent": toml("cloud.toml")["aws"]["intruder_agent"]} if at == "key" else {}
            t = self._entry(who, seat, t, {**tool, **entry}, slots, tag, rng)

    def flush(self, until: int) -> None:
        """Write all that happened before `until`."""
        if until % DAY == 0:
            self._logs.flush(until)

    def close(self) -> None:
        """Close all files."""
        self._logs.close()


def _habits(truth: Truth, scale: float) -> dict[str, list[Habit]]:
    found: dict[str, list[Habit]] = {}
    for entry in toml("cloud.toml")["habit"]:
        tag = truth.twin(entry["twin"]) if "twin" in entry else 0
        once = entry.get("when") == "start"
        per_day = entry["per_day"] * (1.0 if once else scale)
        habit = Habit(tuple(entry["do"]), per_day, entry.get("when", "shift"), tag)
        for role in entry["roles"]:
            found.setdefault(role, []).append(habit)
    return found


def _often(rng: Random, per_day: float) -> int:
    return int(per_day * (0.6 + 0.8 * rng.random()) + rng.random())


def _moment(rng: Random, present: Shift, when: str) -> int:
    length = present.ends - present.begins
    share = 0.01 * rng.random() if when == "start" else 0.02 + 0.9 * rng.random()
    return present.begins + int(share * length)


def _robot(entry: dict[str, str]) -> Worker:
    data = toml("cloud.toml")
    place, said = Place(**data["places"]["robots"]), data["device"]["robot"]
    device = Device("", "", said["system"], said["browser"], said["agent"], False)
    person = Person(entry["login"], "", Account(entry["login"], ""), entry["role"])
    host = Host(9000, entry["login"], "", "robot")
    return Worker(host, person, place, place, device, device, frozenset(range(7)), entry["github"])

"""A day in the cloud of Kitaura Exchange: what people and robots do, and what the intruder does as them."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

from sakimori.scenario.cloud.event import Event
from sakimori.scenario.cloud.habits import Entry, Habit, habits, moment_of, often, robot
from sakimori.scenario.cloud.logs import Logs
from sakimori.scenario.cloud.people import BEYOND, Seat, Worker, identity, workers
from sakimori.scenario.cloud.places import Place, somewhere
from sakimori.scenario.cloud.slots import Slots
from sakimori.scenario.data import toml
from sakimori.scenario.estate import Estate
from sakimori.scenario.journal import DAY
from sakimori.scenario.rhythm import Shift, shift, shifts, weekday
from sakimori.scenario.truth import Truth

MICROS = 1_000_000
MACS = 2  # developers whose Macs were collected
_NO_WORDS = frozenset({"log", "at", "wait", "repeat", "when"})


class Story:
    """`day` lets a UTC day happen, `play` a step of the intrusion; both speak to the same logs."""

    def __init__(
        self, root: Path, truth: Truth, estate: Estate, seed: int, people: int, rate: int, compress: str
    ) -> None:
        self._estate, self._seed, self._truth = estate, seed, truth
        self.staff = workers(estate, seed, people)
        self.macs = [worker for worker in self.staff if worker.host.index >= BEYOND][:MACS]
        self._robots = [robot(entry) for entry in toml("cloud.toml")["robot"]]
        self._logs = Logs(root, truth.witness, compress, self.macs)
        self._habits = habits(truth, rate)
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
        place = _office() if at == "office" else self._place(worker, day)
        return Seat(place, worker.desk, worker.session(day))

    def _place(self, worker: Worker, day: int) -> Place:
        if worker.away and day - (self._first or day) in worker.away_days:
            return worker.away
        home = weekday(day) >= 5 or weekday(day) in worker.home_days
        return worker.home if home else _office()

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
        for one in self._robots:
            rng = Random(f"cloud/{self._seed}/{day}/{one.role}")
            self._live(one, day, Shift(day * DAY, (day + 1) * DAY), rng)

    def _live(self, worker: Worker, day: int, present: Shift, rng: Random) -> None:
        roles = [worker.role, *(("every",) if present.ends - present.begins < DAY else ())]
        roles += ["mac"] if worker in self.macs else []
        due = [
            (moment_of(rng, present, habit.when), order, habit)
            for order, habit in enumerate(habit for role in roles for habit in self._habits.get(role, ()))
            for _ in range(often(rng, habit.per_day))
        ]
        for t, _, habit in sorted(due, key=lambda one: one[:2]):
            self._do(worker, day, t, habit, rng)

    def _do(self, worker: Worker, day: int, t: int, habit: Habit, rng: Random) -> None:
        slots, tag = Slots(rng, worker, self.staff, {}), habit.tag or self._looks(worker, day)
        stranger = self._stranger(rng)
        for entry in habit.entries:
            at = entry.get("at", "desk")
            who, seat = stranger if at == "stranger" else (worker, self.seat(worker, day, at))
            if entry["log"] == "vpn" and seat.place.trusted:
                continue  # nobody dials in from the office
            t = self._entry(who, seat, t, entry, slots, tag, rng)

    def _stranger(self, rng: Random) -> tuple[Worker, Seat]:
        """Somebody in the world who tries the name of a member of staff."""
        who = self.staff[int(rng.random() * len(self.staff))]
        return who, Seat(somewhere(rng), self._robots[0].desk, "")

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


def _office() -> Place:
    return Place(**toml("cloud.toml")["places"]["office"], trusted=True)

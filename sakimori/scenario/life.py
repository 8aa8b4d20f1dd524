"""Ordinary life, ten minutes at a time: who comes and goes, what people and machines do meanwhile."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

from sakimori.scenario.acts import acts
from sakimori.scenario.data import toml
from sakimori.scenario.estate import Estate
from sakimori.scenario.journal import DAY
from sakimori.scenario.rhythm import HOUR, JST, Shift, shifts, weekday
from sakimori.scenario.scene import Act, Scene
from sakimori.scenario.signon import Front
from sakimori.scenario.telemetry import Telemetry
from sakimori.scenario.world import Host

SLICE = 600_000_000
_PER_DAY = DAY // SLICE
# A server's share of the rate of a seat on a working day.
_SERVERS = {"dc": 2.2, "files": 1.5, "build": 1.0, "signing": 0.9, "jump": 0.5}
_AT_WORK, _IDLE, _SEAT_DAY = 1.0, 0.06, 60.0
_PERSONAL = 0.68  # how much of what happens at a manned seat the person does

Label = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Habit:
    """Something that happens again and again; `tag` is not 0 for a benign twin."""

    name: str
    acts: tuple[Act, ...]
    tag: int


class Table:
    """Habits by weight."""

    def __init__(self, entries: list[tuple[Habit, float]]) -> None:
        self._habits = [habit for habit, _ in entries]
        self._sums = list(accumulate(weight for _, weight in entries))

    def pick(self, draw: float) -> Habit:
        """The habit for a draw from [0, 1)."""
        return self._habits[bisect_right(self._sums, draw * self._sums[-1])]


def tables(label: Label) -> dict[str, Table]:
    """The habits of every table of the data; `label` gives the tag of a benign twin."""
    found: dict[str, list[tuple[Habit, float]]] = {}
    for entry in toml("habits.toml")["habit"]:
        tag = label(entry["twin"]) if "twin" in entry else 0
        habit = Habit(entry["name"], acts(entry["do"]), tag)
        for table in entry["in"]:
            found.setdefault(table, []).append((habit, float(entry["weight"])))
    seats = {
        role: found[role] + found["seat"]
        for role in ("office", "trading", "people", "developer", "admin", "helpdesk")
    }
    return {name: Table(entries) for name, entries in {**found, **seats}.items()}


class Life:
    """`day` opens a UTC day; `stretch` lets ten minutes happen on all hosts."""

    def __init__(self, estate: Estate, telemetry: Telemetry, seed: int, rate: int, label: Label) -> None:
        self.estate, self.telemetry, self.seed, self.rate = estate, telemetry, seed, rate
        self._tables = tables(label)
        self._twins = [
            (entry, acts(entry["do"]), label(entry["name"])) for entry in toml("twins.toml")["twin"]
        ]
        self._front = Front(estate, telemetry)
        self._rng = Random()
        self._shifts: dict[int, Shift | None] = {}
        self._due: list[tuple[int, Host, tuple[Act, ...], int]] = []

    def day(self, day: int) -> None:
        """Draw the working days of all people, and what is planned for today."""
        self._rng = rng = Random(f"life/{self.seed}/{day}")
        self._shifts = shifts(self.estate.hosts, self.seed, day)
        self._due = [
            due for entry, does, tag in self._twins for due in self._plan(rng, day, entry, does, tag)
        ]
        self._due.sort(key=lambda due: (due[0], due[1].index))

    def _plan(
        self, rng: Random, day: int, entry: dict[str, Any], does: tuple[Act, ...], tag: int
    ) -> list[tuple[int, Host, tuple[Act, ...], int]]:
        phase = sum(entry["name"].encode()) % entry["every"]
        late = "hour" in entry
        if day % entry["every"] != phase or (weekday(day) >= 5 and not late):
            return []
        hour = entry.get("hour", 10 + rng.random() * 6)
        t = day * DAY + int((hour * HOUR - JST) % DAY)
        seats = self.estate.seats(entry["who"]) or [
            host for host in self.estate.hosts if host.role == entry["who"]
        ]
        return [(t + int(rng.random() * HOUR / 2), rng.choice(seats), does, tag)]

    def stretch(self, begin: int) -> None:
        """Everything that starts between `begin` and ten minutes later."""
        office = 1.0 + 0.8 * (1 <= begin % DAY // HOUR < 9) * (weekday(begin // DAY) < 5)
        for host in self.estate.hosts:
            if host.owner:
                self._seat(host, begin)
            else:
                self._front.jump(host, begin, self._shifts)
                self._spend(
                    host, begin, self.rate * _SERVERS.get(host.role, 0.7) * office / _PER_DAY / 1.27, 0.0
                )
        while self._due and self._due[0][0] < begin + SLICE:
            t, host, does, tag = self._due.pop(0)
            self._perform(host, t, does, tag)

    def _seat(self, host: Host, begin: int) -> None:
        shift = self._shifts[host.index]
        busy = 0.0
        if shift:
            busy = shift.busy(begin)
            if begin <= shift.begins < begin + SLICE:
                self._front.arrive(host, shift.begins, self._rng)
            elif begin <= shift.ends < begin + SLICE:
                self._front.leave(host, shift.ends)
        if not host.session:
            busy = 0.0
        if busy or not host.laptop:
            self._spend(
                host, begin, self.rate * (busy * _AT_WORK + _IDLE) / _SEAT_DAY, _PERSONAL if busy else 0.0
            )

    def _spend(self, host: Host, begin: int, events: float, personal: float) -> None:
        """Let about so many events happen on the host; what is too much now is owed later."""
        host.debt += events
        rng = self._rng
        own = self._tables[host.owner.role] if host.owner else self._tables.get(host.role)
        machine = self._tables["machine"]
        share = personal or (0.6 if own and not host.owner else 0.0)
        while host.debt > 0:
            table = own if own and rng.random() < share else machine
            habit = table.pick(rng.random())
            before = self.telemetry.count
            self._perform(host, begin + int(rng.random() * SLICE), habit.acts, habit.tag)
            host.debt -= self.telemetry.count - before + 0.01

    def _perform(self, host: Host, t: int, does: tuple[Act, ...], tag: int) -> None:
        session = host.session or host.services["system"]
        scene = Scene(self.telemetry, self.estate, self._rng, host, session, t)
        self.telemetry.tag = tag
        for act in does:
            act(scene)
        self.telemetry.tag = 0

"""What people and robots do again and again in the cloud, from `cloud.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from sakimori.scenario.cloud.people import Device, Worker
from sakimori.scenario.cloud.places import Place
from sakimori.scenario.data import toml
from sakimori.scenario.rhythm import Shift
from sakimori.scenario.truth import Truth
from sakimori.scenario.world import Account, Host, Person

_ORDINARY_RATE = 300
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Habit:
    """Something people of some roles do again and again; `tag` is not 0 for a benign twin."""

    entries: tuple[Entry, ...]
    per_day: float
    when: str
    tag: int


def habits(truth: Truth, rate: int) -> dict[str, list[Habit]]:
    """The habits of each role; a scenario's rate makes them more or less often."""
    scale = min(2.0, rate / _ORDINARY_RATE)
    found: dict[str, list[Habit]] = {}
    for entry in toml("cloud.toml")["habit"]:
        tag = truth.twin(entry["twin"]) if "twin" in entry else 0
        once = entry.get("when") == "start"
        per_day = entry["per_day"] * (1.0 if once else scale)
        habit = Habit(tuple(entry["do"]), per_day, entry.get("when", "shift"), tag)
        for role in entry["roles"]:
            found.setdefault(role, []).append(habit)
    return found


def often(rng: Random, per_day: float) -> int:
    """How many times today."""
    return int(per_day * (0.6 + 0.8 * rng.random()) + rng.random())


def moment_of(rng: Random, present: Shift, when: str) -> int:
    """A moment of the working day, or of its beginning."""
    length = present.ends - present.begins
    share = 0.01 * rng.random() if when == "start" else 0.02 + 0.9 * rng.random()
    return present.begins + int(share * length)


def robot(entry: dict[str, str]) -> Worker:
    """Something without hands that works around the clock from one address."""
    data = toml("cloud.toml")
    place, said = Place(**data["places"]["robots"]), data["device"]["robot"]
    device = Device("", "", said["system"], said["browser"], said["agent"], False)
    person = Person(entry["login"], "", Account(entry["login"], ""), entry["role"])
    host = Host(9000, entry["login"], "", "robot")
    return Worker(host, person, place, place, device, device, frozenset(range(7)), entry["github"])

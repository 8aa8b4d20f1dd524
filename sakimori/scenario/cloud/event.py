"""Something somebody did in a service: who, from where, and the words the service would have for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from sakimori.scenario.cloud.people import Seat, Worker
from sakimori.scenario.journal import moment
from sakimori.scenario.world import MARK

TENANT = "7c1e0f5a-6f3b-4d0a-9d55-0b1f6c2a9e10"


@dataclass(frozen=True, slots=True)
class Event:
    """`said` are the words of the entry of data it comes from, filled."""

    t: int
    who: Worker
    seat: Seat
    said: Mapping[str, str]
    rng: Random

    def get(self, key: str, default: str = "") -> str:
        """A word, or what it is where the entry says nothing."""
        return self.said.get(key, default)

    def listed(self, key: str) -> list[str]:
        """A word that is a list, separated by bars."""
        text = self.said.get(key, "")
        return [part.strip() for part in text.split("|")] if text else []

    def pairs(self, key: str) -> list[tuple[str, str]]:
        """A word that is a list of `name=value`, separated by bars."""
        return [(name, value) for name, _, value in (part.partition("=") for part in self.listed(key))]

    def guid(self) -> str:
        """A new GUID."""
        text = f"{self.rng.getrandbits(128):032x}"
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"

    def hex(self, digits: int) -> str:
        """So many random hexadecimal digits."""
        return f"{self.rng.getrandbits(4 * digits):0{digits}x}"


def iso(t: int, digits: int = 0) -> str:
    """2026-03-02T09:12:00Z, with so many digits after the point; the seventh is always 0."""
    text = moment(t, "T", 6)
    return (f"{text}0"[: 20 + digits] if digits else text[:19]) + "Z"


def line(record: Mapping[str, Any]) -> str:
    """The record as one line of JSON."""
    return json.dumps(record, separators=(",", ":")) + "\n"


def marked(record: dict[str, Any]) -> str:
    """The record with the mark of synthetic evidence, as one line of JSON."""
    record["synthetic"] = MARK
    return line(record)

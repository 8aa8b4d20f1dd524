"""Where people of the firm sign in from: the office, homes, telephone companies, hotels, rented servers.

All addresses and provider numbers are those kept for documentation: RFC 5737, RFC 5398.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from sakimori.scenario.data import toml
from sakimori.scenario.internet import KEPT_FROM


@dataclass(frozen=True, slots=True)
class Place:
    """An address and what Microsoft would say of where it is; `asn` is one kept for documentation."""

    address: str
    city: str
    state: str
    country: str
    latitude: float
    longitude: float
    asn: int
    trusted: bool = False


class Places:
    """Draws addresses where people live, travel and walk about."""

    def __init__(self, rng: Random) -> None:
        self._rng, self._data = rng, toml("cloud.toml")["places"]
        self._mobile = [self.near(rng.choice(self._data["homes"]), 64500) for _ in range(6)]

    def near(self, town: dict[str, Any], asn: int = 0) -> Place:
        """A home's address in a town; `asn` is that of another provider than the town's."""
        rng = self._rng
        address = f"{rng.choice(self._data['nets'])}{rng.randrange(20, KEPT_FROM)}"
        return located(town, address, asn or rng.choice(town["asns"]))

    def home(self, offset: int) -> Place:
        """Where somebody lives whose working day begins so many hours after Tokyo's."""
        towns = [town for town in self._data["homes"] if town.get("offset", 0) == offset]
        return self.near(self._rng.choice(towns or self._data["homes"]))

    def mobile(self) -> Place:
        """The address of a telephone company that many customers share."""
        return self._rng.choice(self._mobile)

    def rented(self) -> Place:
        """A rented server at the provider an intruder likes too."""
        return self.near(self._data["intruder"][0], self._data["intruder"][0]["asns"][0])

    def abroad(self) -> Place:
        """A hotel."""
        return self.near(self._rng.choice(self._data["hotels"]))


def somewhere(rng: Random) -> Place:
    """A rented server anywhere."""
    data = toml("cloud.toml")["places"]
    town = rng.choice(data["intruder"])
    address = f"{rng.choice(data['nets'])}{rng.randrange(20, KEPT_FROM)}"
    return located(town, address, town["asns"][0])


def located(town: dict[str, Any], address: str, asn: int) -> Place:
    """An address in a town, of that provider."""
    said = {key: town[key] for key in ("city", "state", "country", "latitude", "longitude")}
    return Place(address=address, asn=asn, **said)

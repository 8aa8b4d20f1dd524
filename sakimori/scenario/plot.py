"""What an intrusion will be: the way in, the machines, accounts, names and parts that a seed draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sakimori.errors import UsageError
from sakimori.scenario.data import toml
from sakimori.scenario.estate import Estate
from sakimori.scenario.internet import kept_addresses
from sakimori.scenario.rhythm import Shift, shifts, weekday
from sakimori.scenario.world import Account, Host, Site

BEGINS_AT = 0.2  # the share of the scenario that is quiet before the way in
_SERVERS = ("build", "signing", "dc")
SITES = ("c2", "c2b", "exfil", "lure", "product")


def variants() -> tuple[str, ...]:
    """The names of all ways in."""
    return tuple(entry["name"] for entry in toml("attacks.toml")["variant"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """`days` are the working days of the victim from the first one on; `words` are bound in templates.

    `labels` name the services where steps happen that happen on no machine; `more` is for the truth.
    """

    variant: str
    published: tuple[str, ...]
    parts: tuple[str, ...]
    hosts: dict[str, Host]
    stolen: Account
    words: dict[str, str]
    sites: dict[str, Site]
    days: list[Shift]
    labels: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    def where(self, role: str) -> str:
        """The machine, or the service, where a step happens."""
        return self.labels.get(role) or self.hosts[role].name

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The data of all steps of the parts, without those that belong to another plot."""
        parts = {**toml("attacks.toml")["part"], **toml("cloud_attacks.toml")["part"]}
        steps = [step for part in self.parts for step in parts[part]["steps"]]
        return [step for step in steps if step.get("only") in (None, *self.parts)]

    def told(self) -> dict[str, Any]:
        """What the truth says of it."""
        sites = sorted(self.sites.items())
        return {
            "variant": self.variant,
            "published_basis": list(self.published),
            "victim": self.hosts["victim"].name,
            "account": self.stolen.name,
            "path": [self.hosts[role].name for role in ("victim", "build", "signing")],
            "parts": list(self.parts),
            "names": {key: site.name for key, site in sites},
            "addresses": {key: list(site.addresses) for key, site in sites},
            **self.more,
        }


def draw(estate: Estate, rng: Random, seed: int, span: range, variant: str | None) -> Plot:
    """The plot of a seed on the UTC days of `span`.

    Raises UsageError for an unknown variant, or where nobody who could be the victim works on those days.
    """
    if variant is not None and variant not in variants():
        raise UsageError(f"variant {variant!r} is unknown: choose one of {', '.join(variants())}")
    name = variant or variants()[seed % len(variants())]
    chosen = next(entry for entry in toml("attacks.toml")["variant"] if entry["name"] == name)
    victim, days = _victim(estate, rng, chosen["victims"], seed, span)
    hosts = {"victim": victim, **{role: estate.one(role) for role in _SERVERS}}
    stolen = next(iter(estate.admins.values()))
    words = _words(rng, hosts, stolen)
    return Plot(
        variant=name,
        published=tuple(chosen["published"]),
        parts=tuple(rng.choice(part) if isinstance(part, list) else part for part in chosen["parts"]),
        hosts=hosts,
        stolen=stolen,
        words=words,
        sites=sites(words, kept_addresses(rng, len(SITES))),
        days=days,
    )


def _victim(
    estate: Estate, rng: Random, roles: list[str], seed: int, span: range
) -> tuple[Host, list[Shift]]:
    """Someone at work on the first day of the intrusion, and that person's working days from then on."""
    seats = estate.seats(*roles) or [host for host in estate.hosts if host.owner]
    order = rng.sample(seats, len(seats))
    later = span[int(len(span) * BEGINS_AT) :]
    for day in sorted(later, key=lambda d: (weekday(d) >= 5, d)):
        present = shifts(estate.hosts, seed, day)
        for host in order:
            if present.get(host.index):
                rest = (shifts(estate.hosts, seed, d)[host.index] for d in range(day, span.stop))
                return host, [shift for shift in rest if shift]
    raise UsageError("nobody who could be the first victim works on these days: give more days or hosts")


def _words(rng: Random, hosts: dict[str, Host], stolen: Account) -> dict[str, str]:
    servers = {role: host.name for role, host in hosts.items() if role != "victim"}
    return {**picked(rng, "attacks.toml"), **servers, "stolen": stolen.name}


def picked(rng: Random, data: str) -> dict[str, str]:
    """One row of each of the data's picks, as words."""
    picks = [rng.choice(pick["rows"]) for pick in toml(data)["pick"]]
    return {key: str(value) for row in picks for key, value in row.items()}


def sites(words: dict[str, str], addresses: Sequence[str]) -> dict[str, Site]:
    """The intruder's sites on these addresses."""
    found = {
        key: Site(words[f"{key}_site"], (address,)) for key, address in zip(SITES, addresses, strict=False)
    }
    return {**found, "c2": Site(found["c2"].name, found["c2"].addresses, 80, "http")}

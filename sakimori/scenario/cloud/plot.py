"""What the intrusion of kind `cloud` will be: the developer, addresses and names that a seed draws."""

from __future__ import annotations

from random import Random
from typing import Any

from sakimori.errors import UsageError
from sakimori.scenario.cloud.people import Device, Seat, Worker, identity
from sakimori.scenario.cloud.places import located
from sakimori.scenario.cloud.story import Story
from sakimori.scenario.data import toml
from sakimori.scenario.estate import Estate
from sakimori.scenario.internet import kept_addresses
from sakimori.scenario.journal import DAY
from sakimori.scenario.plot import BEGINS_AT, SITES, Plot, picked, sites
from sakimori.scenario.rhythm import Shift, weekday
from sakimori.scenario.world import Host

VARIANT = "developer_mac"
_VPN = "10.20.61."


def draw(story: Story, estate: Estate, rng: Random, span: range) -> Plot:
    """The plot of a seed, and the intruder's seats in the story.

    Raises UsageError where neither developer whose Mac was collected works on those days.
    """
    chosen = toml("cloud_attacks.toml")["variant"][0]
    victim, days = _victim(story, rng, span)
    remote = Host(9100, f"DESKTOP-{rng.getrandbits(28):07X}", f"{_VPN}{rng.randrange(20, 200)}", "seat")
    servers = {role: estate.one(role) for role in ("build", "signing", "dc")}
    hosts = {"victim": victim.host, "remote": remote, **servers}
    stolen = next(iter(estate.admins.values()))
    words = {**picked(rng, "attacks.toml"), **picked(rng, "cloud_attacks.toml")}
    words |= {role: host.name for role, host in hosts.items() if role != "victim"} | {"stolen": stolen.name}
    addresses = kept_addresses(rng, len(SITES) + 3)
    words |= {"lure_address": addresses[-1], "tunnel": remote.address}
    administrator = next(w for w in story.staff if w.person.account.name == stolen.name.removeprefix("adm-"))
    copied = victim.session(days[0].begins // DAY)
    _seats(story, rng, victim, administrator, copied, addresses[len(SITES) :])
    story.bound = words
    return Plot(
        variant=VARIANT,
        published=tuple(chosen["published"]),
        parts=tuple(chosen["parts"]),
        hosts=hosts,
        stolen=stolen,
        words=words,
        sites=sites(words, addresses),
        days=days,
        labels={**toml("cloud_attacks.toml")["labels"], "mac": victim.host.name},
        more=_more(story, victim, words),
    )


def _victim(story: Story, rng: Random, span: range) -> tuple[Worker, list[Shift]]:
    later = span[int(len(span) * BEGINS_AT) :]
    order = rng.sample(story.macs, len(story.macs))
    for day in sorted(later, key=lambda d: (weekday(d) >= 5, d)):
        for worker in order:
            if story.shift(worker, day):
                rest = (story.shift(worker, other) for other in range(day, span.stop))
                return worker, [present for present in rest if present]
    raise UsageError("neither developer with a Mac works on these days: give more days")


def _seats(
    story: Story, rng: Random, victim: Worker, admin: Worker, copied: str, addresses: list[str]
) -> None:
    """Where the intruder sits: two rented servers, the developer's session, and one of his own."""
    towns = rng.sample(toml("cloud.toml")["places"]["intruder"], 2)
    pairs = zip(towns, addresses, strict=False)
    first, second = (located(town, address, town["asns"][0]) for town, address in pairs)
    said = toml("cloud.toml")["device"]["intruder"]
    device = Device("", "", said["system"], said["browser"], said["agent"], False)
    story.seats = {
        "replay": (victim, Seat(first, device, copied)),
        "own": (victim, Seat(first, device, identity("session", "intruder", victim.upn))),
        "key": (victim, Seat(second, device, "")),
        "admin": (admin, Seat(second, device, identity("session", "intruder", admin.upn))),
    }


def _more(story: Story, victim: Worker, words: dict[str, str]) -> dict[str, Any]:
    """What the truth says beside names and addresses of every intrusion."""
    aws = [victim.person.account.name, words["key_user"]]
    return {
        "account": victim.upn,
        "administrator": words["stolen"],
        "identities": {"entra": victim.upn, "github": victim.github, "aws": aws},
        "intruder": {
            name: {"address": seat.place.address, "session": seat.session, "as": who.upn}
            for name, (who, seat) in story.seats.items()
        },
    }

"""Which entities may link two findings, how strongly, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from sakimori.findings import Subject
from sakimori.incidents.everybodys import everybodys
from sakimori.incidents.rarity import Rarity

HOUR = 3_600_000_000
DAY = 24 * HOUR

# A link weaker than this joins nothing.
ENOUGH = 0.4


@dataclass(frozen=True, slots=True)
class Tie:
    """How a type of entity links: `strength` at best, within `window`, `share` of all hosts that halves it.

    `scoped` entities are told apart by host (a logon id means nothing elsewhere). `carries` says whether it
    links on one host beyond the host's own window: a dropped file does, the user's own account does not.
    """

    strength: float
    window: int
    room: float = 4.0
    share: float = 0.05
    scoped: bool = False
    carries: bool = True


# What an intruder brings along (artefacts) may stand on many hosts and still be his; who and where (accounts,
# addresses) soon belongs to everybody.
TIES = {
    "process_instance": Tie(1.0, DAY, scoped=True),
    "session": Tie(0.9, DAY, scoped=True),
    "hash": Tie(0.9, 7 * DAY, room=12, share=0.1),
    "url": Tie(0.9, 7 * DAY),
    "service": Tie(0.8, 7 * DAY, room=12, share=0.1),
    "task": Tie(0.8, 7 * DAY, room=12, share=0.1),
    "pipe": Tie(0.8, 7 * DAY, room=12, share=0.1),
    "file": Tie(0.7, 7 * DAY, room=12, share=0.1),
    "process": Tie(0.6, 7 * DAY, room=12, share=0.1),
    "domain": Tie(0.8, 7 * DAY),
    "address": Tie(0.7, 3 * DAY),
    "account": Tie(0.8, DAY, carries=False),
    "host": Tie(0.7, DAY),
}


def strength(subject: Subject, rarity: Rarity) -> float:
    """How strongly this entity holds findings together, 0 to 1: its type, times its rarity here."""
    tie = TIES.get(subject.type)
    if tie is None or everybodys(subject) or subject in rarity.stock:
        return 0.0
    if tie.scoped:
        return tie.strength
    return tie.strength * rarity.wide(subject, max(tie.room, tie.share * rarity.hosts))

"""What holds now: the log read from its first act to its last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sakimori.response.feeds.published import BLOCK, WATCH, Published
from sakimori.response.respond.entry import Entry
from sakimori.response.respond.journal import APPROVE, WITHDRAW, Act

LISTED = (BLOCK, WATCH)


@dataclass(frozen=True, slots=True)
class Standing:
    """The last decision on one proposal; `act` is APPROVE or WITHDRAW, `until` seconds since the epoch."""

    act: str
    by: str
    at: str
    reason: str
    until: int
    what: Mapping[str, Any]

    def holds(self, now: int) -> bool:
        """Whether it is approved and not over."""
        return self.act == APPROVE and now < self.until


def standing(acts: Iterable[Act]) -> dict[str, Standing]:
    """Proposal id -> its last decision."""
    found: dict[str, Standing] = {}
    for act in acts:
        name = act.what.get("id", "")
        if act.act == APPROVE:
            found[name] = _standing(act, act.what)
        elif act.act == WITHDRAW and name in found:
            found[name] = _standing(act, found[name].what)
    return found


def _standing(act: Act, what: Mapping[str, Any]) -> Standing:
    return Standing(act.act, act.by, act.at, act.reason, seconds(what["until"]), what)


def published(decided: Mapping[str, Standing], now: int) -> list[Published]:
    """Approved entries of lists that are not over, by id."""
    return [
        Published(
            id=name,
            entry=Entry(one.what["type"], one.what["value"]),
            use=one.what["kind"],
            owner=one.what["owner"],
            reason=one.reason,
            since=seconds(one.at),
            until=one.until,
        )
        for name, one in sorted(decided.items())
        if one.what["kind"] in LISTED and one.holds(now)
    ]


def seconds(text: str) -> int:
    """Seconds since the epoch of `2026-03-01T09:12:00Z`."""
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())

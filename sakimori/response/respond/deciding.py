"""Approval and withdrawal: a person's word on a proposal, written into the log before anything follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sakimori.errors import UsageError
from sakimori.response.feeds.published import instant
from sakimori.response.respond.journal import APPROVE, WITHDRAW, Act, writing
from sakimori.response.respond.proposal import BLOCK, SPARED, WATCH, Proposal
from sakimori.response.respond.standing import Standing, standing
from sakimori.response.sentences import plain

A_DAY = 86_400
LONGEST_DAYS = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Who decides and why; `now` in seconds since the epoch. `owner` answers for it, `by` where empty."""

    by: str
    reason: str
    now: int
    owner: str = ""

    def checked(self) -> Word:
        """The same. Raises UsageError where the name or the reason says nothing."""
        for option, text in (("--by", self.by), ("--reason", self.reason)):
            if not text.strip():
                raise UsageError(f"{option} is empty: whoever reads the log in a year needs it.")
        return self


def approve(
    case: Path,
    found: Sequence[Proposal],
    ids: Sequence[str],
    word: Word,
    *,
    until: int | None = None,
    watch: bool = False,
) -> tuple[Act, ...]:
    """The acts written. `until` is when it ends, else after each proposal's own days; `watch` only watches.

    Raises UsageError, before anything is written, where one id is not proposed, or is spared.
    """
    word.checked()
    known = {one.id: one for one in found}
    chosen = [_approvable(known, name, watch) for name in dict.fromkeys(ids)]
    if until is not None and until <= word.now:
        raise UsageError("--until is over already; name a later day.")
    with writing(case) as log:
        return tuple(
            log.add(APPROVE, word.by, word.reason, _what(one, word, until, watch), word.now) for one in chosen
        )


def withdraw(case: Path, ids: Sequence[str], word: Word) -> tuple[Act, ...]:
    """The acts written. Raises UsageError, before anything is written, where one id is not approved."""
    word.checked()
    with writing(case) as log:
        decided = standing(log.acts)
        for name in ids:
            if name not in decided or decided[name].act != APPROVE:
                raise UsageError(f"{name} is not approved; `sakimori respond {case}` shows what is.")
        return tuple(
            log.add(WITHDRAW, word.by, word.reason, {"id": name}, word.now) for name in dict.fromkeys(ids)
        )


def _approvable(known: Mapping[str, Proposal], name: str, watch: bool) -> Proposal:
    if name not in known:
        raise UsageError(f"{name} is not proposed; `sakimori respond CASE` shows the ids.")
    one = known[name]
    if one.kind == SPARED:
        because = plain(one.because, "en") if one.because else ""
        raise UsageError(f"{name} ({one.value}) is left alone: {because}")
    if watch and one.kind not in (BLOCK, WATCH):
        raise UsageError(f"{name} is nothing to watch for: approve it without --watch.")
    return one


def _what(one: Proposal, word: Word, until: int | None, watch: bool) -> dict[str, Any]:
    end = word.now + one.days * A_DAY if until is None else until
    return {
        "id": one.id,
        "kind": WATCH if watch else one.kind,
        "type": one.type,
        "value": one.value,
        "platform": one.platform,
        "owner": word.owner or word.by,
        "until": instant(end),
        "incidents": list(one.incidents),
    }


def state(decided: Mapping[str, Standing], name: str, now: int) -> str:
    """`approved`, `over`, `withdrawn`, or empty where nobody decided."""
    one = decided.get(name)
    if one is None:
        return ""
    if one.act == WITHDRAW:
        return "withdrawn"
    return "approved" if one.holds(now) else "over"

"""The proposals of a case as lines for a terminal, and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sakimori.response.feeds.published import day
from sakimori.response.hostile import for_terminal
from sakimori.response.respond.deciding import state
from sakimori.response.respond.proposal import KIND_WORDS, SPARED, Proposal
from sakimori.response.respond.standing import Standing
from sakimori.response.sentences import Sentence, plain
from sakimori.tongue import Tongue

_INDENT = " " * 14
SPARED_SHOWN = 12


def as_text(
    found: Sequence[Proposal], decided: Mapping[str, Standing], say: Tongue, now: int
) -> Iterator[str]:
    """A line for each proposal, and below it why, what it breaks, how to undo it, and what was decided."""
    if not found:
        yield say("Nothing is proposed: the case has no incident.")
    for kind, some in groupby(found, key=lambda one: one.kind):
        yield ""
        yield plain(KIND_WORDS[kind], say.lang).capitalize()
        listed = list(some)
        for one in listed[:SPARED_SHOWN] if kind == SPARED else listed:
            yield from _lines(one, decided, say, now)
        if kind == SPARED and len(listed) > SPARED_SHOWN:
            yield _INDENT + say("{n} more; --format json has all.", n=len(listed) - SPARED_SHOWN)
    gone = sorted(set(decided) - {one.id for one in found})
    if gone:
        yield ""
        yield say("Decided before, and no longer proposed: {ids}", ids=", ".join(gone))


def _lines(one: Proposal, decided: Mapping[str, Standing], say: Tongue, now: int) -> Iterator[str]:
    lang = say.lang
    yield f"{one.id}  {for_terminal(plain(one.what, lang))}"
    if one.because is not None:
        yield _INDENT + for_terminal(plain(one.because, lang))
    if one.kind == SPARED:
        return
    yield _INDENT + for_terminal(plain(one.why(lang), lang))
    for label, text in ((say("Breaks"), one.breaks), (say("Undo"), one.undo)):
        yield f"{_INDENT}{label}: {for_terminal(plain(text, lang))}"
    yield _INDENT + for_terminal(_decision(one, decided, say, now))


def _decision(one: Proposal, decided: Mapping[str, Standing], say: Tongue, now: int) -> str:
    standing = decided.get(one.id)
    if standing is None:
        return say("Open: for {owner}; would hold {n} days.", owner=plain(one.owner, say.lang), n=one.days)
    facts = {"by": standing.by, "reason": standing.reason, "day": standing.at[:10]}
    match state(decided, one.id, now):
        case "approved":
            told = say(
                "Approved by {by} on {day} until {until}: {reason}", until=day(standing.until), **facts
            )
        case "over":
            told = say(
                "Approved by {by} on {day}, over since {until}: {reason}", until=day(standing.until), **facts
            )
        case _:
            told = say("Withdrawn by {by} on {day}: {reason}", **facts)
    return told


def as_objects(
    found: Sequence[Proposal], decided: Mapping[str, Standing], now: int
) -> Iterator[dict[str, Any]]:
    """The proposals for scripts, words in English."""
    for one in found:
        standing = decided.get(one.id)
        yield {
            "id": one.id,
            "kind": one.kind,
            "type": one.type,
            "value": one.value,
            "platform": one.platform,
            "what": _english(one.what),
            "why": _english(one.why("en")),
            "breaks": _english(one.breaks),
            "undo": _english(one.undo),
            "owner": _english(one.owner),
            "days": one.days,
            "because": _english(one.because) if one.because else None,
            "incidents": list(one.incidents),
            "findings": [finding.id for finding in one.findings],
            "state": state(decided, one.id, now),
            "decided": _decided(standing),
        }


def _decided(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {
        "act": standing.act, "by": standing.by, "at": standing.at, "reason": standing.reason,
        "kind": standing.what["kind"], "owner": standing.what["owner"], "until": standing.what["until"],
    }  # fmt: skip


def _english(what: Sentence) -> str:
    return plain(what, "en")

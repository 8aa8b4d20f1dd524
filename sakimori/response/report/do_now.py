"""What an incident proposes, as its page lists it: the first ones, each with what would be published."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from sakimori.incidents.incident import Incident
from sakimori.response.case import Case
from sakimori.response.feeds import FEEDS
from sakimori.response.feeds.published import Published, Stamp
from sakimori.response.hostile import for_html
from sakimori.response.report.speech import Speech
from sakimori.response.respond.entry import Entry
from sakimori.response.respond.guard import Guard, Own
from sakimori.response.respond.platforms import evidence_of
from sakimori.response.respond.proposal import BLOCK, SPARED, WATCH, Proposal
from sakimori.response.respond.proposing import proposals
from sakimori.response.respond.steps import platforms
from sakimori.response.sentences import plain

SHOWN = 20
_PREVIEWED = ("rpz", "suricata", "nftables", "squid", "defender")


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal; `preview` is what approving it would publish, or the steps it holds."""

    proposal: Proposal
    why: Markup
    preview: Markup


def do_now(case: Case, incident: Incident, speech: Speech) -> tuple[tuple[Row, ...], int]:
    """The first rows of an incident, and how many more there are. `sakimori respond` lists all."""
    evidence = evidence_of(case.manifest, case.coverage)
    found = [one for one in proposals([incident], evidence, Guard(Own())) if one.kind != SPARED]
    return tuple(_row(one, speech) for one in found[:SHOWN]), max(0, len(found) - SHOWN)


def _row(one: Proposal, speech: Speech) -> Row:
    why = speech.each(lambda lang: escape(plain(one.why(lang), lang)))
    return Row(one, why, _preview(one, speech))


def _preview(one: Proposal, speech: Speech) -> Markup:
    if one.platform:
        steps = platforms()[one.platform].steps_for(one.type)
        return speech.each(
            lambda lang: escape("\n".join(f"{n}. {step.title.of(lang)}" for n, step in enumerate(steps, 1)))
        )
    return for_html(artefact(one), keep="\n") if one.kind in (BLOCK, WATCH) else Markup("")


def artefact(one: Proposal) -> str:
    """A line of each feed that would hold the entry, with the file's name before it."""
    entry = Entry(one.type, one.value)
    told = Published(id=one.id, entry=entry, use=one.kind, owner="", reason="", since=0, until=0)
    lines = []
    for feed in _PREVIEWED:
        empty = FEEDS[feed]([], Stamp(0))
        for name, data in FEEDS[feed]([told], Stamp(0)).items():
            known = set(empty.get(name, b"").decode().splitlines())
            new = [line.strip() for line in data.decode().splitlines() if line not in known]
            lines += [f"{name}: {new[0][:300]}"] if new else []
    return "\n".join(lines)

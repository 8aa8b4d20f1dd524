"""One page for paper, both tongues: keep the evidence, freeze the funds, revoke and renew, with boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup, escape

from sakimori.incidents.incident import Incident
from sakimori.knowledge.sources import Words
from sakimori.response.checklist import _STYLE
from sakimori.response.folder import write_file
from sakimori.response.hostile import for_html, visible
from sakimori.response.report.speech import Speech
from sakimori.response.report.write import environment, policy
from sakimori.response.respond.money import Trace, traces
from sakimori.response.respond.proposal import FREEZE, REVOKE, Proposal
from sakimori.response.respond.steps import PLATFORMS, Step, platforms

FILE = "respond.html"
# A name is put into a command only where no shell could read anything else in it.
_HARMLESS = re.compile(r"[A-Za-z0-9._@\\/:-]{1,200}")


@dataclass(frozen=True, slots=True)
class Checklist:
    """What is worked through on one platform, and for whom."""

    name: str
    who: tuple[str, ...]
    steps: tuple[Step, ...]


def write_page(found: Sequence[Proposal], incidents: Iterable[Incident], case: Path) -> Path:
    """The page's path in the case folder; mode 0600, for it names accounts and hosts."""
    return write_file(case, FILE, [page(found, incidents).encode("utf-8", "replace")])


def page(found: Sequence[Proposal], incidents: Iterable[Incident]) -> str:
    """The page; it loads nothing and runs nothing."""
    speech = Speech()
    met = [finding for incident in incidents for finding in incident.findings]
    hosts = sorted({s.value for finding in met for s in finding.subjects if s.type == "host"})
    money: tuple[Trace, ...] | None = traces(met) if any(one.kind == FREEZE for one in found) else None
    return (
        environment()
        .get_template("respond.html")
        .render(
            t=speech.t, speech=speech, checklists=checklists(found), hosts=hosts, money=money, both=_both,
            command=command, style=Markup(_STYLE), policy=policy(_STYLE, ""),
        )
    )  # fmt: skip


def checklists(found: Iterable[Proposal]) -> tuple[Checklist, ...]:
    """A list of steps for each platform that is proposed, in the order of PLATFORMS."""
    held: dict[str, list[Proposal]] = {}
    for one in found:
        if one.kind == REVOKE:
            held.setdefault(one.platform, []).append(one)
    return tuple(
        Checklist(
            platforms()[name].name,
            tuple(one.value for one in held[name] if one.type != "funds"),
            tuple(
                step
                for step in platforms()[name].steps
                if {"any", *(one.type for one in held[name])} & set(step.of)
            ),
        )
        for name in PLATFORMS
        if name in held
    )


def command(step: Step, who: Sequence[str]) -> Markup:
    """The step's command; with the name in it where there is one, and it is harmless in a shell."""
    name = who[0] if len(who) == 1 and _HARMLESS.fullmatch(who[0]) else "WHO"
    return for_html(step.command.replace("{who}", name), keep="\n")


def _both(words: Words, who: Sequence[str]) -> Markup:
    name = who[0] if len(who) == 1 else "…"
    return Speech().each(lambda lang: escape(visible(words.of(lang).replace("{who}", name))))

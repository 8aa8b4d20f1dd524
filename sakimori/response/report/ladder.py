"""The known-activity ladder as the page of an incident draws it, and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from sakimori.incidents.hunts import Hunt
from sakimori.incidents.incident import Incident
from sakimori.incidents.ladder_cases import SHARES, Similar, hunts_after, similar
from sakimori.incidents.ladder_ground import Climb, Option, Said
from sakimori.incidents.ladder_words import NO_ATTRIBUTION, RUNGS, option, text, weight
from sakimori.knowledge.known import known
from sakimori.response.hostile import for_html
from sakimori.response.queries import kql, spl
from sakimori.response.report.speech import Speech
from sakimori.response.sentences import prose
from sakimori.tongue import Tongue, tongue


@dataclass(frozen=True, slots=True)
class RungRow:
    """A rung as drawn: `state` is reached (the highest), met or open; `mark` says so without colour."""

    level: str
    state: str
    mark: str
    name: Markup
    why: Markup


@dataclass(frozen=True, slots=True)
class OptionRow:
    """Who it may be, how much that weighs, and why."""

    name: Markup
    weight: Markup
    because: Markup


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A published case: when, what it shares, what was done next there, and where that is published."""

    title: Markup
    when: str
    shares: Markup
    next: tuple[Markup, ...]
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HuntRow:
    """A hunt with its queries, ready to copy."""

    question: Markup
    look: Markup
    kql: Markup
    spl: Markup


@dataclass(frozen=True, slots=True)
class LadderPart:
    """The ladder of one incident. `rungs` are from the top; `cases` and `hunts` are empty below L3."""

    level: str
    rungs: tuple[RungRow, ...]
    lift: tuple[Markup, ...]
    against: tuple[Markup, ...]
    notes: tuple[Markup, ...]
    age: tuple[Markup, ...]
    options: tuple[OptionRow, ...]
    cases: tuple[CaseRow, ...]
    hunts: tuple[HuntRow, ...]
    note: Markup


def ladder_part(incident: Incident, climb: Climb, speech: Speech) -> LadderPart:
    """The ladder of an incident."""
    cases = similar(incident, climb)
    return LadderPart(
        level=climb.level,
        rungs=tuple(_rungs(climb, speech))[::-1],
        lift=_all(climb.lift, speech),
        against=_all(climb.against, speech),
        notes=_all(climb.notes, speech),
        age=_all(climb.age, speech),
        options=tuple(_option(one, speech) for one in climb.options),
        cases=tuple(_case(one, speech) for one in cases),
        hunts=_hunts(incident, cases, speech),
        note=_each(speech, lambda say: say(NO_ATTRIBUTION)),
    )


def _each(speech: Speech, words: Callable[[Tongue], str], limit: int = 900) -> Markup:
    """What `words` gives in both tongues, neutralised: facts may be texts of the evidence."""
    return speech.each(lambda lang: escape(prose(words(tongue(lang)), lang, limit)))


def _all(said: Iterable[Said], speech: Speech) -> tuple[Markup, ...]:
    return tuple(_said(one, speech) for one in said)


def _said(said: Said, speech: Speech) -> Markup:
    # A quotation may be as long as `named.yml` allows.
    return _each(speech, lambda say: text(said, say), 2_600)


def _rungs(climb: Climb, speech: Speech) -> Iterable[RungRow]:
    for rung in climb.rungs:
        state = "reached" if rung.level == climb.level else "met" if rung.met else "open"
        name = _each(speech, lambda say, level=rung.level: say(RUNGS[level]))  # type: ignore[misc]
        yield RungRow(rung.level, state, "●" if rung.met else "○", name, _said(rung.why, speech))


def _option(one: Option, speech: Speech) -> OptionRow:
    return OptionRow(
        _each(speech, lambda say: option(one, say), 2_600),
        _each(speech, lambda say: weight(one, say)),
        _said(one.because, speech),
    )


def _case(one: Similar, speech: Speech) -> CaseRow:
    operation = one.operation
    cited = [known().publications[source] for source in operation.sources]
    return CaseRow(
        title=_each(speech, lambda say: operation.title.of(say.lang)),
        when=f"{operation.began} – {operation.ended}" if operation.ended else operation.began,
        shares=_each(speech, lambda say: say(SHARES[one.shares])),
        next=tuple(
            _each(speech, lambda say, step=step: step.of(say.lang))  # type: ignore[misc]
            for step in one.next
        ),
        sources=tuple((f"{source.by}, {source.published}", source.url) for source in cited),
    )


def _hunts(incident: Incident, cases: tuple[Similar, ...], speech: Speech) -> tuple[HuntRow, ...]:
    both = zip(hunts_after(cases, tongue("en")), hunts_after(cases, tongue("ja")), strict=True)
    return tuple(_hunt(incident, en, ja, speech) for en, ja in both)


def _hunt(incident: Incident, en: Hunt, ja: Hunt, speech: Speech) -> HuntRow:
    return HuntRow(
        speech.both({"en": escape(prose(en.question, "en")), "ja": escape(prose(ja.question, "ja"))}),
        speech.both({"en": escape(prose(en.look, "en")), "ja": escape(prose(ja.look, "ja"))}),
        for_html(kql(incident, en), keep="\n"),
        for_html(spl(incident, en), keep="\n"),
    )

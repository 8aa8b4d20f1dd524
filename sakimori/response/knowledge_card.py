"""A record of the knowledge base on one card: what it is, who says so, what conflicts, what is near it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from sakimori.knowledge.entries import (
    Account,
    Cluster,
    Entry,
    Family,
    Flag,
    Loss,
    Measure,
    Name,
    Operation,
    Organisation,
    Publication,
    Served,
    Shape,
    Stage,
)
from sakimori.knowledge.known import Known, known
from sakimori.knowledge.lookup import Answer, related, using
from sakimori.knowledge.releases import Release
from sakimori.knowledge.techniques import NEWER, Technique
from sakimori.response.sentences import plain
from sakimori.response.words import stage_sentence
from sakimori.tongue import Tongue

_RELATIONS = ("same", "former", "renamed", "overlaps", "subset", "umbrella", "disputed")
_INDENT = "  "


def as_text(answer: Answer, say: Tongue) -> Iterator[str]:
    """The card, line by line; what a reader is told where nothing is recorded."""
    if answer.entry:
        yield from _entry(answer.entry, say)
        yield from _asked(answer, say)
    elif answer.technique:
        yield from _technique(answer.technique, say)
    elif answer.release:
        yield from _release(answer.release, say)
    elif answer.names:
        yield from _name_alone(answer, say)
    else:
        yield from _nothing(answer, say)
        return
    yield ""
    yield say("This is what others have published. It does not say who is behind an incident of yours.")


def _nothing(answer: Answer, say: Tongue) -> Iterator[str]:
    if answer.observable:
        kinds = {
            "hash": say("a hash"),
            "address": say("an address"),
            "url": say("a URL"),
            "domain": say("a domain"),
        }
        yield say("No record: {text} is {kind}, and nothing is recorded under it here.",
                  text=answer.asked, kind=kinds[answer.observable])  # fmt: skip
        yield say("That nothing is recorded does not mean that it is harmless.")
        return
    yield say("No record of {text}.", text=answer.asked)
    if answer.suggestions:
        yield say("Perhaps you mean: {names}", names=", ".join(answer.suggestions))


def _entry(entry: Entry, say: Tongue) -> Iterator[str]:
    base = known()
    yield f"{entry.title.of(say.lang)}  ({base.word('kinds', base.kind(entry.id), say.lang)}, {entry.id})"
    yield entry.text.of(say.lang)
    for label, words in _facts(entry, say):
        yield f"{label}: {words}"
    yield say("Standing: {standing}", standing=base.word("standings", entry.standing, say.lang))
    yield from _said_by(entry, say)
    yield from _conflicts(entry, say)
    if isinstance(entry, Cluster):
        yield from _names(base, entry, say)
    for kind, others in related(base, entry).items():
        titles = " · ".join(other.title.of(say.lang) for other in others)
        yield f"{base.word('kinds', kind, say.lang)}: {titles}"


def _facts(entry: Entry, say: Tongue) -> Iterator[tuple[str, str]]:
    base = known()

    def words(table: str, keys: Iterable[str]) -> str:
        return ", ".join(base.word(table, key, say.lang) for key in keys)

    match entry:
        case Cluster():
            yield say("Relation to Lazarus"), words("insides", [entry.inside])
            yield say("Missions"), words("missions", entry.missions)
            yield say("Sectors"), words("sectors", entry.sectors)
        case Operation():
            yield say("When"), f"{entry.began} .. {entry.ended}" if entry.ended else entry.began
            yield say("Outcome"), words("outcomes", [entry.outcome])
            yield say("Sectors"), words("sectors", entry.sectors)
        case Family():
            yield say("Platforms"), ", ".join(entry.platforms)
        case Measure():
            yield say("Served by"), _served(entry.served, say)
        case Shape():
            yield say("Example"), entry.example
            yield say("Seen in"), entry.seen_in
            yield say("Specificity"), words("specificities", [entry.specificity])
            yield say("Honest work that looks alike"), entry.ordinary.of(say.lang)
            yield say("Served by"), _served(entry.served, say)
        case Flag():
            yield say("Honest people too"), entry.ordinary.of(say.lang)
        case Account():
            yield say("Told"), entry.told
        case Stage():
            yield say("Seen in logs as"), plain(stage_sentence(entry.stage), say.lang)
        case Organisation():
            yield from _under(entry, say)
    if entry.attack:
        yield "ATT&CK", ", ".join(entry.attack)
    for loss in getattr(entry, "losses", ()):
        yield words("amounts", [loss.what]), _amount(loss, say)


def _served(served: Iterable[Served], say: Tongue) -> str:
    return "; ".join(f"{known().word('served', one.how, say.lang)}: {one.name}" for one in served)


def _under(entry: Organisation, say: Tongue) -> Iterator[tuple[str, str]]:
    for one in entry.under:
        years = (
            f"{one.since or ''} .. {one.until or ''}".strip()
            if one.since or one.until
            else say("no dates given")
        )
        yield say("Under"), f"{known().entry(one.id).title.of(say.lang)} ({years}; {_short(one.source)})"


def _amount(loss: Loss, say: Tongue) -> str:
    amount = f"{loss.low:,}" if loss.low == loss.high else f"{loss.low:,} - {loss.high:,}"
    standing = known().word("standings", loss.standing, say.lang)
    note = f"; {loss.note.of(say.lang)}" if loss.note else ""
    return f"USD {amount} ({_short(loss.source)}; {standing}{note})"


def _short(source: str) -> str:
    one = known().publications[source]
    return f"{one.by}, {one.published}"


def _said_by(entry: Entry, say: Tongue) -> Iterator[str]:
    yield say("Who says so:")
    for source in entry.sources:
        yield _INDENT + _cited(known().publications[source], say)


def _cited(one: Publication, say: Tongue) -> str:
    recalled = "" if one.read == "seen" else f" [{known().word('standings', 'recalled', say.lang)}]"
    return f"{one.by}, {one.published}: {one.title} <{one.url}>{recalled}"


def _conflicts(entry: Entry, say: Tongue) -> Iterator[str]:
    if not (entry.conflicts or entry.corrections):
        return
    yield say("What conflicts:")
    yield from (_INDENT + one.of(say.lang) for one in entry.conflicts)
    for one in entry.corrections:
        fault = known().word("faults", one.fault, say.lang)
        yield _INDENT + say("The article's claim {claim} ({fault}): {text} ({source})", claim=one.claim,
                            fault=fault, text=one.text.of(say.lang), source=_short(one.source))  # fmt: skip


def _names(base: Known, cluster: Cluster, say: Tongue) -> Iterator[str]:
    yield say("Names, and how far each is this cluster:")
    for relation in _RELATIONS:
        for name in base.names:
            if name.cluster == cluster.id and name.relation == relation:
                yield _INDENT + _statement(name, say)


def _statement(name: Name, say: Tongue) -> str:
    relation = known().word("relations", name.relation, say.lang)
    dates = f", {name.since or ''} .. {name.until or ''}" if name.since or name.until else ""
    note = f" {name.note.of(say.lang)}" if name.note else ""
    recalled = f" [{known().word('standings', 'recalled', say.lang)}]" if name.standing == "recalled" else ""
    return f"{relation}: {name.name} ({name.by}{dates}; {_short(name.source)}){note}{recalled}"


def _asked(answer: Answer, say: Tongue) -> Iterator[str]:
    if answer.names:
        yield say("What you asked for, as a name:")
        yield from _of_clusters(answer.names, say)
    if answer.others:
        yield say(
            "It may also mean: {titles}", titles=" · ".join(o.title.of(say.lang) for o in answer.others)
        )


def _name_alone(answer: Answer, say: Tongue) -> Iterator[str]:
    yield say("{text} is a name that is not simply one cluster:", text=answer.names[0].name)
    yield from _of_clusters(answer.names, say)


def _of_clusters(names: Iterable[Name], say: Tongue) -> Iterator[str]:
    for name in names:
        yield f"{_INDENT}{known().entry(name.cluster).title.of(say.lang)} <- {_statement(name, say)}"


def _technique(one: Technique, say: Tongue) -> Iterator[str]:
    title = f"{one.name} / {one.japanese}" if one.japanese and say.lang == "ja" else one.name
    yield f"{one.id}  {title}".rstrip()
    if one.version == "earlier":
        yield say("An id older than ATT&CK 18.1, which no longer has it.")
    else:
        yield say("An id of ATT&CK {version}.", version=one.version)
    if one.current != one.id:
        new = one.current
        yield say(
            "Replaced by {new} ({version}).",
            new=new,
            version=NEWER if one.replaced_in == NEWER else "<= 18.1",
        )
    if one.forerunners:
        yield say("It replaced: {ids}", ids=", ".join(one.forerunners))
    if one.tactics:
        yield say("Tactics in 18.1: {tactics}", tactics=", ".join(one.tactics))
    if "defense-evasion" in one.tactics:
        yield say("Version 19 splits defense-evasion into stealth and defense-impairment.")
    yield f"https://attack.mitre.org/techniques/{one.current.replace('.', '/')}/"
    if users := using(known(), one):
        yield say("Records that name it: {titles}", titles=" · ".join(e.title.of(say.lang) for e in users))


def _release(one: Release, say: Tongue) -> Iterator[str]:
    yield say(
        "The hash of a file of a release that is publicly known: {title} ({id})", title=one.title, id=one.id
    )
    yield say("Standing: {standing}", standing=known().word("standings", one.standing, say.lang))
    yield f"{one.published.isoformat()} <{one.source}>"


def as_json(answer: Answer) -> dict[str, Any]:
    """The same as data; `format` says which shape it has."""
    base = known()
    found: dict[str, Any] = {"format": "sakimori.intel.card/1", "asked": answer.asked, "found": answer.found}
    if answer.entry:
        near = related(base, answer.entry)
        found["kind"] = base.kind(answer.entry.id)
        found["record"] = msgspec.to_builtins(answer.entry)
        found["sources"] = [msgspec.to_builtins(base.publications[one]) for one in answer.entry.sources]
        found["names"] = [msgspec.to_builtins(n) for n in base.names if n.cluster == answer.entry.id]
        found["related"] = {kind: [one.id for one in others] for kind, others in near.items()}
    if answer.technique:
        found["kind"], found["record"] = "technique", msgspec.to_builtins(answer.technique)
        found["related"] = [one.id for one in using(base, answer.technique)]
    if answer.release:
        found["kind"], found["record"] = "release", msgspec.to_builtins(answer.release)
    found["as_a_name"] = [msgspec.to_builtins(name) for name in answer.names]
    found["others"] = [one.id for one in answer.others]
    found["observable"] = answer.observable
    found["suggestions"] = list(answer.suggestions)
    return found

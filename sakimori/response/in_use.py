"""Rules and indicators in use, in words: whose, which version, how old, and a warning where stale."""

from __future__ import annotations

from sakimori.records.clock import instant
from sakimori.records.manifest import InUse, Manifest
from sakimori.response.sentences import Sentence, Term, When, sentence


def in_use_line(one: InUse) -> Sentence:
    """One row in one sentence, the warning with it."""
    name = Term(f"{one.name} {one.version}".strip())
    parts = (_what(one, name), *_said(one), *((warning(one),) if one.stale else ()))
    return sentence("{parts}", parts=parts) if len(parts) > 1 else parts[0]


def moment_of(text: str) -> int | None:
    """Microseconds UTC of a moment as the manifest writes it; None for none."""
    return instant(text) if text else None


def _what(one: InUse, name: Term) -> Sentence:
    if one.kind == "rules":
        return sentence("{n} rules of {name}", n=one.count, name=name)
    return sentence("{n} indicators of {name}", n=one.count, name=name)


def _said(one: InUse) -> tuple[Sentence, ...]:
    found = []
    if one.age_days is not None:
        made = When(moment_of(one.made))
        found.append(sentence("made {made}, {days} days ago", made=made, days=one.age_days))
    if one.expires:
        found.append(sentence("valid until {expires}", expires=When(moment_of(one.expires))))
    if one.licence:
        found.append(sentence("licence {licence}", licence=Term(one.licence)))
    if one.signed_by:
        found.append(sentence("signed by the key {id}", id=one.signed_by))
    return tuple(found)


def warning(one: InUse) -> Sentence:
    """What makes it stale."""
    return {
        "expired": sentence("no longer valid: newer ones are needed"),
        "old": sentence("old: what is new since then is not seen"),
        "undated": sentence("undated: nobody can tell how old it is"),
        "changed": sentence("changed since it was made"),
    }[one.stale]


def stale_sentences(manifest: Manifest) -> tuple[Sentence, ...]:
    """One sentence for each of them that is stale, for what could not be seen."""
    return tuple(
        sentence("{name} is stale: {why}.", name=Term(f"{one.name} {one.version}".strip()), why=warning(one))
        for one in manifest.in_use
        if one.stale
    )

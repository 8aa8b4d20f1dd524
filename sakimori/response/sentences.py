"""A sentence before it is said: an English template and its facts, rendered by each output in its own way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sakimori.findings import Subject
from sakimori.response.defanging import defang, defang_links
from sakimori.response.hostile import cut, cut_note, visible
from sakimori.response.times import date_words, length_words
from sakimori.tongue import tongue


@dataclass(frozen=True, slots=True)
class When:
    """A moment in a sentence, and the evidence row it points at."""

    clock: int | None
    target: str = ""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time."""

    micros: int


@dataclass(frozen=True, slots=True)
class Term:
    """A name out of the evidence: hostile text, shown neutralised; `kind` is a subject type or empty.

    Of the kind `log` it is the title of a log, which has a name in each tongue.
    """

    text: str
    kind: str = ""
    target: str = ""

    @classmethod
    def of(cls, subject: Subject, target: str = "") -> Term:
        """The subject as a term."""
        return cls(subject.value, subject.type, target)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`template` stands in English in the code, and in Japanese in the catalogue; `facts` fill its braces."""

    template: str
    facts: dict[str, Fact] = field(default_factory=dict)


Fact = int | float | str | When | Length | Term | Sentence | tuple["Fact", ...]


def sentence(template: str, **facts: Fact) -> Sentence:
    """The sentence with its facts."""
    return Sentence(template, facts)


def spoken(what: Sentence, lang: str, show: Callable[[Fact, str], str]) -> str:
    """The sentence in one language, each fact shown by `show(fact, lang)`."""
    template = tongue(lang)(what.template)
    return template.format(**{name: show(fact, lang) for name, fact in what.facts.items()})


def plain(what: Sentence, lang: str, zone: str = "UTC") -> str:
    """The sentence as text that a terminal may print: names neutralised, addresses defanged."""

    def show(fact: Fact, lang: str) -> str:
        match fact:
            case Sentence():
                return spoken(fact, lang, show)
            case When():
                return date_words(fact.clock, lang, zone=zone)
            case tuple():
                return listed([show(one, lang) for one in fact], lang)
            case _:
                return simple(fact, lang)

    return spoken(what, lang, show)


def simple(fact: int | float | str | Length | Term, lang: str) -> str:
    """A fact without parts, as safe text."""
    match fact:
        case Length():
            return length_words(fact.micros, lang)
        case Term():
            return shown_term(fact, lang)
        case str():
            return prose(fact, lang)
        case float():
            return f"{fact:,.1f}"
        case _:
            return f"{fact:,}"


_SLACK = 30


def shown_term(term: Term, lang: str, limit: int = 200) -> str:
    """A name, cut at the limit; addresses and web names defanged, host names and paths whole."""
    foreign = term.kind in ("address", "domain", "url", "")
    text = tongue(lang)(term.text) if term.kind == "log" and "{" not in term.text else term.text
    return _harmless(text, limit, lang, defang if foreign else defang_links)


def prose(text: str, lang: str, limit: int = 600) -> str:
    """A sentence that holds evidence text: defanged, neutralised, what was cut said."""
    return _harmless(text, limit, lang, defang)


def _harmless(text: str, limit: int, lang: str, defanged: Callable[[str], str]) -> str:
    # A note longer than what it stands for would help nobody.
    kept, left_out = cut(text, limit if len(text) > limit + _SLACK else len(text))
    return visible(defanged(kept)) + (cut_note(left_out, lang) if left_out else "")


def listed(texts: list[str], lang: str) -> str:
    """`a, b, c` or `a、b、c`."""
    return ("、" if lang == "ja" else ", ").join(texts)

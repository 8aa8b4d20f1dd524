"""Sentences as HTML in both tongues at once; which one shows is a matter of the style sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape

from sakimori.findings import Subject
from sakimori.response.defanging import defang_links
from sakimori.response.hostile import cut_note, for_attribute, for_html, visible
from sakimori.response.sentences import (
    Fact,
    Sentence,
    Term,
    When,
    listed,
    sentence,
    shown_term,
    simple,
)
from sakimori.response.times import date_words, span_words
from sakimori.tongue import TONGUES, tongue


@dataclass(frozen=True, slots=True)
class Speech:
    """Says things in English and Japanese for a page; `zone` is shown beside UTC."""

    zone: str = "UTC"
    _memo: dict[str, Markup] = field(default_factory=dict)

    def t(self, template: str, **facts: Fact) -> Markup:
        """A sentence of ours, both tongues."""
        return self.say(sentence(template, **facts))

    def say(self, what: Sentence) -> Markup:
        """The sentence, both tongues; without facts it is remembered."""
        if what.facts:
            return self.both({lang: self.one(what, lang) for lang in TONGUES})
        if what.template not in self._memo:
            self._memo[what.template] = self.both({lang: self.one(what, lang) for lang in TONGUES})
        return self._memo[what.template]

    def one(self, what: Sentence, lang: str) -> Markup:
        """The sentence in one tongue; names and times become links to their evidence."""
        template = escape(tongue(lang)(what.template))
        return Markup(template.format(**{name: self._show(fact, lang) for name, fact in what.facts.items()}))

    def when(self, clock: int | None, *, seconds: bool = True) -> Markup:
        """A moment in both tongues, its zone beside it."""
        both = {lang: self._dated(clock, lang, seconds) for lang in TONGUES}
        return self.both(both)

    def span(self, first: int | None, last: int | None) -> Markup:
        """From when to when, and how long, in both tongues."""
        return self.each(lambda lang: escape(span_words(first, last, lang, zone=self.zone)))

    def term(self, subject: Subject, limit: int = 200) -> Markup:
        """An entity as text, the same in both tongues but for a note where it was cut."""
        return self.each(lambda lang: escape(shown_term(Term.of(subject), lang, limit)))

    def evidence(self, text: str, limit: int = 400) -> Markup:
        """Text from evidence or a rule pack: English or whatever it was, neutralised, never translated."""
        rest = self.cut_note(len(text) - limit) if len(text) > limit else Markup("")
        return for_html(defang_links(text[:limit])) + rest

    def cut_note(self, left_out: int) -> Markup:
        """How many characters were cut, in both tongues."""
        return self.both({lang: escape(cut_note(left_out, lang)) for lang in TONGUES})

    def each(self, text: Callable[[str], Markup]) -> Markup:
        """What `text(lang)` gives for each tongue."""
        return self.both({lang: text(lang) for lang in TONGUES})

    def _dated(self, clock: int | None, lang: str, seconds: bool) -> Markup:
        words = escape(date_words(clock, lang, zone=self.zone, seconds=seconds))
        if " (" not in words:
            return words
        utc, _, second = words.partition(" (")
        return Markup('{} <span class="zone">{}</span>').format(utc, second.removesuffix(")"))

    def _show(self, fact: Fact, lang: str) -> Markup:
        match fact:
            case Sentence():
                return self.one(fact, lang)
            case When():
                return _link(escape(date_words(fact.clock, lang, zone=self.zone)), fact.target)
            case Term():
                return _link(Markup('<b class="term">{}</b>').format(shown_term(fact, lang)), fact.target)
            case tuple():
                return Markup(listed([str(self._show(one, lang)) for one in fact], lang))
            case _:
                return escape(simple(fact, lang))

    def both(self, texts: Mapping[str, Markup]) -> Markup:
        """Both texts, or the one where they are the same."""
        if len(set(texts.values())) == 1:
            return texts["en"]
        return Markup("").join(
            Markup('<span class="{0}" lang="{0}">{1}</span>').format(lang, text)
            for lang, text in texts.items()
        )


def _link(text: Markup, target: str) -> Markup:
    return Markup('<a href="#{}">{}</a>').format(for_attribute(target), text) if target else text


def finished(value: object) -> object:
    """What a template may print: markup of ours as it is, everything else neutralised and escaped."""
    if isinstance(value, Markup):
        return value
    return escape(visible(value)) if isinstance(value, str) else value

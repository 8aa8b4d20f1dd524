"""What a YARA rule says of itself, whatever names its author gave the entries of its meta section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sakimori.findings import Severity

_TECHNIQUE = re.compile(r"\bT\d{4}(?:\.\d{3})?\b")
_NAMES = {
    "title": ("title", "description", "desc", "info"),
    "author": ("author", "authors", "creator"),
    "license": ("license", "licence"),
    "url": ("reference", "references", "url", "link", "ref", "reference1"),
    "severity": ("severity", "level", "threat_level"),
    "score": ("score", "weight"),
    "ja": ("title_ja",),
}
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class YaraRule:
    """A rule's name and file, and of its meta section what a person needs to judge a match."""

    name: str
    namespace: str
    title: str
    author: str
    license: str
    url: str
    severity: str
    techniques: tuple[str, ...]
    title_ja: str = ""


def rule_of(name: str, namespace: str, tags: Iterable[str], meta: Iterable[tuple[str, object]]) -> YaraRule:
    """The rule; where it gives no severity it is medium, or what its score of a hundred says."""
    told = [(key.lower(), str(value)[:_LONGEST]) for key, value in meta]
    found = {column: _first(told, names) for column, names in _NAMES.items()}
    words = " ".join([*tags, *(value for _, value in told)])
    return YaraRule(
        name=name,
        namespace=namespace,
        title=found["title"] or name,
        author=found["author"] or "not stated",
        license=found["license"] or "not stated",
        url=found["url"],
        severity=severity(found),
        techniques=tuple(sorted(set(_TECHNIQUE.findall(words.upper())))),
        title_ja=found["ja"],
    )


def _first(told: Iterable[tuple[str, str]], names: tuple[str, ...]) -> str:
    return next((value.strip() for key, value in told if key in names and value.strip()), "")


def severity(found: Mapping[str, str]) -> str:
    """Sigma's word for what an author wrote: a word, or a score from 0 to 100."""
    word = found["severity"].lower()
    if word.upper() in Severity.__members__:
        return word
    if word == "info":
        return "informational"
    score = found["score"]
    if score.isascii() and score.isdigit():
        return "high" if int(score) >= 80 else "medium" if int(score) >= 60 else "low"
    return "medium"
